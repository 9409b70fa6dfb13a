package io.hdl.data.series;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Translates between step numbers and what stands in the time column. Step numbers are absolute:
 * the same step has the same number in every series, and neighbours differ by one. Immutable.
 */
public final class TimeAxis {
  /** What the time column holds. */
  public enum Unit {
    /** Dates; values count days since 1970-01-01. */
    DATE,
    /** Instants; values count microseconds since 1970-01-01T00:00:00Z. */
    TIMESTAMP,
    /** Dates with a time of day and no zone; values count microseconds since 1970-01-01T00:00. */
    LOCAL_TIMESTAMP,
    /** Integers; values are the step numbers. */
    INTEGER
  }

  static final long MICROS_PER_HOUR = 3_600_000_000L;
  static final long MICROS_PER_DAY = 24 * MICROS_PER_HOUR;

  private final Frequency frequency;
  private final Unit unit;
  // Length of a step in units of the column; 0 where months differ in length.
  private final long period;
  // Value of step 0 for equal steps; time of day for months.
  private final long phase;
  // Months: the day of the month that every step falls on, or the last one in shorter months.
  private final int dayOfMonth;

  private TimeAxis(Frequency frequency, Unit unit, long period, long phase, int dayOfMonth) {
    this.frequency = frequency;
    this.unit = unit;
    this.period = period;
    this.phase = phase;
    this.dayOfMonth = dayOfMonth;
  }

  /**
   * An axis of dates.
   *
   * @param anchor any date that is a step; it fixes the weekday or the day of the month
   */
  public static TimeAxis dates(Frequency frequency, LocalDate anchor) {
    return of(frequency, Unit.DATE, anchor.toEpochDay(), anchor.getDayOfMonth());
  }

  /**
   * An axis of instants.
   *
   * @param anchor any instant that is a step, in whole microseconds
   */
  public static TimeAxis timestamps(Frequency frequency, Instant anchor) {
    return of(
        frequency, Unit.TIMESTAMP, micros(anchor), anchor.atOffset(ZoneOffset.UTC).getDayOfMonth());
  }

  /**
   * An axis of dates with a time of day and no zone.
   *
   * @param anchor any moment that is a step, in whole microseconds
   */
  public static TimeAxis localTimestamps(Frequency frequency, LocalDateTime anchor) {
    return of(
        frequency,
        Unit.LOCAL_TIMESTAMP,
        micros(anchor.toInstant(ZoneOffset.UTC)),
        anchor.getDayOfMonth());
  }

  /** An axis of integers, each of which is a step. */
  public static TimeAxis integers() {
    return new TimeAxis(Frequency.INTEGER, Unit.INTEGER, 1, 0, 0);
  }

  /**
   * The axis that has a given value as a step.
   *
   * @param anchor a value of the time column, in its unit
   * @param dayOfMonth the day that months fall on; not used by other frequencies
   */
  static TimeAxis of(Frequency frequency, Unit unit, long anchor, int dayOfMonth) {
    if (!fits(frequency, unit)) {
      throw new IllegalArgumentException(
          "frequency: " + frequency + " (expected: one that goes with " + unit + ")");
    }
    if (unit == Unit.INTEGER) {
      return integers();
    }
    long day = unit == Unit.DATE ? 1 : MICROS_PER_DAY;
    if (frequency == Frequency.MONTHLY) {
      return new TimeAxis(frequency, unit, 0, Math.floorMod(anchor, day), dayOfMonth);
    }
    long period =
        switch (frequency) {
          case HOURLY -> MICROS_PER_HOUR;
          case DAILY -> day;
          case WEEKLY -> 7 * day;
          case MONTHLY, INTEGER -> throw new IllegalStateException(frequency.name());
        };
    return new TimeAxis(frequency, unit, period, Math.floorMod(anchor, period), 0);
  }

  /** Whether a column of this unit can have this frequency. */
  static boolean fits(Frequency frequency, Unit unit) {
    return switch (unit) {
      case INTEGER -> frequency == Frequency.INTEGER;
      case DATE -> frequency != Frequency.INTEGER && frequency != Frequency.HOURLY;
      case TIMESTAMP, LOCAL_TIMESTAMP -> frequency != Frequency.INTEGER;
    };
  }

  /** How far neighbouring steps lie apart. */
  public Frequency frequency() {
    return frequency;
  }

  /** What the time column holds. */
  public Unit unit() {
    return unit;
  }

  /**
   * What stands in the time column at a step: {@code 2012-10-26} for dates, {@code
   * 2012-10-26T05:00:00Z} for timestamps, {@code 2012-10-26T05:00:00} for timestamps without a
   * zone, {@code 17} for integers.
   */
  public String label(long step) {
    return text(unit, value(step));
  }

  /**
   * The moment of a step: the date at midnight, the instant in UTC, the timestamp without a zone as
   * it stands there; empty for integers.
   */
  public Optional<LocalDateTime> moment(long step) {
    long value = value(step);
    return switch (unit) {
      case INTEGER -> Optional.empty();
      case DATE -> Optional.of(LocalDate.ofEpochDay(value).atStartOfDay());
      case TIMESTAMP, LOCAL_TIMESTAMP ->
          Optional.of(
              LocalDateTime.ofInstant(
                  Instant.EPOCH.plus(value, ChronoUnit.MICROS), ZoneOffset.UTC));
    };
  }

  /**
   * The step that a label names, the inverse of {@link #label}; empty if the label is malformed or
   * lies between two steps.
   */
  public OptionalLong step(String label) {
    Long value = parse(label);
    return value == null || !onGrid(value) ? OptionalLong.empty() : OptionalLong.of(floor(value));
  }

  /**
   * The first step at or after the moment that a label names, which need not be a step itself; a
   * bare date stands for its first moment. Empty if the label is malformed.
   */
  public OptionalLong stepAtOrAfter(String label) {
    Long value = parse(label);
    if (value == null) {
      return OptionalLong.empty();
    }
    long step = floor(value);
    return OptionalLong.of(value(step) >= value ? step : step + 1);
  }

  /** Length of a step in the unit of the time column; 0 where steps differ in length. */
  long period() {
    return period;
  }

  /** Value of step 0 where steps are equal; the time of day of months. */
  long phase() {
    return phase;
  }

  /** The day that months fall on; 0 for other frequencies. */
  int dayOfMonth() {
    return dayOfMonth;
  }

  /** Length of a day in a unit that has days. */
  static long day(Unit unit) {
    return unit == Unit.DATE ? 1 : MICROS_PER_DAY;
  }

  /** Whether a value of the time column, in its unit, is a step. */
  boolean onGrid(long value) {
    return value(floor(value)) == value;
  }

  /** The last step at or before a value of the time column, in its unit. */
  long floor(long value) {
    if (period != 0) {
      return Math.floorDiv(value - phase, period);
    }
    LocalDate date = dateOf(unit, value);
    long month = date.getYear() * 12L + date.getMonthValue() - 1;
    return value(month) <= value ? month : month - 1;
  }

  /** The value of the time column at a step, in its unit. */
  long value(long step) {
    if (period != 0) {
      return Math.addExact(Math.multiplyExact(step, period), phase);
    }
    int year = Math.toIntExact(Math.floorDiv(step, 12L));
    int month = (int) Math.floorMod(step, 12L) + 1;
    LocalDate first = LocalDate.of(year, month, 1);
    long day = first.toEpochDay() + Math.min(dayOfMonth, first.lengthOfMonth()) - 1;
    return unit == Unit.DATE ? day : Math.addExact(Math.multiplyExact(day, MICROS_PER_DAY), phase);
  }

  /** A value of a time column as text. */
  static String text(Unit unit, long value) {
    return switch (unit) {
      case DATE -> LocalDate.ofEpochDay(value).toString();
      case INTEGER -> Long.toString(value);
      case TIMESTAMP -> Instant.EPOCH.plus(value, ChronoUnit.MICROS).toString();
      case LOCAL_TIMESTAMP ->
          DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(
              LocalDateTime.ofInstant(
                  Instant.EPOCH.plus(value, ChronoUnit.MICROS), ZoneOffset.UTC));
    };
  }

  static LocalDate dateOf(Unit unit, long value) {
    return LocalDate.ofEpochDay(unit == Unit.DATE ? value : Math.floorDiv(value, MICROS_PER_DAY));
  }

  static DayOfWeek weekdayOf(Unit unit, long value) {
    return dateOf(unit, value).getDayOfWeek();
  }

  private @Nullable Long parse(String label) {
    try {
      return switch (unit) {
        case DATE -> LocalDate.parse(label).toEpochDay();
        case INTEGER -> Long.valueOf(label);
        case TIMESTAMP, LOCAL_TIMESTAMP -> parseMoment(label);
      };
    } catch (DateTimeException | NumberFormatException | ArithmeticException e) {
      return null;
    }
  }

  private long parseMoment(String label) {
    if (label.indexOf('T') < 0) {
      return Math.multiplyExact(LocalDate.parse(label).toEpochDay(), MICROS_PER_DAY);
    }
    Instant instant =
        unit == Unit.TIMESTAMP
            ? DateTimeFormatter.ISO_OFFSET_DATE_TIME.parse(label, Instant::from)
            : LocalDateTime.parse(label).toInstant(ZoneOffset.UTC);
    return micros(instant);
  }

  // Not ChronoUnit.between, which goes through nanoseconds and so ends in the year 2262.
  private static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TimeAxis that
        && frequency == that.frequency
        && unit == that.unit
        && phase == that.phase
        && dayOfMonth == that.dayOfMonth;
  }

  @Override
  public int hashCode() {
    return java.util.Objects.hash(frequency, unit, phase, dayOfMonth);
  }

  @Override
  public String toString() {
    return frequency + " " + unit;
  }
}
