package io.hdl.train.metric;

import java.util.Arrays;

/**
 * How good probabilistic forecasts are, as pure functions: of quantiles, of intervals, of samples
 * and of Gaussian distributions. Lower is better, but for {@link #coverage}, which should be the
 * interval's own probability. Steps at which the label is NaN count nowhere; without any label a
 * score is NaN.
 *
 * @see <a href="https://doi.org/10.1198/016214506000001437">Gneiting and Raftery: Strictly Proper
 *     Scoring Rules, Prediction, and Estimation, JASA 102 (2007)</a>
 */
public final class ScoringRules {
  private ScoringRules() {}

  /**
   * The share of labels inside an interval, its ends included.
   *
   * @param lower lower end at each step
   * @param upper upper end at each step
   */
  public static double coverage(double[] actual, double[] lower, double[] upper) {
    Metrics.requireSameLength(actual, lower);
    Metrics.requireSameLength(actual, upper);
    long count = 0;
    long inside = 0;
    for (int t = 0; t < actual.length; t++) {
      if (!Double.isNaN(actual[t])) {
        count++;
        if (actual[t] >= lower[t] && actual[t] <= upper[t]) {
          inside++;
        }
      }
    }
    return count == 0 ? Double.NaN : (double) inside / count;
  }

  /**
   * The mean over quantiles of the mean pinball loss.
   *
   * @param quantiles the quantiles, each above 0 and below 1
   * @param forecast {@code [quantile][step]}
   */
  public static double pinball(double[] actual, double[] quantiles, double[][] forecast) {
    requireQuantiles(quantiles, forecast);
    double sum = 0;
    for (int q = 0; q < quantiles.length; q++) {
      sum += Metrics.pinball(actual, forecast[q], quantiles[q]);
    }
    return sum / quantiles.length;
  }

  /**
   * The weighted quantile loss: twice the pinball loss summed over steps, divided by the sum of
   * absolute labels, the mean over quantiles. At the median alone it is WAPE. NaN if the labels'
   * sum is zero.
   *
   * @param quantiles the quantiles, each above 0 and below 1
   * @param forecast {@code [quantile][step]}
   */
  public static double weightedQuantileLoss(
      double[] actual, double[] quantiles, double[][] forecast) {
    double volume = 0;
    long count = 0;
    for (double label : actual) {
      if (!Double.isNaN(label)) {
        volume += Math.abs(label);
        count++;
      }
    }
    double pinball = pinball(actual, quantiles, forecast);
    return volume > 0 ? 2 * pinball * count / volume : Double.NaN;
  }

  /**
   * The continuous ranked probability score from quantiles: twice the mean pinball loss, the
   * rectangle rule over evenly spread quantiles.
   *
   * @param quantiles the quantiles, each above 0 and below 1
   * @param forecast {@code [quantile][step]}
   */
  public static double crps(double[] actual, double[] quantiles, double[][] forecast) {
    return 2 * pinball(actual, quantiles, forecast);
  }

  /**
   * The continuous ranked probability score of the empirical distribution of samples: {@code mean
   * |x - y| - mean |x - x'| / 2}.
   *
   * @param samples {@code [step][sample]}, at least one sample each
   */
  public static double crpsOfSamples(double[] actual, double[][] samples) {
    if (samples.length != actual.length) {
      throw new IllegalArgumentException(
          "samples: " + samples.length + " steps (expected: " + actual.length + ")");
    }
    double sum = 0;
    long count = 0;
    for (int t = 0; t < actual.length; t++) {
      if (!Double.isNaN(actual[t])) {
        sum += crpsOfSamples(actual[t], samples[t]);
        count++;
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  /** With samples in order the mean distance of pairs is a weighted sum of them. */
  private static double crpsOfSamples(double actual, double[] samples) {
    double[] sorted = samples.clone();
    Arrays.sort(sorted);
    int n = sorted.length;
    double distance = 0;
    double pairs = 0;
    for (int i = 0; i < n; i++) {
      distance += Math.abs(sorted[i] - actual);
      pairs += (2.0 * i - n + 1) * sorted[i];
    }
    return distance / n - pairs / ((double) n * n);
  }

  /**
   * The continuous ranked probability score of Gaussian distributions, in closed form.
   *
   * @param mean of the distribution at each step
   * @param deviation its standard deviation, above 0; at 0 the score is the absolute error
   */
  public static double crpsOfGaussian(double[] actual, double[] mean, double[] deviation) {
    Metrics.requireSameLength(actual, mean);
    Metrics.requireSameLength(actual, deviation);
    double sum = 0;
    long count = 0;
    for (int t = 0; t < actual.length; t++) {
      if (!Double.isNaN(actual[t])) {
        sum += crpsOfGaussian(actual[t], mean[t], deviation[t]);
        count++;
      }
    }
    return count == 0 ? Double.NaN : sum / count;
  }

  private static double crpsOfGaussian(double actual, double mean, double deviation) {
    if (deviation == 0) {
      return Math.abs(actual - mean);
    }
    double z = (actual - mean) / deviation;
    double density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    return deviation * (z * (2 * Gaussian.below(z) - 1) + 2 * density - 1 / Math.sqrt(Math.PI));
  }

  private static void requireQuantiles(double[] quantiles, double[][] forecast) {
    if (quantiles.length == 0 || quantiles.length != forecast.length) {
      throw new IllegalArgumentException(
          "forecast: "
              + forecast.length
              + " quantiles (expected: "
              + quantiles.length
              + ", at least one)");
    }
  }
}
