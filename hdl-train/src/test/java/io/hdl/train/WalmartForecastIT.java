package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.job.Opened;
import io.hdl.core.job.Trained;
import io.hdl.core.testing.TestData;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.DeltaSource;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesFilter;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.NHits;
import io.hdl.train.parallel.Devices;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real retail data: 2,660 weekly series; what the models' defaults reach on it. */
class WalmartForecastIT {
  @TempDir Path home;

  private record Run(Evaluation evaluation, Forecast future, long seconds) {}

  private Run run(ForecastModel model) {
    Path table = TestData.require("forecast/walmart_weekly");
    SeriesSpec spec =
        SeriesSpec.keyedBy("store", "dept")
            .orderedBy("date", Frequency.WEEKLY)
            .target("weekly_sales")
            .known("is_holiday")
            .keep(SeriesFilter.COMPLETE);
    try (Opened<SeriesStore> opened = DeltaSource.at(table).series(spec).load()) {
      long begun = System.nanoTime();
      Trained<Forecaster> trained =
          ForecastTraining.of(model)
              .context(52)
              .horizon(8)
              .split(Split.steps(127, 8, 8))
              .scale(Scaling.MEAN)
              .season(52)
              .devices(Devices.cpu())
              .train(opened.data(), TestJobContext.in(home, "walmart", model.name()).withSeed(1));
      long seconds = (System.nanoTime() - begun) / 1_000_000_000L;
      // The figures for whoever compares runs; the assertions hold only the bounds.
      System.out.println(model.name() + " after " + seconds + " s: " + trained.evaluation());
      try (Forecaster forecaster = trained.model()) {
        FutureRequest request =
            FutureRequest.of(SeriesKey.of("1", "1"), SeriesKey.of("1", "2"))
                .known((key, column, time) -> Optional.of(time.equals("2012-11-23")));
        return new Run(trained.evaluation(), forecaster.forecast(opened.data(), request), seconds);
      }
    }
  }

  @Test
  void nHitsBeatsTheSeasonalNaiveByItsDefaults() {
    Run run = run(NHits.defaults());
    assertThat(run.evaluation().series()).isEqualTo(2660);
    assertThat(wape(run, "seasonal_naive")).isCloseTo(0.1034, within(0.00005));
    assertThat(run.evaluation().model().value("wape").orElseThrow())
        .as("test WAPE after %d s", run.seconds())
        .isLessThanOrEqualTo(0.0961);
    Forecast.SeriesForecast first = run.future().series().get(0);
    assertThat(first.times()).startsWith("2012-11-02", "2012-11-09").endsWith("2012-12-21");
    assertThat(first.values()).allSatisfy(value -> assertThat(value).isBetween(5e3, 1e5));
  }

  @Test
  void dLinearBeatsTheSeasonalNaiveByItsDefaults() {
    Run run = run(DLinear.defaults());
    assertThat(run.evaluation().model().value("wape").orElseThrow())
        .as("test WAPE after %d s", run.seconds())
        .isLessThanOrEqualTo(0.0975);
  }

  private static double wape(Run run, String baseline) {
    return Objects.requireNonNull(run.evaluation().baselines().get(baseline))
        .value("wape")
        .orElseThrow();
  }
}
