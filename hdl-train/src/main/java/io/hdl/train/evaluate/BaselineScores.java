package io.hdl.train.evaluate;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.Scores;
import io.hdl.data.series.Part;
import io.hdl.train.metric.Metrics;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Puts scores of a model and of baselines side by side. */
public final class BaselineScores {
  private BaselineScores() {}

  /** The scores of errors on the test part, without any on validation. */
  static Evaluation evaluation(PartErrors test, Map<String, PartErrors> baselines) {
    Map<String, Scores> scores = of(baselines);
    return new Evaluation(
        Part.TEST.name().toLowerCase(Locale.ROOT),
        withOwa(test.scores(), scores),
        Scores.NONE,
        scores,
        test.seriesScored(),
        test.windows());
  }

  /** The baselines' scores, with their {@code owa} if Naive2 is among them. */
  static Map<String, Scores> of(Map<String, PartErrors> errors) {
    Map<String, Scores> plain = new LinkedHashMap<>();
    errors.forEach((name, one) -> plain.put(name, one.scores()));
    Map<String, Scores> scores = new LinkedHashMap<>();
    plain.forEach((name, one) -> scores.put(name, withOwa(one, plain)));
    return scores;
  }

  /** The scores with {@code owa}, if the baselines hold what it is relative to. */
  public static Scores withOwa(Scores scores, Map<String, Scores> baselines) {
    Scores naive2 = baselines.getOrDefault(Baseline.NAIVE2, Scores.NONE);
    double owa =
        Metrics.owa(
            scores.value("smape").orElse(Double.NaN),
            scores.value("mase").orElse(Double.NaN),
            naive2.value("smape").orElse(Double.NaN),
            naive2.value("mase").orElse(Double.NaN));
    if (!Double.isFinite(owa)) {
      return scores;
    }
    Map<String, Double> values = new LinkedHashMap<>(scores.values());
    values.put("owa", owa);
    return new Scores(values);
  }
}
