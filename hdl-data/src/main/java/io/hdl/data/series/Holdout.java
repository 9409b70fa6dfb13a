package io.hdl.data.series;

/**
 * Takes the end off a store, so that nobody who is handed the rest can look at it: a model is
 * chosen on a store that ends where the test part begins. Thread-safe.
 */
public final class Holdout {
  private Holdout() {}

  /**
   * A store of its own that holds each series up to where a part of a split begins, and no step
   * from there on, covariates known ahead included. Of the steps that are left out no value is
   * read. A series that begins with the part is left out as a whole.
   *
   * @param store the whole; may be closed afterwards
   * @param part the first part that is held out, such as {@link Part#TEST}
   * @return a store in direct memory, the caller's
   */
  public static SeriesStore before(SeriesStore store, Split split, Part part) {
    int channels = store.channels().size();
    SeriesStore.Builder kept =
        SeriesStore.builder(store.axis(), store.channels(), store.constants());
    for (int s = 0; s < store.seriesCount(); s++) {
      int steps = Math.min(store.length(s), split.bounds(store, s).start(part));
      if (steps == 0) {
        continue;
      }
      float[] values = new float[Math.multiplyExact(steps, channels)];
      for (int i = 0; i < values.length; i++) {
        values[i] = store.value(s, i / channels, i % channels);
      }
      float[] constants = new float[store.constants().size()];
      for (int c = 0; c < constants.length; c++) {
        constants[c] = store.constant(s, c);
      }
      kept.add(store.keys().get(s), store.firstStep(s), values, constants);
    }
    return kept.build();
  }
}
