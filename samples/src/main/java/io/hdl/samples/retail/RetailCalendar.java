package io.hdl.samples.retail;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.Month;
import java.time.MonthDay;
import java.time.temporal.TemporalAdjusters;
import java.util.Set;

/** The days on which the made-up chain sells more, less or nothing. */
final class RetailCalendar {
  private static final Set<MonthDay> CLOSED = Set.of(MonthDay.of(1, 1), MonthDay.of(12, 25));
  private static final Set<MonthDay> FIXED =
      Set.of(
          MonthDay.of(1, 1),
          MonthDay.of(5, 1),
          MonthDay.of(7, 4),
          MonthDay.of(10, 31),
          MonthDay.of(12, 24),
          MonthDay.of(12, 25),
          MonthDay.of(12, 31));

  private RetailCalendar() {}

  /** Whether the stores are closed, so that there are no rows at all. */
  static boolean closed(LocalDate day) {
    return CLOSED.contains(MonthDay.from(day));
  }

  /** Whether the day is a holiday, known ahead. */
  static boolean holiday(LocalDate day) {
    return FIXED.contains(MonthDay.from(day))
        || day.equals(thanksgiving(day.getYear()))
        || day.equals(easter(day.getYear()));
  }

  /** Days from this day to the next holiday, 0 on the holiday itself, at most {@code limit}. */
  static int daysToHoliday(LocalDate day, int limit) {
    for (int ahead = 0; ahead < limit; ahead++) {
      if (holiday(day.plusDays(ahead))) {
        return ahead;
      }
    }
    return limit;
  }

  /** How much the demand of a day is lifted or lowered by holidays, 1 for an ordinary day. */
  static double lift(LocalDate day, double strength) {
    if (holiday(day)) {
      return 1 - 0.35 * strength;
    }
    return switch (daysToHoliday(day, 4)) {
      case 1 -> 1 + 0.60 * strength;
      case 2 -> 1 + 0.35 * strength;
      case 3 -> 1 + 0.15 * strength;
      default -> 1;
    };
  }

  private static LocalDate thanksgiving(int year) {
    return LocalDate.of(year, Month.NOVEMBER, 1)
        .with(TemporalAdjusters.dayOfWeekInMonth(4, DayOfWeek.THURSDAY));
  }

  /** Easter Sunday by the Gregorian calendar (Meeus, Jones, Butcher). */
  static LocalDate easter(int year) {
    int a = year % 19;
    int b = year / 100;
    int c = year % 100;
    int d = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    int e = (32 + 2 * (b % 4) + 2 * (c / 4) - d - c % 4) % 7;
    int f = d + e - 7 * ((a + 11 * d + 22 * e) / 451) + 114;
    return LocalDate.of(year, f / 31, f % 31 + 1);
  }
}
