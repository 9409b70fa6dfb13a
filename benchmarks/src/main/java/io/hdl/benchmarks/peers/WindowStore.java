package io.hdl.benchmarks.peers;

import io.hdl.data.series.Channel;
import io.hdl.data.series.Part;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.TimeAxis;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.WindowOrder;
import io.hdl.data.series.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

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
    List<Channel> named = new ArrayList<>();
    named.add(new Channel("y", Channel.Role.TARGET, Channel.Kind.NUMBER, List.of()));
    for (int c = 1; c < channels; c++) {
      named.add(new Channel("x" + c, Channel.Role.KNOWN, Channel.Kind.NUMBER, List.of()));
    }
    SplittableRandom random = new SplittableRandom(1);
    SeriesStore.Builder builder = SeriesStore.builder(TimeAxis.integers(), named, List.of());
    float[] values = new float[steps * channels];
    for (int s = 0; s < seriesCount; s++) {
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) random.nextDouble();
      }
      builder.add(new SeriesKey(List.of("s" + s)), 0, values, new float[0]);
    }
    SeriesStore store = builder.build();
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
