package io.hdl.train.evaluate;

import io.hdl.data.series.SeriesStore;
import java.util.Optional;

/** Copies the past of series into a store of its own. */
final class PastStore {
  private PastStore() {}

  /**
   * The series without their last steps.
   *
   * @param back steps left out, counted from each series' last observed target
   * @param kept the most steps to keep of what is before them
   * @param least steps that a series must have then to be kept at all
   * @return empty if no series is kept
   */
  static Optional<SeriesStore> of(SeriesStore store, int back, int kept, int least) {
    int channels = store.channels().size();
    int constants = store.constants().size();
    SeriesStore.Builder builder =
        SeriesStore.builder(store.axis(), store.channels(), store.constants());
    boolean any = false;
    for (int series = 0; series < store.seriesCount(); series++) {
      int end = lastObserved(store, series, store.targetEnd(series) - back);
      int from = Math.max(0, end - kept);
      if (end - from >= least) {
        float[] values = new float[(end - from) * channels];
        for (int i = 0; i < values.length; i++) {
          values[i] = store.value(series, from + i / channels, i % channels);
        }
        float[] own = new float[constants];
        for (int c = 0; c < constants; c++) {
          own[c] = store.constant(series, c);
        }
        builder.add(store.keys().get(series), store.firstStep(series) + from, values, own);
        any = true;
      }
    }
    return any ? Optional.of(builder.build()) : Optional.empty();
  }

  /** One past the last observed target before a step. */
  private static int lastObserved(SeriesStore store, int series, int end) {
    int last = end;
    while (last > 0 && !store.observed(series, last - 1)) {
      last--;
    }
    return Math.max(0, last);
  }
}
