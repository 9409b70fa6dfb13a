package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.event.JobEvent;
import io.hdl.core.job.JobContext;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.train.checkpoint.CheckpointPolicy;
import io.hdl.train.checkpoint.Checkpoints;
import io.hdl.train.checkpoint.TrainingState;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.NHits;
import io.hdl.train.optim.Adam;
import io.hdl.train.optim.AdamW;
import io.hdl.train.optim.LearningRate;
import io.hdl.train.optim.PlateauRate;
import io.hdl.train.optim.Sgd;
import io.hdl.train.optim.WeightAveraging;
import io.hdl.train.parallel.Determinism;
import io.hdl.train.parallel.Devices;
import io.hdl.train.parallel.Precision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResumeTest {
  private static final CheckpointPolicy ALWAYS = new CheckpointPolicy(Duration.ofNanos(1), 2);

  @TempDir Path home;

  private static ForecastTraining training() {
    return ForecastTraining.of(NHits.defaults().hidden(16))
        .context(24)
        .horizon(6)
        .split(Split.last(6, 6))
        .season(SampleSeries.SEASON)
        .devices(Devices.cpu())
        .globalBatchSize(64)
        .epochs(3)
        .patience(10)
        .withoutReport()
        .optimizer(Adam.learningRate(3e-3));
  }

  private static ForecastTraining training(String way) {
    return switch (way) {
      case "adam, cosine" ->
          training().learningRate(LearningRate.cosine().warmup(5)).maxGradientNorm(0.5);
      case "adam, bfloat16" -> training().precision(Precision.BFLOAT16);
      case "adamw, one cycle, averaged" ->
          training()
              .optimizer(AdamW.learningRate(1e-2).weightDecay(0.1))
              .learningRate(LearningRate.oneCycle())
              .averaging(WeightAveraging.exponential(0.95));
      default ->
          training()
              .optimizer(Sgd.learningRate(1e-2).nesterov(0.9).weightDecay(1e-3))
              // So hard to please that the rate falls after each epoch but the first.
              .learningRate(new PlateauRate(0.5, 0, 0.9, 0, 0));
    };
  }

  private TestJobContext context(String run) {
    return TestJobContext.in(home, "demand", run);
  }

  private static String weights(ForecastTraining training, SeriesStore store, JobContext context) {
    try (Forecaster forecaster = training.train(store, context).model()) {
      return forecaster.weightsSha256();
    }
  }

  private static List<Map<String, Double>> metrics(TestJobContext... attempts) {
    return Stream.of(attempts)
        .flatMap(attempt -> attempt.events().of(JobEvent.EpochFinished.class).stream())
        .map(JobEvent.EpochFinished::metrics)
        .toList();
  }

  /** Trains until a checkpoint at or after a step is on the disk. */
  private static void stopAt(
      long step, ForecastTraining training, SeriesStore store, TestJobContext context) {
    ListeningContext listening =
        new ListeningContext(
            context,
            event -> {
              if (event instanceof JobEvent.CheckpointWritten written && written.step() >= step) {
                context.cancellation().request("enough");
              }
            });
    assertThatThrownBy(() -> training.train(store, listening))
        .isInstanceOf(JobCancelledException.class);
  }

  private static Checkpoints.Found found(TestJobContext context) {
    return new Checkpoints(context.directory().checkpoints(), 2).read().orElseThrow();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "adam, cosine               | 4  | 19",
        "adam, bfloat16             | 4  | 19",
        "adamw, one cycle, averaged | 1  | 38",
        "sgd, plateau               | 14 | 31"
      })
  void goesOnWithinAnEpochWithTheBitsAndMetricsOfAnUninterruptedRun(
      String way, long first, long second) {
    try (SeriesStore store = SampleSeries.store(12)) {
      TestJobContext whole = context("whole");
      String expected = weights(training(way), store, whole);
      ForecastTraining training = training(way).checkpoints(ALWAYS);
      TestJobContext one = context("stopped");
      stopAt(first, training, store, one);
      TestJobContext two = one.continued();
      stopAt(second, training, store, two);
      assertThat(found(two).state().progress().step()).isGreaterThanOrEqualTo(second);
      TestJobContext three = two.continued();
      assertThat(weights(training, store, three)).isEqualTo(expected);
      assertThat(metrics(one, two, three)).isEqualTo(metrics(whole));
      assertThat(three.events().notices())
          .anyMatch(text -> text.startsWith("Training goes on after epoch "));
    }
  }

  @Test
  void goesOnWithAnotherNumberOfReplicasWhereTheBitsDoNotDependOnIt() {
    try (SeriesStore store = SampleSeries.store(6)) {
      ForecastTraining one = training().determinism(Determinism.portable(2));
      String expected = weights(one, store, context("whole"));
      ForecastTraining two = one.devices(Devices.cpu(2)).checkpoints(ALWAYS);
      TestJobContext stopped = context("stopped");
      stopAt(11, two, store, stopped);
      TestJobContext continued = stopped.continued();
      assertThat(weights(one, store, continued)).isEqualTo(expected);
      assertThat(continued.events().warnings())
          .anyMatch(text -> text.contains("device: [cpu(), cpu()] then, [cpu()] now"));
    }
  }

  @Test
  void validatesAndHandsBackTheMovingAverageOfTheWeights() {
    try (SeriesStore store = SampleSeries.store(6)) {
      ForecastTraining averaged = training().averaging(WeightAveraging.exponential(0.99)).epochs(1);
      TestJobContext with = context("with");
      TestJobContext without = context("without");
      String averages = weights(averaged, store, with);
      assertThat(averages).isNotEqualTo(weights(training().epochs(1), store, without));
      TrainingState state = found(with).state();
      assertThat(state.bestWeights()).containsExactly(state.average());
      assertThat(state.weights()).isNotEqualTo(state.average());
      // The steps are those of a training without an average; what is validated is not.
      assertThat(metrics(with).get(0).get("train_loss"))
          .isEqualTo(metrics(without).get(0).get("train_loss"));
      assertThat(metrics(with).get(0).get("validation_loss"))
          .isNotEqualTo(metrics(without).get(0).get("validation_loss"));
    }
  }

  @Test
  void goesOnFromTheCheckpointBeforeADamagedOneAndSaysSo() throws IOException {
    try (SeriesStore store = SampleSeries.store(6)) {
      ForecastTraining training = training().checkpoints(ALWAYS);
      String expected = weights(training(), store, context("whole"));
      TestJobContext stopped = context("stopped");
      stopAt(11, training, store, stopped);
      Path newest = found(stopped).file();
      byte[] bytes = Files.readAllBytes(newest);
      bytes[bytes.length / 2] ^= 4;
      Files.write(newest, bytes);
      TestJobContext continued = stopped.continued();
      assertThat(weights(training, store, continued)).isEqualTo(expected);
      assertThat(continued.events().warnings())
          .anySatisfy(
              text ->
                  assertThat(text)
                      .startsWith("Training goes on from the checkpoint ")
                      .contains("a newer one could not be read: " + newest)
                      .contains("its checksum is not that of its content"));
    }
  }

  @Test
  void refusesACheckpointOfAnotherTrainingAndNamesWhatDiffers() {
    try (SeriesStore store = SampleSeries.store(6);
        SeriesStore other = SampleSeries.store(7)) {
      TestJobContext context = context("run");
      context.opened(data(7));
      weights(training(), store, context);
      refuses(
          context.continued(),
          store,
          training -> training.globalBatchSize(32),
          "batch_size: 64 in the checkpoint, 32 now");
      refuses(
          context.continued(),
          store,
          training -> training.precision(Precision.BFLOAT16),
          "precision: FLOAT32 in the checkpoint, BFLOAT16 now");
      refuses(
          context.continued(),
          store,
          training -> training.optimizer(Sgd.learningRate(3e-3)),
          "optimizer.name: adam in the checkpoint, sgd now");
      refuses(context.continued(), store, training -> training.split(Split.last(6, 7)), "7 now");
      refuses(
          context.continued(),
          store,
          training -> training.epochs(4),
          "epochs: 3 in the checkpoint, 4");
      refuses(context.continued().withSeed(9), store, training -> training, "seed: ");
      refuses(
          context.continued(),
          other,
          training -> training,
          "data.series: 6 in the checkpoint, 7 now");
      TestJobContext later = context.continued();
      later.opened(data(8));
      refuses(later, store, training -> training, "data.version: 7 in the checkpoint, 8 now");
    }
  }

  private static DataProvenance data(long version) {
    return new DataProvenance(
        "sales", "file:///sales", version, Instant.EPOCH, "id", List.of("sales"), Map.of(), 1, 1);
  }

  private static void refuses(
      TestJobContext context,
      SeriesStore store,
      UnaryOperator<ForecastTraining> change,
      String difference) {
    TestJobContext known = context;
    if (known.record().provenance().data().isEmpty()) {
      known.opened(data(7));
    }
    assertThatThrownBy(() -> change.apply(training()).train(store, known))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
        .hasMessageStartingWith("Cannot continue from the checkpoint ")
        .hasMessageContaining("it is of another training: ")
        .hasMessageContaining(difference);
  }

  @Test
  void namesTheWeightsWhoseShapesDiffer() {
    try (SeriesStore store = SampleSeries.store(6)) {
      TestJobContext context = context("run");
      ForecastTraining small = training();
      weights(small, store, context);
      ForecastTraining linear = ForecastTraining.of(DLinear.defaults()).context(24).horizon(6);
      assertThatThrownBy(() -> linear.train(store, context.continued()))
          .hasMessageContaining("model: nhits in the checkpoint, dlinear now")
          .hasMessageContaining("weight.stack0.hidden0.weight: (16, ")
          .hasMessageContaining(" in the checkpoint, nothing now");
    }
  }

  @Test
  void mayTrainForMoreEpochsWhereTheRateDoesNotDependOnTheirNumber() {
    try (SeriesStore store = SampleSeries.store(6)) {
      ForecastTraining constant = training().learningRate(LearningRate.constant());
      String expected = weights(constant.epochs(5), store, context("whole"));
      TestJobContext context = context("run");
      weights(constant, store, context);
      TestJobContext more = context.continued();
      assertThat(weights(constant.epochs(5).patience(9).season(3), store, more))
          .isEqualTo(expected);
      assertThat(metrics(more)).hasSize(2);
    }
  }

  @Test
  void warnsOfACheckpointOfOtherSoftwareAndGoesOn() {
    try (SeriesStore store = SampleSeries.store(6)) {
      TestJobContext context = context("run");
      String expected = weights(training(), store, context);
      TrainingState state = found(context).state();
      TrainingState.Progress was = state.progress();
      Map<String, String> software = new LinkedHashMap<>(was.software());
      software.put("libtorch", "1.0");
      new Checkpoints(context.directory().checkpoints(), 2)
          .write(
              new TrainingState(
                  new TrainingState.Progress(
                      was.identity(),
                      software,
                      was.seed(),
                      was.epoch(),
                      was.batch(),
                      was.step(),
                      was.lossSum(),
                      was.lossLabels(),
                      was.optimizerSteps(),
                      was.averagedSteps(),
                      was.schedule(),
                      was.bestEpoch(),
                      was.bestLoss(),
                      was.epochs()),
                  state.manifest(),
                  state.weights(),
                  state.optimizer(),
                  state.average(),
                  state.bestWeights()));
      TestJobContext again = context.continued();
      assertThat(weights(training(), store, again)).isEqualTo(expected);
      assertThat(again.events().warnings())
          .anySatisfy(
              text ->
                  assertThat(text)
                      .contains("was written by other software (libtorch: 1.0 then, 2.7.1 now)"));
    }
  }

  @Test
  void warnsOfTheFirstCheckpointThatFailsAndEndsWithTheSecond() {
    try (SeriesStore store = SampleSeries.store(6)) {
      TestJobContext context = context("run");
      ListeningContext listening =
          new ListeningContext(
              context,
              event -> {
                if (event instanceof JobEvent.EpochFinished finished && finished.epoch() == 1) {
                  putInTheWay(context.directory().checkpoints());
                }
              });
      assertThatThrownBy(() -> weights(training(), store, listening))
          .isInstanceOf(HdlException.class)
          .hasMessageContaining("Cannot keep checkpoints: two in a row could not be written");
      List<String> warnings = new ArrayList<>(context.events().warnings());
      assertThat(warnings.get(0))
          .startsWith("The checkpoint at step 8 could not be written; those before it stay.");
      assertThat(metrics(context)).hasSizeBetween(2, 3);
    }
  }

  private static void putInTheWay(Path folder) {
    try {
      Files.writeString(folder, "a file");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
