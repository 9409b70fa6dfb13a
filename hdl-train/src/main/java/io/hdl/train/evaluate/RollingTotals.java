package io.hdl.train.evaluate;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.data.series.SeriesStore;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Adds the folds of a rolling backtest up. */
final class RollingTotals {
  private final SeriesStore store;
  private final int horizon;
  private final List<RollingResult.FoldResult> folds = new ArrayList<>();
  private final Map<String, PartErrors> baselines = new LinkedHashMap<>();
  private @Nullable PartErrors model;

  RollingTotals(SeriesStore store, int horizon) {
    this.store = store;
    this.horizon = horizon;
  }

  RollingResult.FoldResult add(Fold fold, PartErrors errors, Map<String, PartErrors> beside) {
    model = sum(model, fold, errors);
    beside.forEach((name, one) -> baselines.put(name, sum(baselines.get(name), fold, one)));
    RollingResult.FoldResult result =
        new RollingResult.FoldResult(fold.number(), BaselineScores.evaluation(errors, beside));
    folds.add(result);
    return result;
  }

  private PartErrors sum(@Nullable PartErrors sum, Fold fold, PartErrors errors) {
    List<Double> quantiles =
        errors.quantiles().stream().map(PartErrors.QuantileSummary::quantile).toList();
    PartErrors all = sum == null ? new PartErrors(horizon, store.seriesCount(), quantiles) : sum;
    all.add(errors, series -> store.find(fold.store().keys().get(series)).orElseThrow());
    return all;
  }

  RollingResult result() {
    PartErrors all = model == null ? new PartErrors(horizon, 0, List.of()) : model;
    Evaluation evaluation = BaselineScores.evaluation(all, baselines);
    return new RollingResult(folds, evaluation, all, baselines);
  }
}
