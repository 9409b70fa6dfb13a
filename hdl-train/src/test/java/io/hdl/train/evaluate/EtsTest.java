package io.hdl.train.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.hdl.train.metric.ReferenceValues;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Holds exponential smoothing against statsmodels and statsforecast. */
class EtsTest {
  /** Forecasts agree to this share of their size where the same form is chosen. */
  private static final double FORECAST = 0.005;

  /** The deviance is at most this much above the lower of the references'. */
  private static final double FREE_SEASON = 0.2;

  /** The same where initial indices come from a decomposition. */
  private static final double FIXED_SEASON = 4;

  @Test
  void choosesTheFormThatTheBestReferenceFitsFavour() {
    for (ReferenceValues one : SeriesMethodsTest.read("ets.json")) {
      double[] history = one.numbers("history");
      EtsFit best = Ets.best(history, (int) one.number("season")).orElseThrow();
      ReferenceValues favoured =
          one.cases("forms").stream()
              .min(Comparator.comparingDouble(EtsTest::lowestAicc))
              .orElseThrow();
      assertThat(best.form().toString()).as(one.text("series")).isEqualTo(favoured.text("form"));
      double tolerance = one.number("season") > EtsFit.FREE_SEASON ? FIXED_SEASON : FREE_SEASON;
      assertThat(best.aicc()).as(one.text("series")).isLessThan(lowestAicc(favoured) + tolerance);
      SeriesMethodsTest.assertRelative(
          best.forecast(12), favoured.numbers("other_forecast"), FORECAST, one);
    }
  }

  /** Two forms in all stay in a local optimum; neither is near being chosen. */
  @Test
  void fitsNearlyAllFormsAsWellAsTheBetterReference() {
    List<String> worse = new ArrayList<>();
    for (ReferenceValues one : SeriesMethodsTest.read("ets.json")) {
      double[] history = one.numbers("history");
      int season = (int) one.number("season");
      Map<String, EtsForm> forms = new HashMap<>();
      EtsForm.all(true, season > 1).forEach(form -> forms.put(form.toString(), form));
      for (ReferenceValues reference : one.cases("forms")) {
        EtsForm form = Objects.requireNonNull(forms.get(reference.text("form")));
        EtsFit fit = EtsFit.of(history, form, season).refined();
        double tolerance = season > EtsFit.FREE_SEASON ? FIXED_SEASON : 2;
        if (fit.deviance() > lowestDeviance(reference) + tolerance) {
          worse.add(one.text("series") + " " + form);
        }
      }
    }
    assertThat(worse)
        .containsExactlyInAnyOrder("air_passengers ETS(A,N,A)", "air_passengers ETS(A,Ad,A)");
  }

  @Test
  void countsParametersAsOthersDo() {
    for (ReferenceValues one : SeriesMethodsTest.read("ets.json")) {
      double[] history = one.numbers("history");
      EtsForm simple = new EtsForm(EtsForm.Part.ADDITIVE, EtsForm.Trend.NONE, EtsForm.Part.NONE);
      EtsFit fit = EtsFit.of(history, simple, (int) one.number("season"));
      ReferenceValues reference = one.cases("forms").get(0);
      assertThat(fit.aicc() - fit.deviance())
          .isCloseTo(reference.number("aicc") - reference.number("deviance"), within(1e-6));
    }
  }

  @Test
  void hasNoMultiplicativePartWhereValuesAreNotPositive() {
    assertThat(EtsForm.all(false, true))
        .extracting(EtsForm::toString)
        .containsExactly(
            "ETS(A,N,N)", "ETS(A,N,A)", "ETS(A,A,N)", "ETS(A,A,A)", "ETS(A,Ad,N)", "ETS(A,Ad,A)");
    assertThat(EtsForm.all(true, true)).hasSize(15);
  }

  private static double lowestDeviance(ReferenceValues form) {
    return Math.min(form.number("deviance"), form.number("other_deviance"));
  }

  private static double lowestAicc(ReferenceValues form) {
    return form.number("aicc") - form.number("deviance") + lowestDeviance(form);
  }
}
