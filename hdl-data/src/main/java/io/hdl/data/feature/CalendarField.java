package io.hdl.data.feature;

import java.time.LocalDateTime;
import java.time.temporal.ChronoField;
import java.time.temporal.IsoFields;
import java.util.Locale;

/**
 * What the moment of a step says by the calendar (ISO 8601; instants in UTC). A number as a channel
 * of its own, or a place on a circle, so that the last value lies next to the first.
 */
public enum CalendarField {
  /** 0 to 23. */
  HOUR,
  /** 1 for Monday to 7 for Sunday. */
  WEEKDAY,
  /** 1 for Saturday and Sunday, else 0; not cyclic. */
  WEEKEND,
  /** 1 to 31. */
  DAY_OF_MONTH,
  /** 1 to 366. */
  DAY_OF_YEAR,
  /** Week of the week-based year, 1 to 53 (ISO 8601). */
  WEEK,
  /** 1 to 12. */
  MONTH,
  /** 1 to 4. */
  QUARTER;

  /** The channel's name, {@code calendar_month}. */
  String channel() {
    return "calendar_" + name().toLowerCase(Locale.ROOT);
  }

  boolean cyclic() {
    return this != WEEKEND;
  }

  int value(LocalDateTime moment) {
    return switch (this) {
      case HOUR -> moment.getHour();
      case WEEKDAY -> moment.getDayOfWeek().getValue();
      case WEEKEND -> moment.getDayOfWeek().getValue() >= 6 ? 1 : 0;
      case DAY_OF_MONTH -> moment.getDayOfMonth();
      case DAY_OF_YEAR -> moment.getDayOfYear();
      case WEEK -> moment.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
      case MONTH -> moment.getMonthValue();
      case QUARTER -> moment.get(IsoFields.QUARTER_OF_YEAR);
    };
  }

  /**
   * How far round the circle a moment is, from 0 to below 1; months and years as long as theirs.
   */
  double turn(LocalDateTime moment) {
    return switch (this) {
      case HOUR -> value(moment) / 24.0;
      case WEEKDAY -> (value(moment) - 1) / 7.0;
      case WEEKEND -> throw new IllegalStateException(name());
      case DAY_OF_MONTH ->
          (value(moment) - 1) / (double) moment.range(ChronoField.DAY_OF_MONTH).getMaximum();
      case DAY_OF_YEAR ->
          (value(moment) - 1) / (double) moment.range(ChronoField.DAY_OF_YEAR).getMaximum();
      case WEEK ->
          (value(moment) - 1)
              / (double) moment.range(IsoFields.WEEK_OF_WEEK_BASED_YEAR).getMaximum();
      case MONTH -> (value(moment) - 1) / 12.0;
      case QUARTER -> (value(moment) - 1) / 4.0;
    };
  }
}
