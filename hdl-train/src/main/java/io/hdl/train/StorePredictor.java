package io.hdl.train;

import io.hdl.data.feed.BatchPlan;
import io.hdl.data.feed.FeedSettings;
import io.hdl.data.feed.Lease;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.WindowFeed;
import io.hdl.data.series.Windows;
import io.hdl.train.evaluate.WindowPredictor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Forecasts windows of one store; keeps the last answer, as quantiles are asked for separately. Who
 * asks for all windows from the first on, batch by batch, has the next batches gathered meanwhile.
 */
final class StorePredictor implements WindowPredictor {
  private final Forecaster forecaster;
  private final SeriesStore store;
  private final Scaler scaler;
  private final StoreFit fit;
  private @Nullable WindowBatch batch;
  private @Nullable Pass pass;
  private @Nullable Windows lastWindows;
  private @Nullable Windows lastSeen;
  private long lastFrom;
  private int lastCount;
  private float[] last = new float[0];

  StorePredictor(Forecaster forecaster, SeriesStore store, Scaler scaler) {
    this.forecaster = forecaster;
    this.store = store;
    this.scaler = scaler;
    this.fit = StoreFit.of(forecaster.manifest(), store);
  }

  @Override
  public List<Double> quantiles() {
    return forecaster.quantiles();
  }

  @Override
  public void predict(Windows windows, long from, int count, float[] out) {
    float[] values = forecasts(windows, from, count);
    int width = forecaster.width();
    for (int i = 0; i < count * windows.horizon(); i++) {
      out[i] = values[i * width];
    }
  }

  @Override
  public void predictQuantiles(Windows windows, long from, int count, float[] out) {
    if (quantiles().isEmpty()) {
      throw new UnsupportedOperationException("The model was not trained for quantiles.");
    }
    float[] values = forecasts(windows, from, count);
    int horizon = windows.horizon();
    int width = forecaster.width();
    int bands = quantiles().size();
    for (int i = 0; i < count; i++) {
      for (int q = 0; q < bands; q++) {
        for (int step = 0; step < horizon; step++) {
          out[(i * bands + q) * horizon + step] = values[(i * horizon + step) * width + 1 + q];
        }
      }
    }
  }

  private float[] forecasts(Windows windows, long from, int count) {
    if (windows == lastWindows && from == lastFrom && count == lastCount) {
      return last;
    }
    // An evaluation's windows are those of the data; what the model sees lies in the store.
    Windows seen = lastSeen != null && windows == lastWindows ? lastSeen : windows.over(store);
    lastSeen = seen;
    if (from == 0 && count < seen.size()) {
      begin(seen, count);
    }
    Pass current = pass;
    if (current != null && current.isNext(seen, from, count)) {
      try (Lease<WindowBatch> lease = current.feed().next()) {
        last = forecasts(lease.batch());
      }
      if (!current.feed().hasNext()) {
        close();
      }
    } else {
      last = forecasts(gathered(seen, from, count));
    }
    lastWindows = windows;
    lastFrom = from;
    lastCount = count;
    return last;
  }

  private float[] forecasts(WindowBatch windows) {
    fit.translate(windows);
    return forecaster.forecast(windows, scaler);
  }

  /** Windows that are asked for out of turn. */
  private WindowBatch gathered(Windows windows, long from, int count) {
    WindowBatch room = batch;
    if (room == null || room.capacity() < count) {
      room = WindowBatch.allocate(count, windows.context(), windows.horizon(), store);
      batch = room;
    }
    windows.gather(windows.inOrder(), from, count, scaler, room);
    return room;
  }

  private void begin(Windows windows, int batchSize) {
    close();
    BatchPlan plan = BatchPlan.of(windows.size(), batchSize);
    pass =
        new Pass(
            windows,
            plan,
            WindowFeed.open(windows, windows.inOrder(), plan, scaler, FeedSettings.defaults()));
  }

  /** Ends the threads of a pass that was not asked for to its end. */
  @Override
  public void close() {
    Pass current = pass;
    pass = null;
    if (current != null) {
      current.feed().close();
    }
  }

  /** All windows of a part, one batch after another. */
  private record Pass(Windows windows, BatchPlan plan, WindowFeed feed) {
    boolean isNext(Windows asked, long from, int count) {
      return asked == windows
          && from == feed.position() * plan.batchSize()
          && count == plan.count(feed.position());
    }
  }
}
