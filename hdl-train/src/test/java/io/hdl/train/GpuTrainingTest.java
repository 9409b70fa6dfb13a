package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.Trained;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.NHits;
import io.hdl.train.optim.Adam;
import io.hdl.train.parallel.Devices;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training on a GPU, held against the CPU; run by {@code mvn verify -Pgpu}. */
@Tag("gpu")
class GpuTrainingTest {
  private static final int CONTEXT = 24;
  private static final int HORIZON = 6;

  @TempDir Path home;

  /** The CPU takes the GPU's place in a rehearsal, see GpuReplicaTest. */
  private static Devices gpu() {
    return "rehearse".equals(System.getProperty("hdl.test.gpu")) ? Devices.cpu() : Devices.gpus(0);
  }

  private static ForecastModel model(String name) {
    return name.equals("nhits") ? NHits.defaults().hidden(64) : DLinear.defaults().kernel(5);
  }

  private Scores scores(String model, Devices devices, SeriesStore store, String run) {
    Trained<Forecaster> trained =
        ForecastTraining.of(model(model))
            .context(CONTEXT)
            .horizon(HORIZON)
            .split(Split.last(HORIZON, HORIZON))
            .season(SampleSeries.SEASON)
            .devices(devices)
            .globalBatchSize(64)
            .epochs(5)
            .optimizer(Adam.learningRate(1e-2))
            .withoutReport()
            .train(store, TestJobContext.in(home, "gpu", run));
    trained.model().close();
    return trained.evaluation().model();
  }

  @ParameterizedTest
  @ValueSource(strings = {"nhits", "dlinear"})
  void learnsOnAGpuWhatItLearnsOnTheCpu(String model) {
    try (SeriesStore store = SampleSeries.store(30)) {
      double gpu = scores(model, gpu(), store, "gpu").value("wape").orElseThrow();
      double cpu = scores(model, Devices.cpu(), store, "cpu").value("wape").orElseThrow();

      assertThat(gpu).isCloseTo(cpu, within(0.05 * cpu));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nhits", "dlinear"})
  void givesTheSameScoresTwiceOnAGpu(String model) {
    try (SeriesStore store = SampleSeries.store(30)) {
      double first = scores(model, gpu(), store, "a").value("wape").orElseThrow();
      double second = scores(model, gpu(), store, "b").value("wape").orElseThrow();

      assertThat(second).isCloseTo(first, within(1e-4 * first));
    }
  }
}
