package io.hdl.train;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.json.Json;
import io.hdl.data.series.SeriesStore;
import io.hdl.train.evaluate.PartErrors;
import io.hdl.train.evaluate.RollingResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes a rolling backtest as JSON: over all, by fold, by step of the horizon, by series. */
final class RollingJson {
  private RollingJson() {}

  static String of(RollingResult result, SeriesStore store) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put("overall", evaluation(result.evaluation()));
    List<Object> folds = new ArrayList<>();
    for (RollingResult.FoldResult fold : result.folds()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("fold", fold.number());
      one.putAll(evaluation(fold.evaluation()));
      folds.add(one);
    }
    all.put("folds", folds);
    List<Object> steps = new ArrayList<>();
    for (int step = 0; step < result.errors().horizon(); step++) {
      steps.add(summary(result.errors().atStep(step)));
    }
    all.put("steps", steps);
    Map<String, Object> series = new LinkedHashMap<>();
    for (int s = 0; s < store.seriesCount(); s++) {
      PartErrors.Summary own = result.errors().ofSeries(s);
      if (own.count() > 0) {
        series.put(store.keys().get(s).toString(), summary(own));
      }
    }
    all.put("series", series);
    return Json.writePretty(all);
  }

  private static Map<String, Object> evaluation(Evaluation evaluation) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("series", evaluation.series());
    map.put("windows", evaluation.windows());
    map.put("model", finite(evaluation.model()));
    Map<String, Object> baselines = new LinkedHashMap<>();
    evaluation.baselines().forEach((name, scores) -> baselines.put(name, finite(scores)));
    map.put("baselines", baselines);
    return map;
  }

  private static Map<String, Object> summary(PartErrors.Summary summary) {
    Map<String, Double> values = new LinkedHashMap<>();
    values.put("wape", summary.wape());
    values.put("mae", summary.mae());
    values.put("rmse", summary.rmse());
    values.put("bias", summary.bias());
    Map<String, Object> map = finite(new Scores(values));
    map.put("labels", summary.count());
    return map;
  }

  /** JSON has no word for what is not finite. */
  private static Map<String, Object> finite(Scores scores) {
    Map<String, Object> map = new LinkedHashMap<>();
    scores
        .values()
        .forEach((name, value) -> map.put(name, Double.isFinite(value) ? value : value.toString()));
    return map;
  }
}
