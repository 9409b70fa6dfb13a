package io.hdl.benchmarks.peers;

import io.hdl.benchmarks.RandomStore;
import io.hdl.data.series.Part;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.WindowOrder;
import io.hdl.data.series.Windows;

/** Shuffled windows out of a dense store of random numbers. Belongs to one thread. */
final class WindowStore {
  private static final int HORIZON = 28;

  private final int batchSize;
  private final Windows windows;
  private final Scaler scaler;
  private final WindowBatch batch;
  private final WindowOrder order;
  private long position;

  WindowStore(int seriesCount, int steps, int channels, int window, int batchSize) {
    this.batchSize = batchSize;
    SeriesStore store = RandomStore.of(seriesCount, steps, channels);
    int context = window - HORIZON;
    Split split = Split.last(HORIZON, HORIZON);
    this.windows = Windows.of(store, split, Part.TRAIN, context, HORIZON);
    this.scaler = Scaler.fit(store, split, Scaling.STANDARD);
    this.batch = WindowBatch.allocate(batchSize, context, HORIZON, store);
    this.order = windows.order(1, 0);
  }

  /** Gathers so many batches, with location and scale of each window. */
  void gather(int batches) {
    for (int i = 0; i < batches; i++) {
      windows.gather(order, position, batchSize, scaler, batch);
      position = position + 2L * batchSize > windows.size() ? 0 : position + batchSize;
    }
  }
}
