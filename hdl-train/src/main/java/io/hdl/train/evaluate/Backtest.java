package io.hdl.train.evaluate;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.Scores;
import io.hdl.data.series.Part;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A model's errors on the parts that it was not trained on, beside the baselines' on the same
 * windows.
 *
 * @param evaluation the scores, as a job reports them
 * @param test the model's errors on the test part
 * @param validation the model's errors on the validation part
 * @param baselines the baselines' errors on the test part, by name
 * @param validationBaselines the baselines' errors on the validation part, by name
 */
public record Backtest(
    Evaluation evaluation,
    PartErrors test,
    PartErrors validation,
    Map<String, PartErrors> baselines,
    Map<String, PartErrors> validationBaselines) {
  /** Copies the baselines and keeps their order. */
  public Backtest {
    baselines = Collections.unmodifiableMap(new LinkedHashMap<>(baselines));
    validationBaselines = Collections.unmodifiableMap(new LinkedHashMap<>(validationBaselines));
  }

  /**
   * The evaluation on the validation part, for choosing without a look at the test part: the
   * model's and the baselines' scores there.
   */
  public Evaluation onValidation() {
    Map<String, Scores> scores = BaselineScores.of(validationBaselines);
    return new Evaluation(
        Part.VALIDATION.name().toLowerCase(Locale.ROOT),
        BaselineScores.withOwa(validation.scores(), scores),
        Scores.NONE,
        scores,
        validation.seriesScored(),
        validation.windows());
  }
}
