package io.hdl.train.evaluate;

import io.hdl.core.evaluation.Evaluation;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A model's errors on the parts that it was not trained on, beside the baselines' on the same
 * windows.
 *
 * @param evaluation the scores, as a job reports them
 * @param test the model's errors on the test part
 * @param validation the model's errors on the validation part
 * @param baselines the baselines' errors on the test part, by name
 */
public record Backtest(
    Evaluation evaluation,
    PartErrors test,
    PartErrors validation,
    Map<String, PartErrors> baselines) {
  /** Copies the baselines and keeps their order. */
  public Backtest {
    baselines = Collections.unmodifiableMap(new LinkedHashMap<>(baselines));
  }
}
