package io.hdl.train;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import io.hdl.core.environment.Compatibility;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.PythonLoader;
import io.hdl.core.job.Trained;
import io.hdl.core.json.Json;
import io.hdl.core.run.RunRecord;
import io.hdl.data.feature.FeaturePipeline;
import io.hdl.data.feature.FittedFeatures;
import io.hdl.data.feature.LeakDetector;
import io.hdl.data.series.Part;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Windows;
import io.hdl.train.checkpoint.TrainingState;
import io.hdl.train.evaluate.Backtest;
import io.hdl.train.evaluate.Evaluator;
import io.hdl.train.evaluate.WindowPredictor;
import io.hdl.train.parallel.EngineFailure;
import io.hdl.train.parallel.Preflight;
import io.hdl.train.parallel.ReplicaGroup;
import io.hdl.train.parallel.TorchEngine;
import io.hdl.train.report.EpochLoss;
import io.hdl.train.report.Examples;
import io.hdl.train.report.ForecastReport;
import io.hdl.train.report.ReportData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** One run of a training: from a store to a forecaster that is scored and saved. */
final class TrainingRun {
  private static final int REPORT_SERIES = 12;

  private final TrainingSettings settings;
  private final SeriesStore data;
  private final SeriesStore store;
  private final Optional<FittedFeatures> fitted;
  private final JobContext context;

  /** Trains on a store with the features of some data, or on the data if there are none. */
  private TrainingRun(
      TrainingSettings settings,
      SeriesStore data,
      SeriesStore store,
      Optional<FittedFeatures> fitted,
      JobContext context) {
    this.settings = settings;
    this.data = data;
    this.store = store;
    this.fitted = fitted;
    this.context = context;
  }

  /** Makes the features that the settings ask for, and trains on them. */
  static Trained<Forecaster> of(TrainingSettings settings, SeriesStore data, JobContext context) {
    TrainingRun raw = new TrainingRun(settings, data, data, Optional.empty(), context);
    FeaturePipeline pipeline = settings.features();
    if (pipeline.isEmpty()) {
      return raw.run();
    }
    new RequiredWindows(settings, data).train();
    int threads = context.environment().hostThreads();
    Runnable cancel = context.cancellation()::throwIfRequested;
    FittedFeatures fitted =
        pipeline.fit(data, settings.split(), settings.horizon(), threads, cancel);
    if (pipeline.hasCustomFeatures()) {
      LeakDetector.of(data, settings.split(), settings.horizon()).check(pipeline, fitted);
    }
    try (SeriesStore featured = fitted.apply(data, threads, cancel)) {
      return new TrainingRun(settings, data, featured, Optional.of(fitted), context).run();
    }
  }

  private Trained<Forecaster> run() {
    try {
      return trained();
    } catch (EngineException e) {
      throw EngineFailure.of("train", e);
    }
  }

  /** What computes, beside the versions that the job has recorded already. */
  private void tagEngine(List<Device> devices) {
    Map<String, String> tags = new LinkedHashMap<>();
    TorchEngine.software().forEach((name, version) -> tags.put("hdl.software." + name, version));
    tags.put("hdl.device", devices.get(0).toString());
    tags.put("hdl.replicas", Integer.toString(devices.size()));
    Compatibility machine = Preflight.check(context.environment());
    Compatibility exchange = Preflight.checkExchange(devices, settings.determinism());
    List<String> unknown = new ArrayList<>();
    for (Compatibility found : List.of(machine, exchange)) {
      found.facts().forEach((name, fact) -> tags.put("hdl.compatibility." + name, fact));
      unknown.addAll(found.unknown());
    }
    context.tracking().tags(tags);
    if (!unknown.isEmpty()) {
      context.notice(
          "Nothing is known of this combination: "
              + String.join("; ", unknown)
              + ". It is recorded with the run.");
    }
  }

  private Trained<Forecaster> trained() {
    RequiredWindows required = new RequiredWindows(settings, store);
    Windows train = required.train();
    List<Device> devices = settings.devices().resolve(context.environment());
    ReplicaGroup.requireFits(
        devices, settings.determinism(), settings.accumulation(), settings.batchSize());
    tagEngine(devices);
    Scaler scaler = Scaler.fit(store, settings.split(), settings.scaling());
    Manifest manifest = manifest(scaler);
    tellWhatIsLeftOut(train);
    TrainingLoop loop =
        new TrainingLoop(
            settings, store, context, scaler, manifest, train, required.of(Part.VALIDATION));
    TrainingLoop.Result result = loop.run(devices);
    Forecaster forecaster = Forecaster.of(manifest, result.bestWeights(), devices.get(0));
    try {
      return scored(forecaster, scaler, result);
    } catch (RuntimeException e) {
      forecaster.close();
      throw e;
    }
  }

  private void tellWhatIsLeftOut(Windows train) {
    if (train.tooShort() > 0) {
      context.notice(
          train.tooShort()
              + " of "
              + store.seriesCount()
              + " series are left out of the training: their training part is shorter than context"
              + " and horizon, "
              + (settings.context() + settings.horizon())
              + (train.tooSparse() > 0 ? " steps, or too sparse." : " steps."));
    }
    boolean hasCovariates = store.channels().size() > 1 || !store.constants().isEmpty();
    if (hasCovariates && !settings.model().seesCovariates()) {
      context.notice(
          "The model "
              + settings.model().name()
              + " sees the target alone; covariates and constants are left unused.");
    }
  }

  private Manifest manifest(Scaler scaler) {
    return new Manifest(
        settings.model(),
        settings.context(),
        settings.horizon(),
        settings.loss(),
        store.channels(),
        store.constants(),
        scaler.toJson(),
        settings.toMap(),
        dataProvenance(),
        Optional.of(TableColumns.of(data, context.record().provenance().data())),
        fitted);
  }

  /** What the run's record says of the data. */
  private Map<String, Object> dataProvenance() {
    RunRecord record = context.record();
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("job", record.job());
    facts.put("run", record.runId());
    facts.put("seed", record.provenance().seed());
    record
        .provenance()
        .data()
        .ifPresent(
            data -> facts.put("data", Json.readObject(Json.write(data), "the data's provenance")));
    return facts;
  }

  private Trained<Forecaster> scored(
      Forecaster forecaster, Scaler scaler, TrainingLoop.Result result) {
    Evaluator evaluator =
        Evaluator.of(store, settings.split(), settings.context(), settings.horizon())
            .season(settings.season())
            .baselines(settings.baselines())
            .cancelledBy(context.cancellation());
    if (evaluator.windows(Part.TEST).size() == 0) {
      context.warning(
          "There is nothing to score: no series has a window in the test part. Choose a split whose"
              + " test part has at least "
              + settings.horizon()
              + " steps.");
    }
    try (WindowPredictor predictor = forecaster.predictorOfFeatures(store, scaler)) {
      return scored(evaluator, predictor, forecaster, result);
    }
  }

  private Trained<Forecaster> scored(
      Evaluator evaluator,
      WindowPredictor predictor,
      Forecaster forecaster,
      TrainingLoop.Result result) {
    Backtest backtest = evaluator.backtest(predictor);
    GateDecision gate = settings.gate().judge(backtest);
    List<Artifact> artifacts = new ArrayList<>();
    Path model = context.directory().model();
    forecaster.save(model);
    artifacts.add(new Artifact(Artifact.Kind.MODEL, "model", model));
    if (settings.report() == TrainingSettings.Report.ON) {
      Path file = report(evaluator, predictor, backtest, gate, result, forecaster);
      artifacts.add(new Artifact(Artifact.Kind.REPORT, "report/" + file.getFileName(), file));
      Path plots = file.resolveSibling(ForecastReport.PLOTS);
      artifacts.add(new Artifact(Artifact.Kind.REPORT, "report/" + ForecastReport.PLOTS, plots));
    }
    return new Trained<>(
        forecaster, backtest.evaluation(), gate, artifacts, loader(forecaster.manifest()));
  }

  private Optional<PythonLoader> loader(Manifest manifest) {
    Optional<String> refusal = PythonTable.refusal(manifest);
    if (refusal.isPresent()) {
      context.notice("Python cannot load this model: " + refusal.get() + ".");
      return Optional.empty();
    }
    return Optional.of(
        PythonTable.loader(
            List.of(manifest),
            manifest.loss().quantiles(),
            context.directory().root().resolve("python"),
            PythonExample.of(manifest, store)));
  }

  private Path report(
      Evaluator evaluator,
      WindowPredictor predictor,
      Backtest backtest,
      GateDecision gate,
      TrainingLoop.Result result,
      Forecaster forecaster) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("best epoch", result.bestEpoch() + " of " + result.epochs().size());
    facts.put("weights", String.format(Locale.ROOT, "%,d", forecaster.weightCount()));
    facts.put("weights SHA-256", forecaster.weightsSha256());
    facts.putAll(result.stepTimes());
    ReportData data =
        ReportData.of(context.directory().job(), context.clock().instant(), backtest, gate)
            .subtitle(
                settings.model().name()
                    + ", context "
                    + settings.context()
                    + ", horizon "
                    + settings.horizon())
            .losses(result.epochs().stream().map(TrainingRun::loss).toList())
            .examples(
                Examples.choose(
                    store,
                    evaluator.windows(Part.TEST),
                    backtest.test(),
                    predictor,
                    2 * settings.context(),
                    REPORT_SERIES))
            .facts(facts)
            .provenance(context.record().provenance());
    Path folder = context.directory().report();
    var unused = ForecastReport.writePlots(folder, data);
    return ForecastReport.write(folder, data);
  }

  private static EpochLoss loss(TrainingState.Epoch epoch) {
    return new EpochLoss(epoch.epoch(), epoch.trainLoss(), epoch.validationLoss());
  }
}
