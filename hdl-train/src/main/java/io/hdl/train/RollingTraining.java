package io.hdl.train;

import com.google.errorprone.annotations.CheckReturnValue;
import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.Problems;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.job.Trained;
import io.hdl.core.job.Trainer;
import io.hdl.core.run.RunEnd;
import io.hdl.core.storage.AtomicPublish;
import io.hdl.data.series.SeriesStore;
import io.hdl.train.evaluate.Evaluator;
import io.hdl.train.evaluate.Fold;
import io.hdl.train.evaluate.FoldTrainer.FoldModel;
import io.hdl.train.evaluate.QualityGate;
import io.hdl.train.evaluate.RollingBacktest;
import io.hdl.train.evaluate.RollingResult;
import io.hdl.train.evaluate.WindowPredictor;
import io.hdl.train.parallel.TorchEngine;
import io.hdl.train.report.RollingReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A training that is repeated at several origins, to see how good it is in general: the trainer of
 * a job whose model is the {@link RollingResult}. Made by {@link ForecastTraining#rolling}.
 *
 * <p>Each fold trains in a folder of its own below the run's, {@code folds/1} and so on, with the
 * run's seed, and continues there if the run was interrupted. Its end is told by a notice; the
 * steps of its training are not told as events. At the tracker it is a run below the job's, with
 * the metrics of its epochs and its scores. Immutable and thread-safe.
 */
@CheckReturnValue
public final class RollingTraining implements Trainer<SeriesStore, RollingResult> {
  private final TrainingSettings settings;
  private final RollingBacktest plan;

  RollingTraining(TrainingSettings settings, RollingBacktest plan) {
    this.settings = settings;
    this.plan = plan;
  }

  @Override
  public void check(Problems problems) {
    settings.check(problems);
    problems.require(
        settings.chosenSplit().isEmpty(),
        () -> "split: " + settings.split().settings() + " (expected: none; folds make their own)");
  }

  @Override
  public void checkEnvironment(HybridEnvironment environment, Problems problems) {
    settings.checkEnvironment(environment, problems);
  }

  @Override
  public void prepare(HybridEnvironment environment) {
    TorchEngine.prepare();
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> all = new LinkedHashMap<>(settings.toMap());
    all.keySet().removeIf(name -> name.startsWith("split"));
    all.putAll(plan.settings());
    return all;
  }

  /**
   * Trains and scores fold by fold, on the calling thread; writes {@code backtest.json} and {@code
   * backtest.html} to the run's report.
   *
   * @throws io.hdl.core.error.HdlException as {@link ForecastTraining#train} does, and with {@code
   *     NOT_ENOUGH_DATA} if a fold has no series that is long enough
   */
  @Override
  public Trained<RollingResult> train(SeriesStore data, JobContext context) {
    Problems problems = new Problems();
    check(problems);
    problems.throwIfAny("The rolling backtest");
    RollingResult result =
        plan.season(settings.season())
            .baselines(settings.baselines().toArray(String[]::new))
            .cancelledBy(context.cancellation())
            .listener(fold -> done(fold, context))
            .run(data, settings.context(), settings.horizon(), fold -> train(fold, context));
    Path file = context.directory().report().resolve("backtest.json");
    AtomicPublish.text(file, RollingJson.of(result, data));
    GateDecision gate = settings.gate().judge(result.evaluation());
    List<Artifact> artifacts = new ArrayList<>();
    artifacts.add(new Artifact(Artifact.Kind.OTHER, "report/backtest.json", file));
    if (settings.report() == TrainingSettings.Report.ON) {
      artifacts.add(
          new Artifact(
              Artifact.Kind.REPORT, "report/" + RollingReport.FILE, page(result, gate, context)));
    }
    return new Trained<>(result, result.evaluation(), gate, artifacts);
  }

  private Path page(RollingResult result, GateDecision gate, JobContext context) {
    RollingReport.Data data =
        new RollingReport.Data(
            context.directory().job(),
            settings.model().name()
                + ", context "
                + settings.context()
                + ", horizon "
                + settings.horizon(),
            context.clock().instant(),
            result,
            gate,
            settings());
    return RollingReport.write(context.directory().report(), data);
  }

  private void done(RollingResult.FoldResult fold, JobContext context) {
    context.notice(told(fold));
    TrackedRun run = FoldContext.tracked(context, fold.number());
    String part = fold.evaluation().part() + "_";
    fold.evaluation()
        .model()
        .values()
        .forEach((metric, value) -> run.metric(part + metric, value, 0));
    run.finish(new RunEnd.Finished());
  }

  private String told(RollingResult.FoldResult fold) {
    return String.format(
        Locale.ROOT,
        "Fold %d of %d: WAPE %.4f on %,d windows.",
        fold.number(),
        plan.folds(),
        fold.evaluation().model().value("wape").orElse(Double.NaN),
        fold.evaluation().windows());
  }

  private FoldModel train(Fold fold, JobContext context) {
    TrainingSettings own =
        settings.with(
            draft -> {
              draft.chosenSplit = Optional.of(fold.split());
              draft.report = TrainingSettings.Report.OFF;
              draft.baselines = Evaluator.DEFAULT_BASELINES;
              draft.gate = QualityGate.beats();
            });
    Trained<Forecaster> trained = TrainingRun.of(own, fold.store(), new FoldContext(context, fold));
    Forecaster forecaster = trained.model();
    return new FoldModel() {
      @Override
      public WindowPredictor predictor(SeriesStore store) {
        return forecaster.predictor(store);
      }

      @Override
      public void close() {
        forecaster.close();
      }
    };
  }
}
