package io.hdl.benchmarks.train;

import io.hdl.data.series.Channel;
import io.hdl.data.series.Part;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.TimeAxis;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Batches of waves with noise, in memory. */
final class StepData implements AutoCloseable {
  static final int BATCHES = 16;
  private static final int SERIES = 64;
  private static final int MORE_STEPS = 64;

  private final SeriesStore store;
  private final Scaler scaler;
  private final List<WindowBatch> batches = new ArrayList<>();

  StepData(StepCase sizes) {
    List<Channel> channels = List.of(Channel.number("y", Channel.Role.TARGET));
    SeriesStore.Builder builder = SeriesStore.builder(TimeAxis.integers(), channels, List.of());
    SplittableRandom random = new SplittableRandom(1);
    for (int s = 0; s < SERIES; s++) {
      float[] values = new float[sizes.context() + 3 * sizes.horizon() + MORE_STEPS];
      double phase = random.nextDouble(12);
      for (int t = 0; t < values.length; t++) {
        double wave = Math.sin(2 * Math.PI * (t + phase) / 12);
        values[t] = (float) (1 + 0.5 * wave + 0.1 * random.nextDouble());
      }
      builder.add(SeriesKey.of("s" + s), 0, values, new float[0]);
    }
    store = builder.build();
    Split split = Split.last(sizes.horizon(), sizes.horizon());
    scaler = Scaler.fit(store, split, Scaling.MEAN);
    Windows windows = Windows.of(store, split, Part.TRAIN, sizes.context(), sizes.horizon());
    for (int b = 0; b < BATCHES; b++) {
      WindowBatch batch =
          WindowBatch.allocate(sizes.batch(), sizes.context(), sizes.horizon(), store);
      windows.gather(windows.order(1, 0), (long) b * sizes.batch(), sizes.batch(), scaler, batch);
      batches.add(batch);
    }
  }

  SeriesStore store() {
    return store;
  }

  Scaler scaler() {
    return scaler;
  }

  WindowBatch batch(long step) {
    return batches.get((int) (step % BATCHES));
  }

  @Override
  public void close() {
    store.close();
  }
}
