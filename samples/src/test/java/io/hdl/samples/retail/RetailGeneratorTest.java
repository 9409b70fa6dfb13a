package io.hdl.samples.retail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.train.metric.PointErrors;
import java.time.DayOfWeek;
import java.time.LocalDate;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RetailGeneratorTest {
  private static final int TEST_DAYS = 56;
  private final RetailGenerator generator = new RetailGenerator(42, 4, 30, 3 * 364, 28);

  @Test
  void drawsTheSameSalesForTheSameSeed() {
    RetailSeries one = generator.series(17);
    RetailSeries same = new RetailGenerator(42, 4, 30, 3 * 364, 28).series(17);
    RetailSeries other = new RetailGenerator(43, 4, 30, 3 * 364, 28).series(17);
    int differing = 0;
    for (int day = 0; day < one.soldDays(); day++) {
      assertThat(Float.compare(same.units(day), one.units(day))).isZero();
      assertThat(same.expected(day)).isEqualTo(one.expected(day));
      assertThat(same.price(day)).isEqualTo(one.price(day));
      differing += one.units(day) == other.units(day) ? 0 : 1;
    }
    assertThat(differing).isGreaterThan(one.soldDays() / 2);
  }

  @Test
  void namesEverySeriesOnce() {
    assertThat(java.util.stream.IntStream.range(0, generator.seriesCount()))
        .extracting(i -> generator.series(i).store() + "/" + generator.series(i).product())
        .doesNotHaveDuplicates()
        .hasSize(120)
        .contains("S01/P001", "S04/P030");
  }

  @Test
  void findsSeriesByTheirKeys() {
    for (int i = 0; i < generator.seriesCount(); i += 7) {
      RetailSeries series = generator.series(i);
      assertThat(generator.index(series.store(), series.product())).isEqualTo(i);
    }
    assertThatThrownBy(() -> generator.index("S05", "P001"))
        .hasMessage("series S05/P001 (expected: one of the generator's)");
  }

  @Test
  void leavesSeasonalNaiveFarBehindTheExpectedValues() {
    PointErrors seasonal = new PointErrors();
    PointErrors expected = new PointErrors();
    PointErrors median = new PointErrors();
    for (int i = 0; i < generator.seriesCount(); i++) {
      RetailSeries series = generator.series(i);
      for (int day = series.soldDays() - TEST_DAYS; day < series.soldDays(); day++) {
        float actual = series.units(day);
        float before = series.units(day - 7);
        if (!Float.isNaN(before)) {
          seasonal.add(actual, before);
          expected.add(actual, series.expected(day));
          median.add(actual, series.median(day));
        }
      }
    }
    assertThat(seasonal.count()).isGreaterThan(6000);
    assertThat(expected.wape()).isLessThan(0.75 * seasonal.wape());
    assertThat(median.wape()).isLessThan(expected.wape());
    assertThat(expected.rmse()).isLessThan(median.rmse());
    assertThat(Math.abs(expected.bias())).isLessThan(0.03 * expected.volume() / expected.count());
  }

  @Test
  void sellsMoreOnPromotionAndBeforeHolidaysThanOtherwise() {
    double[] sum = new double[3];
    double[] mean = new double[3];
    for (int i = 0; i < generator.seriesCount(); i++) {
      RetailSeries series = generator.series(i);
      for (int day = 0; day < series.soldDays(); day++) {
        if (series.present(day)) {
          boolean eve = RetailCalendar.daysToHoliday(generator.date(day), 8) == 1;
          int kind = eve ? 2 : series.discount(day) > 0 ? 1 : 0;
          sum[kind] += series.units(day);
          mean[kind]++;
        }
      }
    }
    Arrays.setAll(mean, kind -> sum[kind] / mean[kind]);
    assertThat(mean[1]).isGreaterThan(1.3 * mean[0]);
    assertThat(mean[2]).isGreaterThan(1.3 * mean[0]);
  }

  @Test
  void hasSlowMoversStockOutsAndLostRows() {
    int slow = 0;
    int stockOuts = 0;
    int lost = 0;
    for (int i = 0; i < generator.seriesCount(); i++) {
      RetailSeries series = generator.series(i);
      double units = 0;
      for (int day = 0; day < series.soldDays(); day++) {
        if (series.present(day)) {
          units += series.units(day);
        } else if (!RetailCalendar.closed(generator.date(day))) {
          lost++;
        }
        stockOuts += series.stockOut(day) ? 1 : 0;
      }
      slow += units / series.soldDays() < 2 ? 1 : 0;
    }
    double days = (double) generator.seriesCount() * generator.soldDays();
    assertThat(slow).isBetween(12, 50);
    assertThat(stockOuts / days).isBetween(0.01, 0.03);
    assertThat(lost / days).isBetween(0.002, 0.006);
  }

  @Test
  void plansPricesBeyondTheSales() {
    RetailSeries series = generator.series(3);
    assertThat(series.days()).isEqualTo(series.soldDays() + 28);
    for (int day = series.soldDays(); day < series.days(); day++) {
      assertThat(series.price(day)).isPositive();
      assertThat(series.expected(day)).isPositive();
      assertThat(series.present(day)).isTrue();
    }
  }

  @Test
  void knowsTheCalendar() {
    assertThat(RetailGenerator.FIRST_DAY.getDayOfWeek()).isEqualTo(DayOfWeek.MONDAY);
    assertThat(RetailCalendar.easter(2024)).isEqualTo(LocalDate.of(2024, 3, 31));
    assertThat(RetailCalendar.easter(2025)).isEqualTo(LocalDate.of(2025, 4, 20));
    assertThat(RetailCalendar.holiday(LocalDate.of(2024, 11, 28))).isTrue();
    assertThat(RetailCalendar.closed(LocalDate.of(2024, 12, 25))).isTrue();
    assertThat(RetailCalendar.daysToHoliday(LocalDate.of(2024, 12, 23), 8)).isEqualTo(1);
  }

  @Test
  void refusesSizesOutOfRange() {
    assertThatThrownBy(() -> new RetailGenerator(1, 0, 5, 10, 0))
        .hasMessage("stores: 0 (expected: 1 to 99)");
    assertThatThrownBy(() -> generator.series(120)).hasMessage("series 120 of 120");
  }
}
