package io.hdl.train;

import io.hdl.data.series.Scaler;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.WindowOrder;
import io.hdl.data.series.Windows;
import io.hdl.train.evaluate.WindowPredictor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Forecasts windows of one store; keeps the last answer, as quantiles are asked for separately. */
final class StorePredictor implements WindowPredictor {
  private final Forecaster forecaster;
  private final SeriesStore store;
  private final Scaler scaler;
  private final StoreFit fit;
  private @Nullable WindowBatch batch;
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
    int outputs = forecaster.manifest().loss().outputs();
    int point = forecaster.manifest().loss().pointOutput();
    for (int i = 0; i < count * windows.horizon(); i++) {
      out[i] = values[i * outputs + point];
    }
  }

  @Override
  public void predictQuantiles(Windows windows, long from, int count, float[] out) {
    if (quantiles().isEmpty()) {
      throw new UnsupportedOperationException("The model was not trained for quantiles.");
    }
    float[] values = forecasts(windows, from, count);
    int horizon = windows.horizon();
    int outputs = quantiles().size();
    for (int i = 0; i < count; i++) {
      for (int q = 0; q < outputs; q++) {
        for (int step = 0; step < horizon; step++) {
          out[(i * outputs + q) * horizon + step] = values[(i * horizon + step) * outputs + q];
        }
      }
    }
  }

  private float[] forecasts(Windows windows, long from, int count) {
    if (windows == lastWindows && from == lastFrom && count == lastCount) {
      return last;
    }
    WindowBatch room = batch;
    if (room == null || room.capacity() < count) {
      room = WindowBatch.allocate(count, windows.context(), windows.horizon(), store);
      batch = room;
    }
    // An evaluation's windows are those of the data; what the model sees lies in the store.
    Windows seen = lastSeen != null && windows == lastWindows ? lastSeen : windows.over(store);
    lastSeen = seen;
    seen.gather(WindowOrder.sequential(seen.size()), from, count, scaler, room);
    fit.translate(room);
    last = forecaster.forecast(room, scaler);
    lastWindows = windows;
    lastFrom = from;
    lastCount = count;
    return last;
  }
}
