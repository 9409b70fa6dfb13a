package io.hdl.samples;

import io.hdl.core.evaluation.Scores;
import io.hdl.data.series.Part;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.Windows;
import io.hdl.samples.BacktestOptions.Report;
import io.hdl.train.evaluate.Baseline;
import io.hdl.train.evaluate.BaselineScores;
import io.hdl.train.evaluate.EnsemblePredictor;
import io.hdl.train.evaluate.EnsemblePredictor.Member;
import io.hdl.train.evaluate.Evaluator;
import io.hdl.train.evaluate.PartErrors;
import io.hdl.train.evaluate.WindowPredictor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Scores candidates and baselines on one part of a store, all on the same windows. */
final class BacktestScores {
  private final BacktestSettings settings;
  private final SeriesStore store;
  private final Evaluator evaluator;
  private final List<TrainedMember> trained;
  private final List<Double> quantiles;
  private final Map<String, Baseline> others = new LinkedHashMap<>();

  BacktestScores(
      BacktestSettings settings, SeriesStore store, Split split, List<TrainedMember> trained) {
    this.settings = settings;
    this.store = store;
    this.trained = trained;
    Evaluator plain =
        Evaluator.of(store, split, settings.history(), settings.common().horizon())
            .season(settings.common().season())
            .baselines(settings.baselines())
            .windows(settings.selection());
    evaluator =
        settings.report() == Report.scaled
            ? plain.scaledBy(Scaler.fit(store, split, Scaling.STANDARD))
            : plain;
    List<List<Double>> levels =
        trained.stream().map(member -> member.forecaster().quantiles()).distinct().toList();
    quantiles = levels.size() == 1 && !levels.get(0).isEmpty() ? levels.get(0) : List.of(0.5);
  }

  /** Number of windows of a part. */
  long windows(Part part) {
    return evaluator.windows(part).size();
  }

  /** Number of series that have windows in a part. */
  long series(Part part) {
    return (long) store.seriesCount() - evaluator.windows(part).tooShort();
  }

  /** The scores of the baselines, by name. */
  Map<String, Scores> baselines(Part part) {
    Map<String, Scores> scores = new LinkedHashMap<>();
    for (String name : settings.baselines()) {
      scores.put(name, scores(part, baseline(name)));
    }
    return withOwa(scores, scores);
  }

  /** The scores of the candidates, by name. */
  Map<String, Scores> candidates(Part part, Map<String, Scores> baselines) {
    Map<String, Scores> scores = new LinkedHashMap<>();
    for (Candidate candidate : settings.candidates()) {
      List<Member> members = members(candidate);
      try (WindowPredictor predictor =
          EnsemblePredictor.of(candidate.combination(), members).fallback(fallback())) {
        scores.put(candidate.name(), scores(part, predictor));
      }
    }
    return withOwa(scores, baselines);
  }

  private static Map<String, Scores> withOwa(
      Map<String, Scores> scores, Map<String, Scores> baselines) {
    Map<String, Scores> all = new LinkedHashMap<>();
    scores.forEach((name, own) -> all.put(name, BaselineScores.withOwa(own, baselines)));
    return all;
  }

  private Scores scores(Part part, WindowPredictor predictor) {
    PartErrors errors = evaluator.errors(part, new Levels(predictor, quantiles));
    return errors.windows() == 0 ? Scores.NONE : errors.scores();
  }

  /** The predictors whose forecasts a candidate's is made of. */
  private List<Member> members(Candidate candidate) {
    List<Member> members = new ArrayList<>();
    List<String> names =
        candidate.members().isEmpty() ? List.of(candidate.name()) : candidate.members();
    for (String name : names) {
      int before = members.size();
      for (TrainedMember member : trained) {
        if (member.candidate().equals(name)) {
          members.add(
              new Member(
                  name + " seed " + member.seed(),
                  member.forecaster().context(),
                  member.forecaster().predictor(store)));
        }
      }
      if (members.size() == before) {
        members.add(new Member(name, 0, baseline(name)));
      }
    }
    return members;
  }

  private List<Member> fallback() {
    return List.of(new Member(settings.fallback(), 0, baseline(settings.fallback())));
  }

  /** A baseline by its name; what it has forecast is kept for others that ask for it. */
  private Baseline baseline(String name) {
    return others.computeIfAbsent(
        name, wanted -> Baseline.named(wanted, store, settings.common().season()));
  }

  /** A predictor with the quantiles of the others; where it has none, its point stands for each. */
  private record Levels(WindowPredictor predictor, List<Double> quantiles)
      implements WindowPredictor {
    @Override
    public void predict(Windows windows, long from, int count, float[] out) {
      predictor.predict(windows, from, count, out);
    }

    @Override
    public void predictQuantiles(Windows windows, long from, int count, float[] out) {
      if (predictor.quantiles().equals(quantiles)) {
        predictor.predictQuantiles(windows, from, count, out);
        return;
      }
      int horizon = windows.horizon();
      float[] points = new float[count * horizon];
      predictor.predict(windows, from, count, points);
      for (int row = 0; row < count * quantiles.size(); row++) {
        System.arraycopy(points, row / quantiles.size() * horizon, out, row * horizon, horizon);
      }
    }
  }
}
