package io.hdl.data.feature;

import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;

/** The values that features are made of: a store, or a store with something changed. */
interface SeriesData {
  SeriesKey key(int series);

  long firstStep(int series);

  int length(int series);

  int targetEnd(int series);

  /** Reads the first steps of a channel. */
  void read(int series, int channel, int steps, float[] into);

  float constant(int series, int constant);

  /** The values of a store as they are. */
  static SeriesData of(SeriesStore store) {
    return new SeriesData() {
      @Override
      public SeriesKey key(int series) {
        return store.keys().get(series);
      }

      @Override
      public long firstStep(int series) {
        return store.firstStep(series);
      }

      @Override
      public int length(int series) {
        return store.length(series);
      }

      @Override
      public int targetEnd(int series) {
        return store.targetEnd(series);
      }

      @Override
      public void read(int series, int channel, int steps, float[] into) {
        for (int step = 0; step < steps; step++) {
          into[step] = store.value(series, step, channel);
        }
      }

      @Override
      public float constant(int series, int constant) {
        return store.constant(series, constant);
      }
    };
  }
}
