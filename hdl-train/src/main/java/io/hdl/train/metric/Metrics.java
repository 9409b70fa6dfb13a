package io.hdl.train.metric;

/**
 * The definitions of the accuracy metrics, as pure functions on arrays of equal length.
 *
 * <p>With {@code y} for what was observed, {@code f} for the forecast and sums over the steps at
 * which {@code y} is not NaN:
 *
 * <ul>
 *   <li>WAPE: {@code sum |y - f| / sum |y|}, a fraction
 *   <li>MAE, MSE, RMSE: mean absolute error, mean squared error and its root, in the target's unit
 *   <li>sMAPE: {@code mean 200 |y - f| / (|y| + |f|)}, in percent from 0 to 200 as in the M4
 *       competition; a step with {@code y = f = 0} counts as 0
 *   <li>MASE: MAE divided by the {@linkplain #seasonalScale seasonal scale} of the series' history,
 *       as in the M4 competition
 *   <li>RMSSE: the root of MSE over the {@linkplain #squaredSeasonalScale squared seasonal scale}
 *   <li>OWA: the mean of sMAPE and MASE, each relative to that of Naive2
 *   <li>pinball loss at {@code q}: {@code mean max(q (y - f), (q - 1) (y - f))}
 * </ul>
 *
 * <p>A forecast that is not finite makes every metric that it enters NaN or infinite: it is an
 * error of the model, not a gap in the data.
 *
 * @see <a href="https://doi.org/10.1016/j.ijforecast.2019.04.014">Makridakis, Spiliotis,
 *     Assimakopoulos: The M4 Competition, International Journal of Forecasting 36 (2020)</a>
 */
public final class Metrics {
  private Metrics() {}

  /** The sum of absolute errors over the sum of absolute labels; NaN if that sum is zero. */
  public static double wape(double[] actual, double[] forecast) {
    return errors(actual, forecast).wape();
  }

  /** The mean absolute error; NaN without any label. */
  public static double mae(double[] actual, double[] forecast) {
    return errors(actual, forecast).mae();
  }

  /** The mean squared error; NaN without any label. */
  public static double mse(double[] actual, double[] forecast) {
    return errors(actual, forecast).mse();
  }

  /** The root of the mean squared error; NaN without any label. */
  public static double rmse(double[] actual, double[] forecast) {
    return errors(actual, forecast).rmse();
  }

  /** The symmetric mean absolute percentage error in percent, 0 to 200; NaN without any label. */
  public static double smape(double[] actual, double[] forecast) {
    return errors(actual, forecast).smape();
  }

  /**
   * The mean absolute scaled error; NaN without any label or if the scale is zero or NaN.
   *
   * @param scale the {@link #seasonalScale} of the history before the forecast
   */
  public static double mase(double[] actual, double[] forecast, double scale) {
    return scale > 0 ? errors(actual, forecast).mae() / scale : Double.NaN;
  }

  /**
   * The mean absolute error that a seasonal naive forecast one step ahead makes within a history:
   * {@code mean |y[t] - y[t - season]|} over the pairs of which both are observed. NaN if there is
   * no such pair; zero if the history repeats itself exactly, and such a series has no MASE.
   *
   * @param season steps of a season, 1 for none
   */
  public static double seasonalScale(double[] history, int season) {
    requireSeason(season);
    double sum = 0;
    long pairs = 0;
    for (int t = season; t < history.length; t++) {
      double change = Math.abs(history[t] - history[t - season]);
      if (!Double.isNaN(change)) {
        sum += change;
        pairs++;
      }
    }
    return pairs == 0 ? Double.NaN : sum / pairs;
  }

  /**
   * The root mean squared scaled error; NaN without any label or if the scale is zero or NaN.
   *
   * @param squaredScale the {@link #squaredSeasonalScale} of the history before the forecast
   */
  public static double rmsse(double[] actual, double[] forecast, double squaredScale) {
    return squaredScale > 0 ? Math.sqrt(mse(actual, forecast) / squaredScale) : Double.NaN;
  }

  /**
   * The mean squared error that a seasonal naive forecast one step ahead makes within a history;
   * otherwise like {@link #seasonalScale}. M5 takes a season of 1 and leaves leading zeros out.
   *
   * @param season steps of a season, 1 for none
   */
  public static double squaredSeasonalScale(double[] history, int season) {
    requireSeason(season);
    double sum = 0;
    long pairs = 0;
    for (int t = season; t < history.length; t++) {
      double change = history[t] - history[t - season];
      if (!Double.isNaN(change)) {
        sum += change * change;
        pairs++;
      }
    }
    return pairs == 0 ? Double.NaN : sum / pairs;
  }

  /**
   * The overall weighted average of the M4 competition: the mean of sMAPE and MASE, each relative
   * to that of Naive2.
   *
   * @param smape the mean sMAPE of the forecasts over series
   * @param mase their mean MASE
   * @param smapeOfNaive2 the mean sMAPE of Naive2 on the same series
   * @param maseOfNaive2 its mean MASE
   */
  public static double owa(double smape, double mase, double smapeOfNaive2, double maseOfNaive2) {
    return (smape / smapeOfNaive2 + mase / maseOfNaive2) / 2;
  }

  /**
   * The mean pinball loss of forecasts of a quantile; NaN without any label.
   *
   * @param quantile the quantile, above 0 and below 1
   */
  public static double pinball(double[] actual, double[] forecast, double quantile) {
    requireSameLength(actual, forecast);
    PinballLoss loss = new PinballLoss(quantile);
    for (int t = 0; t < actual.length; t++) {
      loss.add(actual[t], forecast[t]);
    }
    return loss.mean();
  }

  static void requireSeason(int season) {
    if (season < 1) {
      throw new IllegalArgumentException("season: " + season + " (expected: >= 1)");
    }
  }

  private static PointErrors errors(double[] actual, double[] forecast) {
    requireSameLength(actual, forecast);
    PointErrors errors = new PointErrors();
    for (int t = 0; t < actual.length; t++) {
      errors.add(actual[t], forecast[t]);
    }
    return errors;
  }

  static void requireSameLength(double[] actual, double[] forecast) {
    if (actual.length != forecast.length) {
      throw new IllegalArgumentException(
          "forecast: "
              + forecast.length
              + " values (expected: "
              + actual.length
              + ", one per label)");
    }
  }
}
