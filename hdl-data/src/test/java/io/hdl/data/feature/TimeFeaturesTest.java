package io.hdl.data.feature;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.TimeAxis;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Features of the calendar, lags and rolling figures. */
class TimeFeaturesTest {
  private static final Split ALL = Split.last(0, 0);
  private static final float NAN = Float.NaN;
  private static final Channel PRICE = Channel.number("price", Channel.Role.PAST);

  private static SeriesStore days(TimeAxis axis, String first, int length) {
    float[] values = new float[length];
    return SeriesStore.builder(
            axis, List.of(Channel.number("units", Channel.Role.TARGET)), List.of())
        .add(SeriesKey.of("a"), axis.step(first).orElseThrow(), values, new float[0])
        .build();
  }

  // Weeks after the ISO 8601 calendar; weekdays after any calendar on a wall.
  @ParameterizedTest
  @CsvSource({
    "2012-12-31, 1, 0, 31, 366, 1, 12, 4",
    "2013-01-01, 2, 0, 1, 1, 1, 1, 1",
    "2010-01-03, 7, 1, 3, 3, 53, 1, 1",
    "2016-01-02, 6, 1, 2, 2, 53, 1, 1",
    "2024-02-29, 4, 0, 29, 60, 9, 2, 1",
    "1969-07-20, 7, 1, 20, 201, 29, 7, 3"
  })
  void readsTheCalendar(
      String date,
      float weekday,
      float weekend,
      float day,
      float dayOfYear,
      float week,
      float month,
      float quarter) {
    TimeAxis axis = TimeAxis.dates(Frequency.DAILY, LocalDate.EPOCH);
    FeaturePipeline pipeline =
        FeaturePipeline.empty()
            .calendar(
                CalendarField.WEEKDAY,
                CalendarField.WEEKEND,
                CalendarField.DAY_OF_MONTH,
                CalendarField.DAY_OF_YEAR,
                CalendarField.WEEK,
                CalendarField.MONTH,
                CalendarField.QUARTER);
    try (SeriesStore store = days(axis, date, 1);
        SeriesStore features = pipeline.fit(store, ALL).apply(store)) {
      float[] found = new float[7];
      for (int c = 0; c < 7; c++) {
        found[c] = features.value(0, 0, c + 1);
      }
      assertThat(found).containsExactly(weekday, weekend, day, dayOfYear, week, month, quarter);
      assertThat(features.channels())
          .extracting(Channel::name)
          .containsExactly(
              "units",
              "calendar_weekday",
              "calendar_weekend",
              "calendar_day_of_month",
              "calendar_day_of_year",
              "calendar_week",
              "calendar_month",
              "calendar_quarter");
      assertThat(features.channels().subList(1, 8))
          .extracting(Channel::role)
          .containsOnly(Channel.Role.KNOWN);
      assertThat(features.channels().get(2).kind()).isEqualTo(Channel.Kind.BOOLEAN);
    }
  }

  @Test
  void readsTheHourInUtcAndOfTimestampsWithoutAZone() {
    TimeAxis utc = TimeAxis.timestamps(Frequency.HOURLY, Instant.parse("2020-01-01T00:00:00Z"));
    TimeAxis local =
        TimeAxis.localTimestamps(Frequency.HOURLY, LocalDateTime.parse("2020-01-01T00:30:00"));
    FeaturePipeline pipeline = FeaturePipeline.empty().calendar(CalendarField.HOUR);
    try (SeriesStore store = days(utc, "2019-12-31T22:00:00Z", 4);
        SeriesStore features = pipeline.fit(store, ALL).apply(store)) {
      assertThat(FeatureStores.column(features, 0, "calendar_hour")).containsExactly(22, 23, 0, 1);
    }
    try (SeriesStore store = days(local, "2019-12-31T22:30:00", 3);
        SeriesStore features = pipeline.fit(store, ALL).apply(store)) {
      assertThat(FeatureStores.column(features, 0, "calendar_hour")).containsExactly(22, 23, 0);
    }
  }

  @Test
  void closesTheCircleOfMonthsAndYearsOfAnyLength() {
    TimeAxis axis = TimeAxis.dates(Frequency.DAILY, LocalDate.EPOCH);
    FeaturePipeline pipeline =
        FeaturePipeline.empty()
            .cyclic(CalendarField.WEEKDAY, CalendarField.DAY_OF_MONTH, CalendarField.DAY_OF_YEAR);
    try (SeriesStore store = days(axis, "2023-01-01", 800);
        SeriesStore features = pipeline.fit(store, ALL).apply(store)) {
      float[] sine = FeatureStores.column(features, 0, "calendar_day_of_year_sin");
      float[] cosine = FeatureStores.column(features, 0, "calendar_day_of_year_cos");
      for (int t = 0; t < sine.length; t++) {
        LocalDate date = LocalDate.of(2023, 1, 1).plusDays(t);
        double turn = (date.getDayOfYear() - 1.0) / date.lengthOfYear();
        assertThat(sine[t]).isCloseTo((float) Math.sin(2 * Math.PI * turn), within(1e-6f));
        assertThat(cosine[t]).isCloseTo((float) Math.cos(2 * Math.PI * turn), within(1e-6f));
      }
      // Neighbours are equally far apart over the turn of the year and of the month.
      assertThat(chord(features, "calendar_day_of_year", 364)).isCloseTo(0.0172, within(1e-3));
      assertThat(chord(features, "calendar_day_of_month", 58)).isCloseTo(0.224, within(1e-2));
      assertThat(chord(features, "calendar_weekday", 0)).isCloseTo(0.8678, within(1e-3));
    }
  }

  private static double chord(SeriesStore store, String name, int step) {
    float[] sine = FeatureStores.column(store, 0, name + "_sin");
    float[] cosine = FeatureStores.column(store, 0, name + "_cos");
    return Math.hypot(sine[step + 1] - sine[step], cosine[step + 1] - cosine[step]);
  }

  @Test
  void refusesACalendarWhereThereIsNone() {
    try (SeriesStore store = days(TimeAxis.integers(), "5", 3)) {
      assertThatThrownBy(
              () -> FeaturePipeline.empty().calendar(CalendarField.MONTH).fit(store, ALL))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
          .hasMessageContaining("calendar(MONTH): the time column holds integers");
    }
    try (SeriesStore store = days(FeatureStores.WEEKLY, "2012-10-26", 3)) {
      assertThatThrownBy(() -> FeaturePipeline.empty().cyclic(CalendarField.HOUR).fit(store, ALL))
          .hasMessageContaining("cyclic(HOUR): the time column holds dates, which have no hour");
    }
    assertThatThrownBy(() -> FeaturePipeline.empty().cyclic(CalendarField.WEEKEND))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("field: WEEKEND (expected: one that is cyclic)");
  }

  @Test
  void countsTheDaysToAndSinceEvents() {
    FeaturePipeline pipeline =
        FeaturePipeline.empty()
            .daysToEvent("sale", 10, List.of(LocalDate.of(2012, 11, 20), LocalDate.of(2012, 11, 2)))
            .daysSinceEvent("sale", 10, List.of(LocalDate.of(2012, 11, 2)));
    try (SeriesStore store = FeatureStores.one(PRICE, 1, 1, 1, 1, 1);
        SeriesStore features = pipeline.fit(store, ALL).apply(store)) {
      // 10-26, 11-02, 11-09, 11-16, 11-23
      assertThat(FeatureStores.column(features, 0, "days_to_sale"))
          .containsExactly(7, 0, 10, 4, 10);
      assertThat(FeatureStores.column(features, 0, "days_since_sale"))
          .containsExactly(10, 0, 7, 10, 10);
    }
  }

  @Test
  void looksBack() {
    FeaturePipeline pipeline =
        FeaturePipeline.empty()
            .lag("price", 1, 3, 99)
            .rolling("price", RollingStatistic.MEAN, 2, 1)
            .rolling("price", RollingStatistic.STD, 3, 0)
            .rolling("price", RollingStatistic.MIN, 2, 0)
            .rolling("price", RollingStatistic.MAX, 2, 2)
            .rolling("price", RollingStatistic.SUM, 2, 0);
    try (SeriesStore store = FeatureStores.one(PRICE, 1, 3, NAN, NAN, -2, 4);
        SeriesStore features = pipeline.fit(store, ALL).apply(store)) {
      assertThat(FeatureStores.column(features, 0, "price_lag_1"))
          .containsExactly(NAN, 1, 3, NAN, NAN, -2);
      assertThat(FeatureStores.column(features, 0, "price_lag_3"))
          .containsExactly(NAN, NAN, NAN, 1, 3, NAN);
      assertThat(FeatureStores.column(features, 0, "price_lag_99")).containsOnly(NAN);
      assertThat(FeatureStores.column(features, 0, "price_mean_2_lag_1"))
          .containsExactly(NAN, 1, 2, 3, NAN, -2);
      assertThat(FeatureStores.column(features, 0, "price_std_3_lag_0"))
          .containsExactly(0, 1, 1, 0, 0, 3);
      assertThat(FeatureStores.column(features, 0, "price_min_2_lag_0"))
          .containsExactly(1, 1, 3, NAN, -2, -2);
      assertThat(FeatureStores.column(features, 0, "price_max_2_lag_2"))
          .containsExactly(NAN, NAN, 1, 3, 3, NAN);
      assertThat(FeatureStores.column(features, 0, "price_sum_2_lag_0"))
          .containsExactly(1, 4, 3, NAN, -2, 2);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14, 15, 16})
  void rollsLikeASecondComputation(long seed) {
    int window = 1 + (int) (seed % 7);
    int lag = (int) (seed % 4);
    FeaturePipeline pipeline = FeaturePipeline.empty();
    for (RollingStatistic statistic : RollingStatistic.values()) {
      pipeline = pipeline.rolling("temperature", statistic, window, lag);
    }
    try (SeriesStore store = FeatureStores.random(seed);
        SeriesStore features = pipeline.fit(store, ALL).apply(store)) {
      for (int s = 0; s < store.seriesCount(); s++) {
        float[] values = FeatureStores.column(store, s, "temperature");
        for (RollingStatistic statistic : RollingStatistic.values()) {
          String name =
              "temperature_"
                  + statistic.name().toLowerCase(java.util.Locale.ROOT)
                  + "_"
                  + window
                  + "_lag_"
                  + lag;
          float[] found = FeatureStores.column(features, s, name);
          for (int t = 0; t < values.length; t++) {
            List<BigDecimal> seen = new ArrayList<>();
            for (int i = t - lag - window + 1; i <= t - lag; i++) {
              if (i >= 0 && !Float.isNaN(values[i])) {
                seen.add(new BigDecimal(values[i]));
              }
            }
            double expected = expected(statistic, seen);
            if (Double.isNaN(expected)) {
              assertThat(found[t]).as("seed %s, series %s, step %s, %s", seed, s, t, name).isNaN();
              continue;
            }
            assertThat((double) found[t])
                .as("seed %s, series %s, step %s, %s", seed, s, t, name)
                .isCloseTo(expected, within(1e-5 * Math.max(1, Math.abs(expected))));
          }
        }
      }
    }
  }

  private static double expected(RollingStatistic statistic, List<BigDecimal> values) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    MathContext exact = MathContext.DECIMAL128;
    BigDecimal count = new BigDecimal(values.size());
    BigDecimal sum = values.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
    BigDecimal mean = sum.divide(count, exact);
    return switch (statistic) {
      case MEAN -> mean.doubleValue();
      case SUM -> sum.doubleValue();
      case MIN -> java.util.Collections.min(values).doubleValue();
      case MAX -> java.util.Collections.max(values).doubleValue();
      case STD ->
          values.stream()
              .map(v -> v.subtract(mean).pow(2, exact))
              .reduce(BigDecimal.ZERO, BigDecimal::add)
              .divide(count, exact)
              .sqrt(exact)
              .doubleValue();
    };
  }

  @Test
  void keepsTheSpreadOfLargeNumbersThatDifferLittle() {
    FeaturePipeline pipeline =
        FeaturePipeline.empty().rolling("price", RollingStatistic.STD, 3, 0).standardise("price");
    try (SeriesStore store =
            FeatureStores.one(PRICE, 16_000_000, 16_000_001, 16_000_002, 16_000_100);
        SeriesStore features = pipeline.fit(store, ALL).apply(store)) {
      assertThat(FeatureStores.column(features, 0, "price_std_3_lag_0")[2])
          .isEqualTo((float) Math.sqrt(2.0 / 3));
      // Mean 16000025.75, deviation 42.868...
      assertThat(FeatureStores.column(features, 0, "price")[3]).isCloseTo(1.7318f, within(1e-3f));
    }
  }

  @Test
  void knowsALagAheadOnlyIfItReachesBackOverTheHorizon() {
    Channel price = Channel.number("price", Channel.Role.KNOWN);
    FeaturePipeline pipeline =
        FeaturePipeline.empty()
            .lag("units", 3, 4)
            .rolling("units", RollingStatistic.MEAN, 9, 3)
            .rolling("units", RollingStatistic.MEAN, 9, 4)
            .lag("price", 1)
            .copy("price", "price_copy")
            .copy("units", "units_copy");
    try (SeriesStore store = FeatureStores.one(price, 1, 2, 3, 4, 5);
        SeriesStore told = pipeline.fit(store, ALL, 4).apply(store);
        SeriesStore untold = pipeline.fit(store, ALL).apply(store)) {
      assertThat(told.channels())
          .extracting(Channel::name, Channel::role)
          .containsExactly(
              tuple("units", Channel.Role.TARGET),
              tuple("price", Channel.Role.KNOWN),
              tuple("units_lag_4", Channel.Role.KNOWN),
              tuple("units_mean_9_lag_4", Channel.Role.KNOWN),
              tuple("price_lag_1", Channel.Role.KNOWN),
              tuple("price_copy", Channel.Role.KNOWN),
              tuple("units_lag_3", Channel.Role.PAST),
              tuple("units_mean_9_lag_3", Channel.Role.PAST),
              tuple("units_copy", Channel.Role.PAST));
      assertThat(FeatureStores.role(untold, "units_lag_4")).isEqualTo(Channel.Role.PAST);
      // The known future reaches a horizon beyond the history, and the lag is there already.
      assertThat(told.length(0)).isEqualTo(9);
      assertThat(told.targetEnd(0)).isEqualTo(5);
      assertThat(FeatureStores.column(told, 0, "units_lag_4"))
          .containsExactly(NAN, NAN, NAN, NAN, 1, 2, 3, 4, 5);
      assertThat(FeatureStores.column(told, 0, "price_lag_1"))
          .containsExactly(NAN, 1, 2, 3, 4, 5, NAN, NAN, NAN);
      assertThat(untold.length(0)).isEqualTo(9 - 4);
    }
  }

  private static org.assertj.core.groups.Tuple tuple(Object... values) {
    return org.assertj.core.groups.Tuple.tuple(values);
  }

  @Test
  void refusesALagThatMustBeKnownAheadAndIsNot() {
    try (SeriesStore store = FeatureStores.one(PRICE, 1, 2, 3, 4, 5)) {
      assertThatThrownBy(() -> FeaturePipeline.empty().knownLag("units", 4, 3).fit(store, ALL, 4))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
          .hasMessage(
              "Cannot use knownLag(units, 3): \"units\" is known up to the forecast's origin only,"
                  + " and a lag of 3 does not reach back over a horizon of 4. Use a lag of at least"
                  + " 4, or a feature that need not be known ahead (lag).");
      assertThatThrownBy(
              () ->
                  FeaturePipeline.empty()
                      .knownRolling("price", RollingStatistic.MAX, 2, 1)
                      .fit(store, ALL))
          .hasMessageContaining("and no horizon is given. Fit with the horizon.");
    }
  }

  @Test
  void refusesToChangeTheTarget() {
    try (SeriesStore store = FeatureStores.one(PRICE, 1, 2)) {
      for (FeaturePipeline pipeline :
          List.of(
              FeaturePipeline.empty().log1p("units"),
              FeaturePipeline.empty().standardise("units"),
              FeaturePipeline.empty().impute(Imputation.forwardFill(), "units"))) {
        assertThatThrownBy(() -> pipeline.fit(store, ALL))
            .isInstanceOfSatisfying(
                HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
            .hasMessageContainingAll("\"units\" is the target", "copy(\"units\", \"units_input\")");
      }
    }
  }
}
