package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.nn.Blocks;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.Problems;
import io.hdl.core.event.JobEvent;
import io.hdl.core.job.Trained;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.series.SeriesStore;
import io.hdl.train.evaluate.RollingBacktest;
import io.hdl.train.model.BlockModel;
import io.hdl.train.model.DeepAr;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.NHits;
import io.hdl.train.optim.Adam;
import io.hdl.train.parallel.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixedPrecisionTrainingTest {
  private static final int HORIZON = 6;

  @TempDir Path home;

  private static ForecastTraining training(ForecastModel model, Precision precision) {
    return SampleSeries.training(model, HORIZON)
        .epochs(6)
        .optimizer(Adam.learningRate(3e-3))
        .precision(precision)
        .withoutReport();
  }

  private static double wape(Trained<Forecaster> trained) {
    return trained.evaluation().model().value("wape").orElseThrow();
  }

  private static List<Double> trainLosses(TestJobContext context) {
    return context.events().of(JobEvent.EpochFinished.class).stream()
        .map(epoch -> Objects.requireNonNull(epoch.metrics().get("train_loss")))
        .toList();
  }

  @Test
  void trainsAForecasterAsGoodAsInFloat32() {
    NHits model = NHits.defaults().hidden(64);
    TestJobContext full = TestJobContext.in(home, "demand", "full");
    TestJobContext mixed = TestJobContext.in(home, "demand", "mixed");
    try (SeriesStore store = SampleSeries.store(20)) {
      Trained<Forecaster> float32 = training(model, Precision.FLOAT32).train(store, full);
      Trained<Forecaster> bfloat16 = training(model, Precision.BFLOAT16).train(store, mixed);
      try (Forecaster one = float32.model();
          Forecaster other = bfloat16.model()) {
        assertThat(other.weightsSha256()).isNotEqualTo(one.weightsSha256());
      }
      List<Double> losses = trainLosses(mixed);
      assertThat(losses.get(5)).isLessThan(0.8 * losses.get(0));
      assertThat(wape(bfloat16)).isCloseTo(wape(float32), within(0.05 * wape(float32)));
      double naive =
          Objects.requireNonNull(bfloat16.evaluation().baselines().get("seasonal_naive"))
              .value("wape")
              .orElseThrow();
      assertThat(wape(bfloat16)).isLessThan(naive);
    }
  }

  @Test
  void refusesModelsThatCannotBeforeDataIsOpened() {
    BlockModel own =
        BlockModel.named(
                "own",
                window ->
                    new SequentialBlock()
                        .add(Blocks.batchFlattenBlock())
                        .add(Linear.builder().setUnits(window.horizon()).build()))
            .targetOnly();
    assertThat(problems(training(own, Precision.BFLOAT16)))
        .containsExactly(
            "precision: BFLOAT16 with the model own (expected: FLOAT32, as its Block computes in"
                + " float32 alone)");
    assertThat(problems(training(DeepAr.defaults(), Precision.BFLOAT16)))
        .contains(
            "precision: BFLOAT16 with the model deepar (expected: FLOAT32, as its recurrent cells"
                + " compute in float32 alone)");
    assertThat(problems(training(NHits.defaults(), Precision.FLOAT16)))
        .hasSize(1)
        .first()
        .asString()
        .startsWith("precision: FLOAT16 (expected: FLOAT32, BFLOAT16, or TF32 on GPUs; ");
    assertThat(problems(training(NHits.defaults(), Precision.BFLOAT16))).isEmpty();
  }

  private static List<String> problems(ForecastTraining training) {
    Problems problems = new Problems();
    training.check(problems);
    return problems.all();
  }

  /** A rolling backtest asks of the machine what a training asks. */
  @Test
  void refusesWhatTheMachineCannotBeforeDataIsOpened() {
    HybridEnvironment environment =
        new HybridEnvironment(
            HybridEnvironment.Kind.GENERIC_HOST,
            "a test's own choice",
            List.of(),
            Optional.empty(),
            Optional.empty(),
            1,
            1L << 30,
            Map.of());
    ForecastTraining tf32 = training(NHits.defaults(), Precision.TF32);
    Problems once = new Problems();
    tf32.checkEnvironment(environment, once);
    assertThat(once.all())
        .anyMatch(text -> text.startsWith("precision: TF32 on cpu() (expected: a GPU of "));
    Problems rolling = new Problems();
    tf32.rolling(RollingBacktest.folds(2)).checkEnvironment(environment, rolling);
    assertThat(rolling.all()).isEqualTo(once.all());
  }
}
