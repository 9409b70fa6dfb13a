package io.hdl.train.evaluate;

import java.util.Arrays;

/**
 * One form of exponential smoothing, fitted to a history by maximum likelihood: rates, damping and
 * initial states together, by Nelder and Mead's method. Seasons of more than {@link #FREE_SEASON}
 * steps keep the initial indices of a classical decomposition.
 */
final class EtsFit {
  static final int FREE_SEASON = 12;
  private static final double LEAST = 1e-4;
  private static final double MOST = 1 - 1e-4;
  private static final double LEAST_DAMPING = 0.8;
  private static final double MOST_DAMPING = 0.98;
  private static final double GAIN = 0.01;
  private static final int MOST_AGAIN = 7;
  private static final int VALUES_PER_PARAMETER = 150;

  private final double[] values;
  private final EtsForm form;
  private final int cycle;
  private final boolean freeSeason;
  private final double[] indices;

  // Where the parameters lie in the vector that is searched; -1 where a form has none.
  private final int beta;
  private final int gamma;
  private final int phi;
  private final int level;
  private final int slope;
  private final int seasons;
  private final int size;

  private double[] best = new double[0];
  private double deviance = Double.POSITIVE_INFINITY;

  private EtsFit(double[] values, EtsForm form, int cycle) {
    this.values = values;
    this.form = form;
    this.cycle = form.hasSeason() ? cycle : 1;
    this.freeSeason = form.hasSeason() && cycle <= FREE_SEASON;
    int next = 1;
    beta = form.hasTrend() ? next++ : -1;
    gamma = form.hasSeason() ? next++ : -1;
    phi = form.trend() == EtsForm.Trend.DAMPED ? next++ : -1;
    level = next++;
    slope = form.hasTrend() ? next++ : -1;
    seasons = next;
    size = next + (freeSeason ? this.cycle - 1 : 0);
    indices =
        switch (form.season()) {
          case NONE -> new double[] {0};
          case ADDITIVE -> SeasonalAdjustment.additiveIndices(values, cycle);
          case MULTIPLICATIVE -> SeasonalAdjustment.indices(values, cycle);
        };
  }

  /**
   * Fits a form, with a search from a slow rate and one from a fast rate. A form that is impossible
   * at both, such as a multiplicative error about a trend below zero, stays without a fit.
   *
   * @param cycle steps of a season; at least two of them lie in the history if the form has one
   */
  static EtsFit of(double[] values, EtsForm form, int cycle) {
    EtsFit fit = new EtsFit(values, form, cycle);
    if (fit.parameters() < values.length - 1) {
      fit.searchFrom(fit.start(0.2 / cycle));
      fit.searchFrom(fit.start(0.5));
    }
    return fit;
  }

  /** Rates, damping, initial states, and the variance. */
  private int parameters() {
    return seasons + (form.hasSeason() ? cycle - 1 : 0) + 1;
  }

  /** Searches again from the best end so far, while that helps. */
  EtsFit refined() {
    double before = Double.POSITIVE_INFINITY;
    for (int again = 0;
        best.length > 0 && before - deviance > GAIN && again < MOST_AGAIN;
        again++) {
      before = deviance;
      searchFrom(best);
    }
    return this;
  }

  private void searchFrom(double[] start) {
    int most = VALUES_PER_PARAMETER * size;
    double[] found = NelderMead.minimum(this::deviance, start, steps(start), most);
    double value = deviance(found);
    if (value < deviance) {
      best = found;
      deviance = value;
    }
  }

  EtsForm form() {
    return form;
  }

  /** Minus twice the log-likelihood, but for a constant. */
  double deviance() {
    return deviance;
  }

  /** Akaike's criterion, corrected for short histories. */
  double aicc() {
    int k = parameters();
    return deviance + 2.0 * k + 2.0 * k * (k + 1) / (values.length - k - 1);
  }

  double[] forecast(int horizon) {
    State state = new State(best);
    for (double value : values) {
      state.update(value);
    }
    double[] forecast = new double[horizon];
    for (int step = 0; step < horizon; step++) {
      forecast[step] = state.next();
      state.skip();
    }
    return forecast;
  }

  private double deviance(double[] x) {
    State state = new State(x);
    boolean relative = form.error() == EtsForm.Part.MULTIPLICATIVE;
    double squares = 0;
    double logs = 0;
    double product = 1;
    for (double value : values) {
      double expected = state.next();
      double error = value - expected;
      if (relative) {
        if (!(expected > 0)) {
          return Double.POSITIVE_INFINITY;
        }
        error /= expected;
        product *= expected;
        if (product > 1e200 || product < 1e-200) {
          logs += Math.log(product);
          product = 1;
        }
      }
      squares += error * error;
      state.update(value);
    }
    double value = values.length * Math.log(squares) + 2 * (logs + Math.log(product));
    return Double.isNaN(value) ? Double.POSITIVE_INFINITY : value;
  }

  /** What a coordinate of the search stands for: any number, for a value between two bounds. */
  private static double between(double low, double high, double coordinate) {
    return low + (high - low) / (1 + Math.exp(-coordinate));
  }

  private double[] start(double alpha) {
    double[] x = new double[size];
    x[0] = logit(alpha);
    if (beta >= 0) {
      x[beta] = logit(0.1);
    }
    if (gamma >= 0) {
      x[gamma] = logit(0.05);
    }
    if (phi >= 0) {
      x[phi] = logit(0.9);
    }
    int count = Math.min(Math.max(10, 2 * cycle), values.length);
    double meanTime = (count + 1) / 2.0;
    double mean = 0;
    double covariance = 0;
    double variance = 0;
    for (int t = 0; t < count; t++) {
      mean += adjusted(t) / count;
    }
    for (int t = 0; t < count; t++) {
      covariance += (t + 1 - meanTime) * (adjusted(t) - mean);
      variance += (t + 1 - meanTime) * (t + 1 - meanTime);
    }
    x[level] = mean;
    if (slope >= 0) {
      x[slope] = covariance / variance;
      x[level] = mean - x[slope] * meanTime;
    }
    if (freeSeason) {
      System.arraycopy(indices, 0, x, seasons, cycle - 1);
    }
    return x;
  }

  private static double logit(double share) {
    return Math.log(share / (1 - share));
  }

  private double adjusted(int t) {
    double index = indices[t % indices.length];
    return form.season() == EtsForm.Part.MULTIPLICATIVE ? values[t] / index : values[t] - index;
  }

  /** How far the search looks at first along each parameter. */
  private double[] steps(double[] start) {
    double mean = Arrays.stream(values).average().orElse(0);
    double variance = 0;
    for (double value : values) {
      variance += (value - mean) * (value - mean) / values.length;
    }
    double deviation = Math.sqrt(variance);
    double[] steps = new double[size];
    Arrays.fill(steps, form.season() == EtsForm.Part.MULTIPLICATIVE ? 0.02 : 0.1 * deviation);
    Arrays.fill(steps, 0, level, 1);
    steps[level] = 0.2 * deviation;
    if (slope >= 0) {
      steps[slope] = Math.max(Math.abs(start[slope]) / 2, 0.01 * deviation);
    }
    return steps;
  }

  /** Level, slope and season on their way through the history. */
  private final class State {
    private final double alpha;
    private final double betaOfAlpha;
    private final double gammaRate;
    private final double damping;
    private final double[] season;
    private double l;
    private double b;
    private int t;

    State(double[] x) {
      alpha = between(LEAST, MOST, x[0]);
      betaOfAlpha = beta < 0 ? 0 : between(LEAST, alpha, x[beta]) / alpha;
      gammaRate = gamma < 0 ? 0 : between(LEAST, 1 - alpha, x[gamma]);
      damping = phi < 0 ? 1 : between(LEAST_DAMPING, MOST_DAMPING, x[phi]);
      l = x[level];
      b = slope < 0 ? 0 : x[slope];
      season = indices.clone();
      if (freeSeason) {
        double rest = form.season() == EtsForm.Part.MULTIPLICATIVE ? cycle : 0;
        for (int i = 0; i < cycle - 1; i++) {
          season[i] = x[seasons + i];
          rest -= season[i];
        }
        season[cycle - 1] = rest;
      }
    }

    /** The expected value of the next step. */
    double next() {
      double base = l + damping * b;
      return switch (form.season()) {
        case NONE -> base;
        case ADDITIVE -> base + season[t];
        case MULTIPLICATIVE -> base * season[t];
      };
    }

    /** Takes the value of the next step in. */
    void update(double value) {
      double base = l + damping * b;
      double own = season[t];
      double seen =
          switch (form.season()) {
            case NONE -> value;
            case ADDITIVE -> value - own;
            case MULTIPLICATIVE -> value / own;
          };
      if (form.season() == EtsForm.Part.ADDITIVE) {
        season[t] = own + gammaRate * (value - base - own);
      } else if (form.season() == EtsForm.Part.MULTIPLICATIVE) {
        season[t] = own + gammaRate * (value / base - own);
      }
      double before = l;
      l = base + alpha * (seen - base);
      if (slope >= 0) {
        b = damping * b + betaOfAlpha * (l - before - damping * b);
      }
      t = (t + 1) % season.length;
    }

    /** Goes on a step without a value. */
    void skip() {
      l += damping * b;
      b *= damping;
      t = (t + 1) % season.length;
    }
  }
}
