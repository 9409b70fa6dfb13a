package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import ai.djl.ndarray.NDManager;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.error.Problems;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.event.JobEvent;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.Trained;
import io.hdl.core.json.Json;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.SeriesWeights;
import io.hdl.data.series.Split;
import io.hdl.data.series.WindowSampling;
import io.hdl.data.series.WindowSelection;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.NHits;
import io.hdl.train.optim.Adam;
import io.hdl.train.optim.AdamW;
import io.hdl.train.parallel.Devices;
import io.hdl.train.parallel.TorchEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ForecastTrainingTest {
  private static final int CONTEXT = 24;
  private static final int HORIZON = 6;

  @TempDir Path home;

  private static ForecastModel model(String name) {
    return name.equals("nhits") ? NHits.defaults().hidden(32) : DLinear.defaults().kernel(5);
  }

  private static ForecastTraining training(ForecastModel model) {
    return ForecastTraining.of(model)
        .context(CONTEXT)
        .horizon(HORIZON)
        .split(Split.last(HORIZON, HORIZON))
        .season(SampleSeries.SEASON)
        .devices(Devices.cpu())
        .globalBatchSize(64)
        .epochs(4)
        .optimizer(Adam.learningRate(3e-3));
  }

  private TestJobContext context(String run) {
    return TestJobContext.in(home, "demand", run);
  }

  private static List<JobEvent.EpochFinished> epochs(TestJobContext context) {
    return context.events().of(JobEvent.EpochFinished.class);
  }

  private String weights(ForecastTraining training, SeriesStore store, JobContext context) {
    try (Forecaster forecaster = training.train(store, context).model()) {
      return forecaster.weightsSha256();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nhits", "dlinear"})
  void learnsWhatCanBeLearned(String name) {
    try (SeriesStore store = SampleSeries.store(30)) {
      TestJobContext context = context("run");
      Trained<Forecaster> trained =
          training(model(name)).optimizer(Adam.learningRate(1e-2)).train(store, context);
      try (Forecaster forecaster = trained.model()) {
        List<JobEvent.EpochFinished> epochs = epochs(context);
        assertThat(epochs).hasSize(4);
        double first = metric(epochs, 0, "train_loss");
        double last = metric(epochs, 3, "train_loss");
        assertThat(last).isLessThan(0.8 * first);
        assertThat(epochs.get(3).metrics()).containsKeys("validation_loss", "learning_rate");
        double wape = trained.evaluation().model().value("wape").orElseThrow();
        double naive =
            Objects.requireNonNull(trained.evaluation().baselines().get("seasonal_naive"))
                .value("wape")
                .orElseThrow();
        assertThat(wape).isLessThan(naive);
        assertThat(trained.gate().verdict()).isEqualTo(GateDecision.Verdict.PASSED);
        assertThat(forecaster.context()).isEqualTo(CONTEXT);
        String untrained =
            weights(
                training(model(name)).optimizer(Adam.learningRate(1e-30)), store, context("no"));
        assertThat(forecaster.weightsSha256()).isNotEqualTo(untrained);
      }
    }
  }

  @Test
  void usesWhatIsKnownAhead() {
    try (SeriesStore store = SampleSeries.store(30)) {
      double seeing = wape(training(model("nhits")).epochs(10), store, "seeing");
      double blind = wape(training(model("dlinear")).epochs(10), store, "blind");
      assertThat(seeing).isLessThan(0.5 * blind);
    }
  }

  private double wape(ForecastTraining training, SeriesStore store, String run) {
    Trained<Forecaster> trained = training.train(store, context(run));
    trained.model().close();
    return trained.evaluation().model().value("wape").orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nhits", "dlinear"})
  void givesTheSameBitsForTheSameSeedAndOthersForAnother(String name) {
    try (SeriesStore store = SampleSeries.store(12, 0, 7)) {
      ForecastTraining training = training(model(name)).epochs(2);
      String first = weights(training, store, context("first"));
      assertThat(weights(training, store, context("second"))).isEqualTo(first);
      assertThat(weights(training, store, context("third").withSeed(5))).isNotEqualTo(first);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3})
  void goesOnAfterAnInterruptionWithTheBitsOfAnUninterruptedRun(int epochsBefore) {
    try (SeriesStore store = SampleSeries.store(12)) {
      ForecastTraining training =
          training(model("nhits")).epochs(5).optimizer(AdamW.learningRate(1e-2)).patience(2);
      TestJobContext whole = context("whole");
      String expected = weights(training, store, whole);

      TestJobContext stopped = context("stopped");
      ListeningContext listening =
          new ListeningContext(
              stopped,
              event -> {
                if (event instanceof JobEvent.StepFinished step && step.epoch() > epochsBefore) {
                  stopped.cancellation().request("SIGTERM");
                }
              });
      assertThatThrownBy(() -> training.train(store, listening))
          .isInstanceOf(JobCancelledException.class)
          .hasMessageContaining("SIGTERM");
      assertThat(epochs(stopped)).hasSize(epochsBefore);

      TestJobContext continued = stopped.continued();
      assertThat(weights(training, store, continued)).isEqualTo(expected);
      assertThat(epochs(continued)).hasSize(epochs(whole).size() - epochsBefore);
      List<JobEvent.EpochFinished> all = new ArrayList<>(epochs(stopped));
      all.addAll(epochs(continued));
      for (int i = 0; i < all.size(); i++) {
        assertThat(all.get(i).metrics()).isEqualTo(epochs(whole).get(i).metrics());
      }
    }
  }

  @Test
  void keepsTheLastWeightsWhereThereIsNoValidationPart() {
    try (SeriesStore store = SampleSeries.store(6)) {
      ForecastTraining training =
          training(model("dlinear")).epochs(4).patience(1).split(Split.last(0, HORIZON));
      TestJobContext whole = context("whole");
      String expected = weights(training, store, whole);
      assertThat(epochs(whole)).hasSize(4);
      assertThat(epochs(whole).get(0).metrics()).doesNotContainKey("validation_loss");
      assertThat(whole.events().notices())
          .anyMatch(text -> text.startsWith("No series has a window in the validation part"));

      TestJobContext stopped = context("stopped");
      ListeningContext listening =
          new ListeningContext(
              stopped,
              event -> {
                if (event instanceof JobEvent.CheckpointWritten written && written.epoch() == 2) {
                  stopped.cancellation().request("SIGTERM");
                }
              });
      assertThatThrownBy(() -> training.train(store, listening))
          .isInstanceOf(JobCancelledException.class);
      assertThat(weights(training, store, stopped.continued())).isEqualTo(expected);
    }
  }

  @Test
  void tellsOfAnEpochBeforeItsCheckpointIsWritten() {
    try (SeriesStore store = SampleSeries.store(6)) {
      TestJobContext context = context("order");
      Path checkpoints = context.directory().checkpoints();
      List<Integer> found = new ArrayList<>();
      ListeningContext listening =
          new ListeningContext(
              context,
              event -> {
                if (event instanceof JobEvent.EpochFinished finished) {
                  Path own = checkpoints.resolve(stepFile(finished.step()));
                  found.add(Files.exists(own) ? finished.epoch() : 0);
                }
              });
      training(model("dlinear")).epochs(3).train(store, listening).model().close();
      // A crash in between makes the epoch be done again, rather than its metrics be lost.
      assertThat(found).containsExactly(0, 0, 0);
      assertThat(checkpoints.resolve(stepFile(epochs(context).get(2).step()))).isRegularFile();
    }
  }

  private static String stepFile(long step) {
    return String.format(Locale.ROOT, "step-%012d.safetensors", step);
  }

  @Test
  void refusesASplitWhosePartsHoldNoWindowBeforeItTrains() {
    try (SeriesStore store = SampleSeries.store(6)) {
      for (Split split :
          List.of(
              Split.last(HORIZON - 1, HORIZON),
              Split.last(HORIZON, HORIZON - 1),
              Split.steps(10_000, HORIZON, HORIZON))) {
        TestJobContext context = context("refused-" + split.hashCode());
        ForecastTraining training = training(model("dlinear")).split(split);
        assertThatThrownBy(() -> training.train(store, context))
            .isInstanceOfSatisfying(
                HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_ENOUGH_DATA))
            .hasMessageContainingAll(
                "Cannot train: the split (",
                "gives no series a window in its "
                    + (split.equals(Split.last(HORIZON, HORIZON - 1)) ? "test" : "validation")
                    + " part",
                "or 0 steps of");
        assertThat(epochs(context)).isEmpty();
      }
    }
  }

  @Test
  void savesWithTheModelWhereItsDataCameFrom() throws IOException {
    try (SeriesStore store = SampleSeries.store(6)) {
      TestJobContext context = context("run");
      DataProvenance data =
          new DataProvenance(
              "sales",
              "file:///tables/sales",
              7,
              Instant.EPOCH,
              "id-1",
              List.of("sales"),
              Map.of(),
              720,
              1);
      context.opened(data);
      training(model("dlinear")).epochs(1).train(store, context).model().close();
      Path manifest = context.directory().model().resolve("forecaster.json");
      Map<String, Object> saved = Json.readObject(Files.readString(manifest), "manifest");
      assertThat(Json.write(Objects.requireNonNull(saved.get("provenance"))))
          .contains("file:///tables/sales", "\"version\":7", "\"job\":\"demand\"");
    }
  }

  @Test
  void stopsEarlyAndKeepsTheBestWeights() {
    try (SeriesStore store = SampleSeries.store(12)) {
      TestJobContext context = context("run");
      ForecastTraining training =
          training(model("nhits")).epochs(40).patience(2).optimizer(Adam.learningRate(3e-2));
      Trained<Forecaster> trained = training.train(store, context);
      trained.model().close();
      List<JobEvent.EpochFinished> epochs = epochs(context);
      assertThat(epochs.size()).isLessThan(40);
      int best = 0;
      for (int i = 1; i < epochs.size(); i++) {
        if (metric(epochs, i, "validation_loss") < metric(epochs, best, "validation_loss")) {
          best = i;
        }
      }
      assertThat(epochs.size() - 1 - best).isEqualTo(2);
    }
  }

  private static double metric(List<JobEvent.EpochFinished> epochs, int i, String name) {
    return Objects.requireNonNull(epochs.get(i).metrics().get(name), name);
  }

  @Test
  void leavesModelReportAndCheckpointInTheRunDirectory() {
    try (SeriesStore store = SampleSeries.store(12)) {
      TestJobContext context = context("run");
      Trained<Forecaster> trained = training(model("nhits")).train(store, context);
      trained.model().close();
      assertThat(trained.artifacts()).hasSize(3);
      assertThat(trained.artifacts().get(0).kind()).isEqualTo(Artifact.Kind.MODEL);
      assertThat(trained.artifacts().get(0).file()).isDirectory();
      assertThat(trained.artifacts().get(1).name()).isEqualTo("report/report.html");
      assertThat(trained.artifacts().get(1).file()).isNotEmptyFile();
      assertThat(trained.artifacts().get(2).name()).isEqualTo("report/plots");
      assertThat(trained.artifacts().get(2).file()).isDirectoryContaining("glob:**/loss.svg");
      assertThat(context.directory().checkpoints()).isNotEmptyDirectory();
      assertThat(context.events().of(JobEvent.CheckpointWritten.class)).hasSize(4);
      assertThat(Files.exists(context.directory().model())).isTrue();
      List<JobEvent.StepFinished> steps = context.events().of(JobEvent.StepFinished.class);
      assertThat(steps.get(steps.size() - 1).step()).isEqualTo(steps.get(steps.size() - 1).steps());
      assertThat(steps.get(steps.size() - 1).loss()).isPresent();
    }
  }

  @Test
  void reportsEveryBadSettingAtOnce() {
    Problems problems = new Problems();
    ForecastTraining.of(DLinear.defaults())
        .horizon(0)
        .season(0)
        .globalBatchSize(-1)
        .epochs(0)
        .patience(0)
        .maxGradientNorm(-1)
        .check(problems);
    assertThat(problems.all())
        .containsExactly(
            "context: 0 (expected: >= 1)",
            "horizon: 0 (expected: >= 1)",
            "season: 0 (expected: >= 1)",
            "batch_size: -1 (expected: >= 1)",
            "epochs: 0 (expected: >= 1)",
            "patience: 0 (expected: >= 1)",
            "max_gradient_norm: -1.0 (expected: >= 0)");
  }

  @Test
  void refusesWhenNoSeriesIsLongEnough() {
    try (SeriesStore store = SampleSeries.store(3)) {
      HdlException refused =
          catchThrowableOfType(
              HdlException.class,
              () -> training(model("dlinear")).context(110).train(store, context("run")));
      assertThat(refused.code()).isEqualTo(ErrorCode.NOT_ENOUGH_DATA);
      assertThat(refused)
          .hasMessageContaining("none of the 3 series is long enough")
          .hasMessageContaining("need 116 steps")
          .hasMessageContaining("the longest series has 120 steps, the longest training part 108");
    }
  }

  @Test
  void countsTheSeriesThatAreTooShort() {
    try (SeriesStore store = SampleSeries.store(5)) {
      SeriesStore.Builder builder =
          SeriesStore.builder(store.axis(), store.channels(), store.constants());
      for (int s = 0; s < 5; s++) {
        float[] values = new float[(s < 2 ? 30 : store.length(s)) * 4];
        for (int i = 0; i < values.length; i++) {
          values[i] = store.value(s, i / 4, i % 4);
        }
        builder.add(SampleSeries.key(s), 0, values, new float[] {0});
      }
      try (SeriesStore mixed = builder.build()) {
        TestJobContext context = context("run");
        Trained<Forecaster> trained = training(model("dlinear")).epochs(1).train(mixed, context);
        trained.model().close();
        assertThat(context.events().notices())
            .anyMatch(text -> text.startsWith("2 of 5 series are left out of the training"));
      }
    }
  }

  @Test
  void drawsNoMoreWindowsPerEpochThanAskedFor() {
    try (SeriesStore store = SampleSeries.store(6)) {
      TestJobContext context = context("run");
      ForecastTraining training = training(model("dlinear")).epochs(2).windowsPerEpoch(100);
      assertThat(weights(training, store, context)).isNotEmpty();
      // 100 windows are a step of 64 and one of 36.
      assertThat(epochs(context).get(1).step()).isEqualTo(4);
    }
  }

  @Test
  void trainsOnTheWindowsThatWereChosenAndScoresAll() {
    try (SeriesStore store = SampleSeries.store(12, 0, 7)) {
      ForecastTraining all = training(DLinear.defaults()).epochs(2);
      WindowSelection selection =
          WindowSelection.all().stride(2).sampling(WindowSampling.weighted(SeriesWeights.byMean()));
      ForecastTraining chosen = all.windows(selection);
      assertThat(chosen.settings())
          .containsEntry("windows.stride", "2")
          .containsEntry("windows.sampling", "weighted by mean");
      assertThat(all.settings()).doesNotContainKey("windows.stride");
      String once = weights(chosen, store, context("a"));
      assertThat(weights(chosen, store, context("b"))).isEqualTo(once);
      assertThat(weights(all, store, context("c"))).isNotEqualTo(once);
      TestJobContext whole = context("e");
      TestJobContext half = context("f");
      weights(all, store, whole);
      weights(chosen, store, half);
      assertThat(epochs(half).get(0).step()).isLessThan(epochs(whole).get(0).step());
    }
  }

  @Test
  void namesASelectionThatNoWindowCanMeetWithTheOtherProblems() {
    WindowSelection selection =
        WindowSelection.all().observedHorizon(WindowSelection.Observed.steps(HORIZON + 1));
    Problems problems = new Problems();
    training(DLinear.defaults()).windows(selection).check(problems);
    assertThat(problems.all())
        .containsExactly("observed horizon: " + (HORIZON + 1) + " (expected: <= " + HORIZON + ")");
  }

  @Test
  void saysWhyAndWhatToDoWhenTheLossLeavesTheFiniteNumbers() {
    try (SeriesStore store = SampleSeries.store(3)) {
      ForecastTraining training =
          training(model("nhits")).loss(Losses.mse()).optimizer(Adam.learningRate(1e30));
      HdlException diverged =
          catchThrowableOfType(HdlException.class, () -> training.train(store, context("run")));
      assertThat(diverged.code()).isEqualTo(ErrorCode.DIVERGED);
      assertThat(diverged)
          .hasMessageContaining("epoch 1")
          .hasMessageContaining("Lower the learning rate (now 1.0E30)");
    }
  }

  @Test
  void keepsNoArraysFromEpochToEpoch() {
    try (SeriesStore store = SampleSeries.store(6);
        NDManager probe = TorchEngine.start().newBaseManager()) {
      NDManager all = probe.getParentManager();
      int before = all.getManagedArrays().size();
      List<Integer> counts = new ArrayList<>();
      ListeningContext context =
          new ListeningContext(
              context("run"),
              event -> {
                if (event instanceof JobEvent.EpochFinished) {
                  counts.add(all.getManagedArrays().size());
                }
              });
      Trained<Forecaster> trained = training(model("nhits")).epochs(5).train(store, context);
      assertThat(counts).hasSize(5);
      assertThat(counts.get(4)).isEqualTo(counts.get(0)).isGreaterThan(before);
      trained.model().close();
      assertThat(all.getManagedArrays()).hasSize(before);
    }
  }

  @Test
  void leavesNothingBehindWhenAStepFails() {
    try (SeriesStore store = SampleSeries.store(6);
        NDManager probe = TorchEngine.start().newBaseManager()) {
      NDManager all = probe.getParentManager();
      int before = all.getManagedArrays().size();
      AtomicInteger calls = new AtomicInteger();
      ForecastModel failing = new FailingModel(model("nhits"), calls, 5);
      assertThatThrownBy(() -> training(failing).train(store, context("run")))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("forward pass 5 fails");
      assertThat(all.getManagedArrays()).hasSize(before);
      assertThat(weights(training(model("nhits")).epochs(1), store, context("next"))).isNotEmpty();
    }
  }

  @Test
  void tellsThatALinearModelDoesNotSeeCovariates() {
    try (SeriesStore store = SampleSeries.store(6)) {
      TestJobContext context = context("run");
      assertThat(weights(training(model("dlinear")).epochs(1), store, context)).isNotEmpty();
      assertThat(context.events().notices())
          .contains(
              "The model dlinear sees the target alone; covariates and constants are left unused.");
    }
  }
}
