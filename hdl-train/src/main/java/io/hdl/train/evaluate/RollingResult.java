package io.hdl.train.evaluate;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.Scores;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a rolling-origin backtest found.
 *
 * @param folds each fold, in the order of time
 * @param evaluation the scores over the windows of all folds, the baselines' beside; a {@link
 *     QualityGate} judges it
 * @param errors the model's errors over all folds, by step of the horizon and by series, numbered
 *     as in the whole store
 * @param baselines the baselines' errors over all folds, by name
 */
public record RollingResult(
    List<FoldResult> folds,
    Evaluation evaluation,
    PartErrors errors,
    Map<String, PartErrors> baselines) {
  /** Copies folds and baselines and keeps their order. */
  public RollingResult {
    folds = List.copyOf(folds);
    baselines = Collections.unmodifiableMap(new LinkedHashMap<>(baselines));
  }

  /** The mean of a metric over folds and its standard deviation; NaN where a fold has none. */
  public Spread spread(String metric) {
    double mean = 0;
    double squares = 0;
    for (FoldResult fold : folds) {
      double value = fold.evaluation().model().value(metric).orElse(Double.NaN);
      mean += value / folds.size();
      squares += value * value / folds.size();
    }
    return new Spread(mean, Math.sqrt(Math.max(0, squares - mean * mean)));
  }

  /** A table for people: one row per fold, then those of the evaluation over all. */
  @Override
  public String toString() {
    StringBuilder table = new StringBuilder();
    for (FoldResult fold : folds) {
      Scores model = fold.evaluation().model();
      table.append(
          String.format(
              Locale.ROOT,
              "fold %d: WAPE %.4f, MASE %.4f, %,d windows%n",
              fold.number(),
              model.value("wape").orElse(Double.NaN),
              model.value("mase").orElse(Double.NaN),
              fold.evaluation().windows()));
    }
    return table.append(evaluation).toString();
  }

  /**
   * One fold.
   *
   * @param number of the fold, from 1
   * @param evaluation its scores, the baselines' beside
   */
  public record FoldResult(int number, Evaluation evaluation) {}

  /**
   * How a metric differs between folds.
   *
   * @param mean over folds
   * @param deviation standard deviation over folds
   */
  public record Spread(double mean, double deviation) {}
}
