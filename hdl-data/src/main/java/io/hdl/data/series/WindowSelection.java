package io.hdl.data.series;

import io.hdl.core.error.Problems;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which windows of a part are used, and how often each is visited in an epoch. A value.
 *
 * <pre>{@code
 * WindowSelection selection = WindowSelection.all()
 *     .stride(7)
 *     .observedContext(Observed.share(0.5))
 *     .observedHorizon(Observed.steps(1))
 *     .sampling(WindowSampling.weighted(SeriesWeights.byMean()));
 * }</pre>
 *
 * @param stride steps between neighbouring origins of a series, counted back from the last window
 *     that fits the part
 * @param recent how many steps back from the last window's origin origins lie at most
 * @param context how much of a window's context must be observed
 * @param horizon how much of a window's horizon must be observed
 * @param sampling how often windows are visited in an epoch
 */
public record WindowSelection(
    int stride, int recent, Observed context, Observed horizon, WindowSampling sampling) {
  private static final WindowSelection ALL =
      new WindowSelection(
          1, Integer.MAX_VALUE, Observed.steps(0), Observed.steps(0), WindowSampling.once());

  /** Checks the numbers. */
  public WindowSelection {
    if (recent < 1) {
      throw new IllegalArgumentException("recent: " + recent + " (expected: >= 1)");
    }
    if (stride < 1) {
      throw new IllegalArgumentException("stride: " + stride + " (expected: >= 1)");
    }
  }

  /** Every window that fits the part, each once per epoch. */
  public static WindowSelection all() {
    return ALL;
  }

  /** With origins that lie this many steps apart; by default 1. */
  public WindowSelection stride(int steps) {
    return new WindowSelection(steps, recent, context, horizon, sampling);
  }

  /**
   * With windows only whose origin is one of the last {@code steps} of their series' part; by
   * default any. Where the level of series has drifted far, what happened long ago teaches little
   * (Oreshkin et al., "N-BEATS", 2020, train on the last ten or so horizons only).
   */
  public WindowSelection recent(int steps) {
    return new WindowSelection(stride, steps, context, horizon, sampling);
  }

  /** With the last window of each series alone. */
  public WindowSelection last() {
    return recent(1);
  }

  /** With windows only whose context has this much observed target; by default any. */
  public WindowSelection observedContext(Observed least) {
    return new WindowSelection(stride, recent, least, horizon, sampling);
  }

  /** With windows only whose horizon has this much observed target; by default any. */
  public WindowSelection observedHorizon(Observed least) {
    return new WindowSelection(stride, recent, context, least, sampling);
  }

  /** With windows visited as often as this says; by default each once. */
  public WindowSelection sampling(WindowSampling how) {
    return new WindowSelection(stride, recent, context, horizon, how);
  }

  /** Adds every problem that can be found without the data. */
  public void check(int windowContext, int windowHorizon, Problems problems) {
    problems.require(
        context.least() <= windowContext,
        () -> "observed context: " + context.least() + " (expected: <= " + windowContext + ")");
    problems.require(
        horizon.least() <= windowHorizon,
        () -> "observed horizon: " + horizon.least() + " (expected: <= " + windowHorizon + ")");
  }

  /** What identifies the selection, by dotted name. */
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("windows.stride", Integer.toString(stride));
    if (recent != Integer.MAX_VALUE) {
      settings.put("windows.recent", Integer.toString(recent));
    }
    settings.put("windows.observed_context", context.toString());
    settings.put("windows.observed_horizon", horizon.toString());
    settings.put("windows.sampling", sampling.toString());
    return settings;
  }

  /**
   * The least amount of observed target, as a number of steps and a share of the steps; both hold.
   *
   * @param least steps
   * @param leastShare share of the steps, 0 to 1
   */
  public record Observed(int least, double leastShare) {
    /** Checks the numbers. */
    public Observed {
      if (least < 0) {
        throw new IllegalArgumentException("observed steps: " + least + " (expected: >= 0)");
      }
      if (!(leastShare >= 0 && leastShare <= 1)) {
        throw new IllegalArgumentException("observed share: " + leastShare + " (expected: 0 to 1)");
      }
    }

    /** At least this many steps. */
    public static Observed steps(int least) {
      return new Observed(least, 0);
    }

    /** At least this share of the steps, from 0 to 1. */
    public static Observed share(double least) {
      return new Observed(0, least);
    }

    /** How many of so many steps must be observed. */
    int stepsOf(int of) {
      if (least > of) {
        throw new IllegalArgumentException(
            "observed steps: " + least + " (expected: <= " + of + ", all there are)");
      }
      // A share that is meant to be whole, 0.7 of 10, must not be rounded up by its last bit.
      return Math.max(least, (int) Math.ceil(leastShare * of - 1e-9));
    }

    @Override
    public String toString() {
      return leastShare > 0 ? Double.toString(leastShare) : Integer.toString(least);
    }
  }
}
