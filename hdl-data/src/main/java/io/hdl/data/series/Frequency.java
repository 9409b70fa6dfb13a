package io.hdl.data.series;

/** How far two neighbouring steps of a series lie apart. */
public enum Frequency {
  /** One hour; the time column holds timestamps. */
  HOURLY,
  /** One day; dates, or timestamps at one time of day (UTC). */
  DAILY,
  /** Seven days; dates on one weekday, or timestamps at one weekday and time of day (UTC). */
  WEEKLY,
  /**
   * One month; dates on one day of the month, or on its last day where the month is shorter, or
   * timestamps on such days at one time of day (UTC).
   */
  MONTHLY,
  /** One; the time column holds integers that number the steps. */
  INTEGER
}
