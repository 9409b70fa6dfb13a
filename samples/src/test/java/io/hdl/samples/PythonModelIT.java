package io.hdl.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.HybridJob;
import io.hdl.core.JobResult;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.job.Opened;
import io.hdl.core.testing.MlflowServer;
import io.hdl.core.testing.MlflowVersion;
import io.hdl.core.testing.TestData;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.DeltaSource;
import io.hdl.data.SeriesSource;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.Gaps;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.tracking.Mlflow;
import io.hdl.tracking.model.MlflowModel;
import io.hdl.train.Forecast;
import io.hdl.train.ForecastEnsemble;
import io.hdl.train.ForecastTraining;
import io.hdl.train.Forecaster;
import io.hdl.train.FutureRequest;
import io.hdl.train.evaluate.Combination;
import io.hdl.train.loss.Loss;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.Centering;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.NHits;
import io.hdl.train.model.NLinear;
import io.hdl.train.parallel.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** MLflow in Python forecasts from a table's rows what Java forecasts from the table. */
@Tag("python")
class PythonModelIT {
  private static final double TOLERANCE = 1e-5;

  @TempDir Path folder;

  private static SeriesSource sales(Path table) {
    return DeltaSource.at(table.toString())
        .series(
            SeriesSpec.keyedBy("store", "product")
                .orderedBy("date", Frequency.DAILY)
                .target("units")
                .known("discount", "is_holiday", "weekday")
                .past("price")
                .constant("category")
                .gaps(Gaps.ZERO));
  }

  private static ForecastTraining training(ForecastModel model, Loss loss) {
    return ForecastTraining.of(model)
        .context(28)
        .horizon(14)
        .split(Split.last(14, 14))
        .season(7)
        .devices(Devices.cpu())
        .globalBatchSize(128)
        .loss(loss)
        .withoutReport();
  }

  private static Forecast forecast(Forecaster forecaster, SeriesSource source) {
    try (Opened<SeriesStore> data = source.load()) {
      return forecaster.forecast(data.data(), FutureRequest.all());
    }
  }

  @ParameterizedTest
  @EnumSource
  void loadsTheChampionOfAServer(MlflowVersion version) throws IOException, InterruptedException {
    PythonForecast.require(folder);
    Path table = SmallChain.write(folder.resolve("sales"));
    try (MlflowServer server = MlflowServer.start(version);
        HybridJob<Forecaster> job =
            HybridJob.named("demand-forecast")
                .data(sales(table))
                .train(
                    training(NHits.defaults().hidden(64), Losses.quantiles(0.1, 0.5, 0.9))
                        .epochs(8))
                .track(Mlflow.at(server.uri()).register("demand forecast").withoutSystemMetrics())
                .home(folder.resolve("home"))
                .build()) {
      JobResult<Forecaster> result = job.run();
      assertThat(result.gate().verdict()).isEqualTo(GateDecision.Verdict.PASSED);
      try (Forecaster forecaster = result.model()) {
        String link = result.trackedAt().orElseThrow();
        PythonForecast.assertSame(
            folder,
            table,
            server.uri().toString(),
            forecast(forecaster, sales(table)),
            TOLERANCE,
            "models:/demand forecast@champion",
            "models:/demand forecast/1",
            "runs:/" + link.substring(link.lastIndexOf('/') + 1) + "/model",
            result.directory().root().resolve("mlflow").resolve("model").toString());
      }
    }
  }

  /** Integer keys, weeks with gaps, missing values, a distribution; tracked in a directory. */
  @Test
  void loadsTheModelOfADirectoryOfRuns() throws IOException, InterruptedException {
    PythonForecast.require(folder);
    Path table = TestData.require("forecast/walmart_weekly");
    SeriesSource sales =
        DeltaSource.at(table.toString())
            .series(
                SeriesSpec.keyedBy("store", "dept")
                    .orderedBy("date", Frequency.WEEKLY)
                    .target("weekly_sales")
                    .past("temperature", "markdown1", "is_holiday")
                    .gaps(Gaps.MISSING));
    try (HybridJob<Forecaster> job =
        HybridJob.named("walmart")
            .data(sales)
            .train(
                training(NHits.defaults().hidden(16).centering(Centering.NONE), Losses.studentT())
                    .scale(Scaling.STANDARD)
                    .globalBatchSize(1024)
                    .epochs(1))
            .track(Mlflow.at(folder.resolve("mlruns").toString()).withoutSystemMetrics())
            .home(folder.resolve("home"))
            .build()) {
      try (Forecaster forecaster = job.run().model();
          Stream<Path> files = Files.walk(folder.resolve("mlruns"))) {
        Path description =
            files
                .filter(file -> file.endsWith(Path.of("model", "MLmodel")))
                .findFirst()
                .orElseThrow();
        PythonForecast.assertSame(
            folder,
            table,
            "",
            forecast(forecaster, sales),
            TOLERANCE,
            description.resolveSibling("").toString());
      }
    }
  }

  @Test
  void loadsAnEnsemble() throws IOException, InterruptedException {
    PythonForecast.require(folder);
    Path table = SmallChain.write(folder.resolve("sales"));
    SeriesSource sales = sales(table);
    try (Opened<SeriesStore> data = sales.load()) {
      try (ForecastEnsemble ensemble =
          ForecastEnsemble.of(
              Combination.MEDIAN,
              List.<ForecastModel>of(
                      DLinear.defaults(), NLinear.defaults(), NHits.defaults().hidden(16))
                  .stream()
                  .map(model -> member(model, data))
                  .toList())) {
        ensemble.save(folder.resolve("ensemble"));
        MlflowModel.of(folder.resolve("ensemble"), ensemble.pythonLoader(folder.resolve("python")))
            .write(folder.resolve("model"));
        PythonForecast.assertSame(
            folder,
            table,
            "",
            ensemble.forecast(data.data(), FutureRequest.all()),
            TOLERANCE,
            folder.resolve("model").toString());
      }
    }
  }

  private Forecaster member(ForecastModel model, Opened<SeriesStore> data) {
    TestJobContext context = TestJobContext.in(folder.resolve("home"), "ensemble", model.name());
    context.opened(data.provenance());
    return training(model, Losses.quantiles(0.1, 0.9))
        .epochs(1)
        .train(data.data(), context)
        .model();
  }
}
