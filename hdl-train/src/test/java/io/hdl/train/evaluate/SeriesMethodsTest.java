package io.hdl.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hdl.train.metric.ReferenceValues;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the baselines against statsforecast and statsmodels. */
class SeriesMethodsTest {
  private static final double NAN = Double.NaN;

  @Test
  void agreesOnIntermittentDemand() {
    for (ReferenceValues one : read("intermittent.json")) {
      double[] history = one.numbers("history");
      assertClose(Croston.CLASSIC.forecast(history, 1), one.number("croston"));
      assertClose(Croston.SBA.forecast(history, 1), one.number("croston_sba"));
      assertClose(Croston.TSB.forecast(history, 1), one.number("croston_tsb"));
      assertClose(new MovingAverage(7).forecast(history, 1), one.number("moving_average"));
    }
  }

  /** The smoothed level is estimated by other means there: within 0.2 percent. */
  @Test
  void agreesOnTheta() {
    for (ReferenceValues one : read("theta.json")) {
      double[] history = one.numbers("history");
      int season = (int) one.number("season");
      assertThat(SeasonalAdjustment.of(history, season).indices().length > 1)
          .as(one.text("series"))
          .isEqualTo(one.content().get("seasonal"));
      assertRelative(new Naive2(season).forecast(history, 12), one.numbers("naive2"), 1e-8, one);
      assertRelative(new Theta(season).forecast(history, 12), one.numbers("theta"), 2e-3, one);
    }
  }

  @Test
  void leavesMissingStepsOutOfAveragesAndIntervals() {
    double[] history = {4, NAN, 0, NAN, 6};
    assertThat(new MovingAverage(2).forecast(history, 2)).containsExactly(3, 3);
    assertThat(Croston.CLASSIC.forecast(history, 1)[0])
        .isCloseTo((4 + 0.1 * 2) / (1 + 0.1), within(1e-12));
  }

  @Test
  void forecastsZeroWithoutAnyDemand() {
    for (Croston method : Croston.values()) {
      assertThat(method.forecast(new double[] {0, 0, NAN, 0}, 2)).containsExactly(0, 0);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 12, 52})
  void forecastsShortConstantAndBrokenHistories(int season) {
    List<SeriesMethod> methods =
        List.of(new Naive2(season), new Theta(season), new Ets(season), new MovingAverage(season));
    for (SeriesMethod method : methods) {
      assertThat(method.forecast(new double[] {3}, 3)).as("%s", method).containsExactly(3, 3, 3);
      double[] constant = new double[60];
      Arrays.fill(constant, 5);
      for (double value : method.forecast(constant, 3)) {
        assertThat(value).as("%s", method).isCloseTo(5, within(1e-9));
      }
      assertThat(method.forecast(new double[70], 2)).as("%s", method).containsExactly(0, 0);
      for (int length : new int[] {2, 3, 7, 8, 9, 13, 30, 110}) {
        double[] forecast = method.forecast(broken(length), 60);
        assertThat(Arrays.stream(forecast).allMatch(Double::isFinite))
            .as("%s of %d steps", method, length)
            .isTrue();
      }
    }
  }

  @Test
  void forecastsWhereATrendLeadsBelowZero() {
    double[] history = new double[40];
    Arrays.fill(history, 1);
    for (int t = 0; t < 8; t++) {
      history[t] = Math.pow(10, 8 - t);
    }
    for (double value : new Ets(1).forecast(history, 5)) {
      assertThat(value).isFinite();
    }
    EtsForm steep =
        new EtsForm(EtsForm.Part.MULTIPLICATIVE, EtsForm.Trend.ADDITIVE, EtsForm.Part.NONE);
    assertThat(EtsFit.of(history, steep, 1).aicc()).isNotNaN();
  }

  @Test
  void seasonsAreDividedOutAndComeBack() {
    double[] history = new double[40];
    for (int t = 0; t < history.length; t++) {
      history[t] = 10 * new double[] {0.5, 1, 1.5, 1}[t % 4];
    }
    assertThat(new Naive2(4).forecast(history, 5)[4]).isCloseTo(5, within(1e-9));
    assertThat(new Theta(4).forecast(history, 5)[2]).isCloseTo(15, within(1e-6));
    assertThat(new Ets(4).forecast(history, 5)[1]).isCloseTo(10, within(0.1));
  }

  @ParameterizedTest
  @EnumSource(Croston.class)
  void smoothsDemandToItsMean(Croston method) {
    double[] history = new double[400];
    for (int t = 0; t < history.length; t += 2) {
      history[t] = 6;
    }
    double expected = method == Croston.SBA ? 2.85 : 3;
    assertThat(method.forecast(history, 1)[0]).isCloseTo(expected, within(0.4));
  }

  private static double[] broken(int length) {
    Random random = new Random(length);
    double[] values = new double[length];
    for (int t = 0; t < length; t++) {
      values[t] = t > 0 && random.nextInt(4) == 0 ? NAN : random.nextInt(3) * random.nextDouble();
    }
    return values;
  }

  static List<ReferenceValues> read(String name) {
    return ReferenceValues.read(SeriesMethodsTest.class, name).cases("cases");
  }

  private static void assertClose(double[] forecast, double expected) {
    assertThat(forecast[0]).isCloseTo(expected, within(1e-9));
  }

  static void assertRelative(
      double[] forecast, double[] expected, double tolerance, ReferenceValues of) {
    double scale = Arrays.stream(expected).map(Math::abs).average().orElseThrow();
    for (int step = 0; step < expected.length; step++) {
      assertThat(forecast[step])
          .as("%s, step %d", of.content().get("series"), step)
          .isCloseTo(expected[step], within(tolerance * scale));
    }
  }
}
