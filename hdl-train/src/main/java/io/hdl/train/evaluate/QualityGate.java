package io.hdl.train.evaluate;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.evaluation.GateDecision.Verdict;
import io.hdl.core.evaluation.Scores;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Decides whether a model is fit for registration: whether its error is below each baseline's.
 * Immutable and thread-safe.
 *
 * <pre>{@code
 * GateDecision decision = QualityGate.beats("seasonal_naive").by(0.02).judge(evaluation);
 * }</pre>
 */
public final class QualityGate {
  private final List<String> baselines;
  private final String metric;
  private final double margin;

  private QualityGate(List<String> baselines, String metric, double margin) {
    this.baselines = baselines;
    this.metric = metric;
    this.margin = margin;
  }

  /**
   * A gate on WAPE.
   *
   * @param baselines names of the baselines to beat; none means all that the evaluation has
   */
  public static QualityGate beats(String... baselines) {
    return new QualityGate(List.of(baselines), "wape", 0);
  }

  /** The same gate on another metric, lower being better. */
  public QualityGate on(String name) {
    return new QualityGate(baselines, name, margin);
  }

  /** The same gate, passed only if the error is lower by a share, such as 0.02 for 2 percent. */
  public QualityGate by(double share) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("by: " + share + " (expected: a share from 0 to below 1)");
    }
    return new QualityGate(baselines, metric, share);
  }

  /** The decision on an evaluation, with one reason per baseline. */
  public GateDecision judge(Evaluation evaluation) {
    List<String> names =
        baselines.isEmpty() ? List.copyOf(evaluation.baselines().keySet()) : baselines;
    if (names.isEmpty()) {
      return GateDecision.notJudged("The evaluation has no baseline to hold the model against.");
    }
    OptionalDouble model = evaluation.model().value(metric);
    if (model.isEmpty()) {
      return GateDecision.notJudged(
          "The model has no "
              + label()
              + " on the "
              + evaluation.part()
              + " part: it holds no label, or the metric is undefined on it.");
    }
    boolean passed = true;
    int judged = 0;
    List<String> reasons = new ArrayList<>();
    for (String name : names) {
      OptionalDouble baseline = value(evaluation.baselines(), name);
      if (baseline.isEmpty()) {
        reasons.add("There is no " + label() + " of the baseline " + name + ".");
        continue;
      }
      judged++;
      boolean lower = model.getAsDouble() < baseline.getAsDouble() * (1 - margin);
      passed &= lower;
      reasons.add(reason(name, model.getAsDouble(), baseline.getAsDouble(), lower));
    }
    if (judged == 0) {
      return new GateDecision(Verdict.NOT_JUDGED, reasons);
    }
    boolean complete = judged == names.size();
    return new GateDecision(passed && complete ? Verdict.PASSED : Verdict.FAILED, reasons);
  }

  private OptionalDouble value(Map<String, Scores> scores, String name) {
    return scores.getOrDefault(name, Scores.NONE).value(metric);
  }

  private String reason(String name, double model, double baseline, boolean lower) {
    if (!Double.isFinite(model)) {
      return "The model's " + label() + " is " + model + ": its forecasts are not finite.";
    }
    String compared =
        String.format(
            Locale.ROOT,
            "%s %.4f %s %.4f of %s",
            label(),
            model,
            lower ? "is below" : "is not below",
            baseline,
            name);
    String share =
        baseline > 0 ? String.format(Locale.ROOT, " (%+.1f %%)", 100 * (model / baseline - 1)) : "";
    String required =
        margin > 0 ? String.format(Locale.ROOT, "; required: %.1f %% lower", 100 * margin) : "";
    return compared + share + required + ".";
  }

  private String label() {
    return metric.toUpperCase(Locale.ROOT);
  }
}
