package io.hdl.benchmarks.train;

import io.hdl.train.model.Centering;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.NBeats;
import io.hdl.train.model.NHits;
import io.hdl.train.model.WindowShape;

/**
 * A model and the sizes of its windows; torch_models.py has the same.
 *
 * @param model the model
 * @param context steps that it sees
 * @param horizon steps that it forecasts
 * @param batch windows per step
 */
record StepCase(ForecastModel model, int context, int horizon, int batch) {
  /** The case of a name. */
  static StepCase of(String name) {
    return switch (name) {
      case "dlinear" -> new StepCase(DLinear.defaults().centering(Centering.NONE), 336, 96, 32);
      case "nbeats" -> new StepCase(nBeats(), 104, 8, 64);
      case "nhits" -> new StepCase(NHits.defaults(), 104, 8, 64);
      case "gru" -> new StepCase(new GruForecaster(64), 84, 28, 32);
      default -> throw new IllegalArgumentException("no case " + name);
    };
  }

  private static NBeats nBeats() {
    return NBeats.defaults().stacks(NBeats.Stack.generic(6, 4, 256)).centering(Centering.NONE);
  }

  WindowShape window() {
    return new WindowShape(context, horizon, 0, 0, 0, 1);
  }
}
