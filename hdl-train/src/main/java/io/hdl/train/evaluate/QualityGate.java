package io.hdl.train.evaluate;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.evaluation.GateDecision.Verdict;
import io.hdl.core.evaluation.Scores;
import io.hdl.data.series.Part;
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
  private final Part part;
  private final long minimumSeries;
  private final long minimumWindows;

  private QualityGate(
      List<String> baselines,
      String metric,
      double margin,
      Part part,
      long minimumSeries,
      long minimumWindows) {
    this.baselines = baselines;
    this.metric = metric;
    this.margin = margin;
    this.part = part;
    this.minimumSeries = minimumSeries;
    this.minimumWindows = minimumWindows;
  }

  /**
   * A gate on WAPE on the test part.
   *
   * @param baselines names of the baselines to beat; none means all that the evaluation has
   */
  public static QualityGate beats(String... baselines) {
    return new QualityGate(List.of(baselines), "wape", 0, Part.TEST, 1, 1);
  }

  /** The same gate on another metric, lower being better. */
  public QualityGate on(String name) {
    return new QualityGate(baselines, name, margin, part, minimumSeries, minimumWindows);
  }

  /** The same gate, passed only if the error is lower by a share, such as 0.02 for 2 percent. */
  public QualityGate by(double share) {
    if (!(share >= 0 && share < 1)) {
      throw new IllegalArgumentException("by: " + share + " (expected: a share from 0 to below 1)");
    }
    return new QualityGate(baselines, metric, share, part, minimumSeries, minimumWindows);
  }

  /**
   * The same gate on the validation part, so that candidates can be judged, and one of them chosen,
   * without a look at the test part. The validation part has chosen the best epoch of each already,
   * which flatters them a little.
   */
  public QualityGate onValidation() {
    return new QualityGate(
        baselines, metric, margin, Part.VALIDATION, minimumSeries, minimumWindows);
  }

  /** The same gate, which does not judge on fewer series; default 1. */
  public QualityGate minimumSeries(long count) {
    requirePositive("minimumSeries", count);
    return new QualityGate(baselines, metric, margin, part, count, minimumWindows);
  }

  /** The same gate, which does not judge on fewer windows; default 1. */
  public QualityGate minimumWindows(long count) {
    requirePositive("minimumWindows", count);
    return new QualityGate(baselines, metric, margin, part, minimumSeries, count);
  }

  private static void requirePositive(String name, long value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
    }
  }

  /** The names of the baselines to beat; empty for all that the evaluation has. */
  public List<String> baselines() {
    return baselines;
  }

  /** The decision on a model's errors, on the part that the gate looks at. */
  public GateDecision judge(Backtest backtest) {
    return judge(part == Part.VALIDATION ? backtest.onValidation() : backtest.evaluation());
  }

  /** The decision on an evaluation, whatever its part, with one reason per baseline. */
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
    if (evaluation.series() < minimumSeries || evaluation.windows() < minimumWindows) {
      return GateDecision.notJudged(tooLittle(evaluation));
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

  private String tooLittle(Evaluation evaluation) {
    return String.format(
        Locale.ROOT,
        "The %s part holds %,d windows of %,d series; the gate asks for at least %,d windows of"
            + " %,d series.",
        evaluation.part(),
        evaluation.windows(),
        evaluation.series(),
        minimumWindows,
        minimumSeries);
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
