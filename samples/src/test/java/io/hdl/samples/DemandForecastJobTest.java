package io.hdl.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.HybridJob;
import io.hdl.core.JobResult;
import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.Opened;
import io.hdl.data.DeltaSource;
import io.hdl.data.SeriesSource;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.Gaps;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.train.Forecast;
import io.hdl.train.ForecastTraining;
import io.hdl.train.Forecaster;
import io.hdl.train.FutureRequest;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.NHits;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A training job as a project of one's own would test it. */
class DemandForecastJobTest {
  @TempDir Path folder;

  @Test
  void beatsTheSeasonalNaiveAndForecastsTheDaysToCome() {
    Path table = SmallChain.write(folder.resolve("sales"));
    SeriesSource sales =
        DeltaSource.at(table.toString())
            .series(
                SeriesSpec.keyedBy("store", "product")
                    .orderedBy("date", Frequency.DAILY)
                    .target("units")
                    .known("discount", "is_holiday", "weekday")
                    .constant("category")
                    .gaps(Gaps.MISSING));

    try (HybridJob<Forecaster> job =
        HybridJob.named("demand-forecast")
            .data(sales)
            .train(
                ForecastTraining.of(NHits.defaults().hidden(64))
                    .context(28)
                    .horizon(14)
                    .split(Split.last(14, 14))
                    .scale(Scaling.MEAN)
                    .season(7)
                    .epochs(8)
                    .globalBatchSize(128)
                    .loss(Losses.quantiles(0.1, 0.5, 0.9)))
            .home(folder.resolve("home"))
            .build()) {
      JobResult<Forecaster> result = job.run();

      Evaluation evaluation = result.evaluation();
      assertThat(evaluation.model().value("wape").orElseThrow())
          .isLessThan(
              evaluation
                  .baselines()
                  .getOrDefault("seasonal_naive", Scores.NONE)
                  .value("wape")
                  .orElseThrow());

      try (Forecaster forecaster = result.model();
          Opened<SeriesStore> data = sales.load()) {
        SeriesKey key = SeriesKey.of("S02", "P003");
        Forecast forecast = forecaster.forecast(data.data(), FutureRequest.of(key));
        Forecast.SeriesForecast future = forecast.of(key).orElseThrow();
        assertThat(future.times())
            .containsExactlyElementsOf(
                IntStream.range(280, 294)
                    .mapToObj(day -> SmallChain.GENERATOR.date(day).toString())
                    .toList());
        assertThat(future.values()).hasSize(14).allMatch(Double::isFinite);
        assertThat(future.quantiles()).containsOnlyKeys(0.1, 0.5, 0.9);
      }
    }
  }
}
