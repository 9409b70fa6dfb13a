package io.hdl.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.job.Trained;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.series.SeriesStore;
import io.hdl.train.loss.Loss;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.Centering;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.Models;
import io.hdl.train.model.NBeats;
import io.hdl.train.model.NHits;
import io.hdl.train.model.Tide;
import io.hdl.train.model.TsMixer;
import io.hdl.train.optim.Adam;
import java.nio.file.Path;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A short training on made-up sales makes each model better than the naive forecasts. */
class ModelsLearnTest {
  private static final int HORIZON = 6;

  @TempDir Path home;

  static Stream<ForecastModel> models() {
    return Stream.concat(
        Models.names().stream().map(Models::defaults),
        Stream.of(
            NHits.defaults().hidden(64).centering(Centering.STANDARD),
            NBeats.interpretable().hidden(64).centering(Centering.LAST_ABSOLUTE),
            Tide.defaults().hidden(64).centering(Centering.REVERSIBLE),
            TsMixer.defaults().centering(Centering.ABSOLUTE)));
  }

  private Evaluation evaluation(ForecastModel model) {
    Loss loss = model.readsLabel() ? Losses.gaussian() : Losses.mae();
    try (SeriesStore store = SampleSeries.store(12, HORIZON, 9)) {
      Trained<Forecaster> trained =
          SampleSeries.training(model, HORIZON)
              .epochs(10)
              .optimizer(Adam.learningRate(2e-3))
              .loss(loss)
              .withoutReport()
              .train(store, TestJobContext.in(home, "learn", "run"));
      trained.model().close();
      return trained.evaluation();
    }
  }

  private static double wape(Evaluation evaluation, String baseline) {
    return Objects.requireNonNull(evaluation.baselines().get(baseline)).value("wape").orElseThrow();
  }

  @ParameterizedTest
  @MethodSource("models")
  void beatsTheNaiveForecasts(ForecastModel model) {
    Evaluation evaluation = evaluation(model);
    double own = evaluation.model().value("wape").orElseThrow();
    // Promotions explain most of what is not season: who sees them can do better.
    double share = model.seesCovariates() ? 0.5 : 0.65;
    assertThat(own).isLessThan(share * wape(evaluation, "naive"));
  }
}
