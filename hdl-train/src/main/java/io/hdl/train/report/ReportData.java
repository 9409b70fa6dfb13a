package io.hdl.train.report;

import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.provenance.RunProvenance;
import io.hdl.train.evaluate.Backtest;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a report shows.
 *
 * @param title name of the job
 * @param subtitle what was trained, in a few words
 * @param created when the report was made
 * @param backtest the errors on test and validation
 * @param gate the quality gate's decision
 * @param losses the losses by epoch, in order
 * @param examples the forecasts to plot
 * @param facts further facts by name, such as the best epoch and the training time
 * @param provenance what the run depends on, if it is known
 */
public record ReportData(
    String title,
    String subtitle,
    Instant created,
    Backtest backtest,
    GateDecision gate,
    List<EpochLoss> losses,
    List<ForecastExample> examples,
    Map<String, String> facts,
    Optional<RunProvenance> provenance) {
  /** Copies the collections and keeps their order. */
  public ReportData {
    losses = List.copyOf(losses);
    examples = List.copyOf(examples);
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  /** Data with the required parts; the others are empty until set. */
  public static ReportData of(String title, Instant created, Backtest backtest, GateDecision gate) {
    return new ReportData(
        title, "", created, backtest, gate, List.of(), List.of(), Map.of(), Optional.empty());
  }

  /** The same data with a subtitle. */
  public ReportData subtitle(String text) {
    return new ReportData(
        title, text, created, backtest, gate, losses, examples, facts, provenance);
  }

  /** The same data with the losses of the training. */
  public ReportData losses(List<EpochLoss> byEpoch) {
    return new ReportData(
        title, subtitle, created, backtest, gate, byEpoch, examples, facts, provenance);
  }

  /** The same data with forecasts to plot. */
  public ReportData examples(List<ForecastExample> toPlot) {
    return new ReportData(
        title, subtitle, created, backtest, gate, losses, toPlot, facts, provenance);
  }

  /** The same data with further facts. */
  public ReportData facts(Map<String, String> byName) {
    return new ReportData(
        title, subtitle, created, backtest, gate, losses, examples, byName, provenance);
  }

  /** The same data with the run's provenance. */
  public ReportData provenance(RunProvenance run) {
    return new ReportData(
        title, subtitle, created, backtest, gate, losses, examples, facts, Optional.of(run));
  }
}
