package io.hdl.train.evaluate;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Optional;

/**
 * Exponential smoothing in state space form, its kind chosen by AICc among those that fit the data:
 * additive or multiplicative error, no, additive or damped trend, no, additive or multiplicative
 * season. A multiplicative season with an additive error is left out, as it is unstable; histories
 * with values that are not positive have neither multiplicative part.
 *
 * <p>A history that is constant or shorter than 8 steps is forecast by simple smoothing; one
 * shorter than two seasons and a step has no season. A season beyond {@link #LONGEST_SEASON} is
 * divided out before, if the test of the M4 benchmarks finds it.
 *
 * @see <a href="https://doi.org/10.1016/S0169-2070(01)00110-8">Hyndman, Koehler, Snyder, Grose: A
 *     state space framework for automatic forecasting, International Journal of Forecasting 18
 *     (2002)</a>
 */
record Ets(int season) implements SeriesMethod {
  static final int LONGEST_SEASON = 24;
  private static final int SHORT = 8;
  private static final int REFINED = 5;

  @Override
  public double[] forecast(double[] history, int horizon) {
    double[] values = History.filled(history, season);
    boolean adjusts = season > LONGEST_SEASON;
    SeasonalAdjustment adjusted = SeasonalAdjustment.of(values, adjusts ? season : 1);
    double[] forecast = chosen(adjusted.values(), adjusts ? 1 : season, horizon);
    boolean floor = History.allAbove(values, -Double.MIN_VALUE);
    for (int step = 0; step < horizon; step++) {
      double value = forecast[step] * adjusted.factor(step);
      forecast[step] = floor ? Math.max(0, value) : value;
    }
    return forecast;
  }

  private static double[] chosen(double[] values, int season, int horizon) {
    if (values.length >= SHORT && !isConstant(values)) {
      Optional<double[]> forecast =
          best(values, season)
              .map(fit -> fit.forecast(horizon))
              .filter(steps -> Arrays.stream(steps).allMatch(Double::isFinite));
      if (forecast.isPresent()) {
        return forecast.get();
      }
    }
    double[] level = new double[horizon];
    Arrays.fill(level, SimpleSmoothing.level(values));
    return level;
  }

  /** The fit with the lowest AICc; empty if none is finite. Only the best few are refined. */
  static Optional<EtsFit> best(double[] values, int season) {
    boolean positive = History.allAbove(values, 0);
    int cycle = values.length > 2 * season ? season : 1;
    return EtsForm.all(positive, cycle > 1).stream()
        .map(form -> EtsFit.of(values, form, cycle))
        .sorted(Comparator.comparingDouble(EtsFit::aicc))
        .limit(REFINED)
        .map(EtsFit::refined)
        .filter(fit -> fit.aicc() < Double.POSITIVE_INFINITY)
        .min(Comparator.comparingDouble(EtsFit::aicc));
  }

  private static boolean isConstant(double[] values) {
    return Arrays.stream(values).allMatch(value -> value == values[0]);
  }
}
