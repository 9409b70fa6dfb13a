package io.hdl.data.series;

/**
 * How often the windows of a part are visited in an epoch. Every epoch has as many visits as there
 * are windows, in a shuffled order that depends on seed and epoch alone. Values.
 */
public sealed interface WindowSampling {
  /** Each window once: a permutation, without replacement. */
  static WindowSampling once() {
    return new Once();
  }

  /**
   * Each series as often as its weight says, and the windows of a series equally often.
   *
   * <p>Visits are spread over the windows by systematic sampling with a random start (Madow, "On
   * the theory of systematic sampling", 1949): a window that is due x visits gets x rounded down or
   * up, in the mean over epochs exactly x. So one that is due more than one visit comes more than
   * once in an epoch (as with replacement), one that is due at most one comes at most once (as
   * without), and with weights by the number of windows each comes once. Takes 8 bytes per series.
   */
  static WindowSampling weighted(SeriesWeights weights) {
    return new Weighted(weights);
  }

  /**
   * Series drawn with replacement, each with all its windows, until there are as many visits as
   * windows; of the last series drawn only as many windows are visited as still fit. Each epoch
   * draws anew. Takes about 28 bytes per draw.
   */
  static WindowSampling bootstrapBySeries() {
    return new SeriesBootstrap();
  }

  /** See {@link WindowSampling#once}. */
  record Once() implements WindowSampling {
    @Override
    public String toString() {
      return "once";
    }
  }

  /** See {@link WindowSampling#weighted}. */
  record Weighted(SeriesWeights weights) implements WindowSampling {
    @Override
    public String toString() {
      return "weighted " + weights;
    }
  }

  /** See {@link WindowSampling#bootstrapBySeries}. */
  record SeriesBootstrap() implements WindowSampling {
    @Override
    public String toString() {
      return "bootstrap by series";
    }
  }
}
