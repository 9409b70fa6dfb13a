package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class AxisFinderTest {
  private static final long HOUR = TimeAxis.MICROS_PER_HOUR;

  private final KeyDictionary keys =
      new KeyDictionary(PageSource.DIRECT, List.of(KeyBytes.Part.INTEGER));

  /** The key of each row is its number of hundreds. */
  private void add(AxisFinder finder, long batch, long... values) {
    AxisFinder.Batch counted = finder.batch();
    for (int row = 0; row < values.length; row++) {
      counted.add(values[row], row);
    }
    finder.add(
        counted,
        batch,
        values.length,
        row -> keys.number(new KeyBytes().integer(100 * batch + row)));
  }

  private static long[] days(String... dates) {
    return Arrays.stream(dates).mapToLong(date -> LocalDate.parse(date).toEpochDay()).toArray();
  }

  @Test
  void monthsMayEndOnTheirLastDay() {
    AxisFinder finder = new AxisFinder(Frequency.MONTHLY, TimeAxis.Unit.DATE);
    add(finder, 0, days("2024-01-31", "2024-02-29", "2023-02-28", "2024-04-30"));
    assertThat(finder.axis("month", keys))
        .isEqualTo(TimeAxis.dates(Frequency.MONTHLY, LocalDate.of(2024, 1, 31)));
    assertThat(finder.rows()).isEqualTo(4);
  }

  @Test
  void refusesMonthsOnDifferentDaysAndNamesTheFirstRow() {
    for (boolean turned : new boolean[] {false, true}) {
      AxisFinder finder = new AxisFinder(Frequency.MONTHLY, TimeAxis.Unit.DATE);
      long[] early = days("2024-01-30", "2024-02-28", "2024-03-30");
      long[] late = days("2024-02-28", "2024-02-29");
      add(finder, turned ? 2 : 1, turned ? late : early);
      add(finder, turned ? 1 : 2, turned ? early : late);
      assertThatThrownBy(() -> finder.axis("month", keys))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
          .hasMessageContaining("\"month\": 2 of 5 rows are off the MONTHLY grid")
          .hasMessageContaining("series 101 at 2024-02-28 (the others as in 2024-01-30)");
    }
  }

  @Test
  void mostRowsTellTheTimeOfDay() {
    AxisFinder finder = new AxisFinder(Frequency.DAILY, TimeAxis.Unit.TIMESTAMP);
    add(finder, 0, 6 * HOUR, 30 * HOUR, 54 * HOUR);
    assertThat(finder.axis("at", keys).label(1)).isEqualTo("1970-01-02T06:00:00Z");
    add(finder, 1, 78 * HOUR, 80 * HOUR);
    assertThatThrownBy(() -> finder.axis("at", keys))
        .hasMessageContaining("1 of 5 rows are off the DAILY grid")
        .hasMessageContaining("series 101 at 1970-01-04T08:00:00Z")
        .hasMessageContaining("the nearest step before it is 1970-01-04T06:00:00Z");
  }

  @Test
  void boundsItsMemoryWhereThereIsNoGrid() {
    AxisFinder finder = new AxisFinder(Frequency.HOURLY, TimeAxis.Unit.TIMESTAMP);
    for (int batch = 0; batch < 10; batch++) {
      long[] values = new long[1000];
      for (int row = 0; row < values.length; row++) {
        values[row] = 1000L * batch + row;
      }
      add(finder, batch, values);
    }
    assertThatThrownBy(() -> finder.axis("at", keys))
        .hasMessageContaining("9999 of 10000 rows are off the HOURLY grid");
  }
}
