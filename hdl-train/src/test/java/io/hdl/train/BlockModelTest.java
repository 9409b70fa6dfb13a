package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Activation;
import ai.djl.nn.Block;
import ai.djl.nn.LambdaBlock;
import ai.djl.nn.SequentialBlock;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import io.hdl.core.error.HdlException;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.Trained;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.series.SeriesStore;
import io.hdl.train.checkpoint.Safetensors;
import io.hdl.train.model.BlockModel;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.WindowShape;
import io.hdl.train.optim.Adam;
import io.hdl.train.parallel.Devices;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BlockModelTest {
  private static final int HORIZON = 6;

  @TempDir Path home;

  private static Block normed(WindowShape window) {
    return new SequentialBlock()
        .add(Linear.builder().setUnits(48).build())
        .add(BatchNorm.builder().build())
        .add(Activation.reluBlock())
        .add(Dropout.builder().optRate(0.1f).build())
        .add(Linear.builder().setUnits((long) window.horizon() * window.outputs()).build());
  }

  private static Block plain(WindowShape window) {
    return new SequentialBlock()
        .add(
            new LambdaBlock(
                inputs ->
                    new NDList(
                        NDArrays.concat(
                            new NDList(
                                inputs.get(0),
                                inputs.get(2).reshape(inputs.get(2).getShape().get(0), -1),
                                inputs.get(3).reshape(inputs.get(3).getShape().get(0), -1),
                                inputs.get(4)),
                            1))))
        .add(Linear.builder().setUnits(64).build())
        .add(Activation.reluBlock())
        .add(Linear.builder().setUnits(window.horizon()).build());
  }

  private ForecastTraining training(ForecastModel model) {
    return SampleSeries.training(model, HORIZON)
        .epochs(20)
        .patience(20)
        .optimizer(Adam.learningRate(5e-3))
        .withoutReport();
  }

  private Trained<Forecaster> train(ForecastTraining training, SeriesStore store, String run) {
    return training.train(store, TestJobContext.in(home, "demand", run));
  }

  private static double wape(Scores scores) {
    return scores.value("wape").orElseThrow();
  }

  private static List<List<Double>> values(Forecast forecast) {
    return forecast.series().stream().map(Forecast.SeriesForecast::values).toList();
  }

  @Test
  void aBlockWithBatchNormAndDropoutLearnsAndComesBackFromDisk() {
    BlockModel model = BlockModel.named("normed", BlockModelTest::normed).targetOnly();
    assertThat(model.notPortable())
        .hasValueSatisfying(why -> assertThat(why).contains("batch norm"));
    Path folder = home.resolve("saved");
    try (SeriesStore store = SampleSeries.store(12, HORIZON, 0)) {
      List<List<Double>> before;
      Trained<Forecaster> trained = train(training(model), store, "run");
      try (Forecaster forecaster = trained.model()) {
        double naive =
            wape(Objects.requireNonNull(trained.evaluation().baselines().get("seasonal_naive")));
        assertThat(wape(trained.evaluation().model())).isLessThan(naive);
        before = values(forecaster.forecast(store, FutureRequest.all()));
        forecaster.save(folder);
      }
      Map<String, Safetensors.Tensor> saved =
          Safetensors.read(folder.resolve(Forecaster.WEIGHTS)).tensors();
      String mean =
          saved.keySet().stream().filter(n -> n.endsWith("runningMean")).findFirst().orElseThrow();
      assertThat(Objects.requireNonNull(saved.get(mean)).values()).hasSize(48).doesNotContain(0);
      try (Forecaster loaded = Forecaster.load(folder, model)) {
        assertThat(values(loaded.forecast(store, FutureRequest.all()))).isEqualTo(before);
      }
      assertThatThrownBy(() -> Forecaster.load(folder, model.setting("width", "48")))
          .isInstanceOf(HdlException.class)
          .hasMessageContaining("it was made by normed");
    }
  }

  @Test
  void aBlockMaySeeCovariatesAndTheSameSeedGivesTheSameBits() {
    BlockModel model = BlockModel.named("plain", BlockModelTest::plain);
    assertThat(model.notPortable()).isEmpty();
    try (SeriesStore store = SampleSeries.store(12, HORIZON, 0)) {
      Trained<Forecaster> first = train(training(model), store, "one");
      Trained<Forecaster> second = train(training(model).devices(Devices.cpu()), store, "two");
      try (Forecaster one = first.model();
          Forecaster two = second.model()) {
        assertThat(one.weightsSha256()).isEqualTo(two.weightsSha256());
        double naive =
            wape(Objects.requireNonNull(first.evaluation().baselines().get("seasonal_naive")));
        assertThat(wape(first.evaluation().model())).isLessThan(0.7 * naive);
      }
    }
  }

  @Test
  void rejectsANameOfAModelOfHdl() {
    assertThatThrownBy(() -> BlockModel.named("nhits", BlockModelTest::plain))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("name: \"nhits\" (expected: lower-case letters");
    assertThatThrownBy(() -> BlockModel.named("My Model", BlockModelTest::plain))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
