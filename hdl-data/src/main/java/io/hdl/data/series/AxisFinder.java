package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.TreeMap;

/**
 * Finds the grid that the values of a time column lie on: the weekday of a weekly table, the time
 * of day of a daily one, the day of a monthly one. Not thread-safe.
 */
final class AxisFinder {
  private final Frequency frequency;
  private final TimeAxis.Unit unit;
  // Offset on the grid -> number of rows with it.
  private final TreeMap<Long, long[]> offsets = new TreeMap<>();
  private long lastOffset;
  private long[] lastCount = new long[1];
  private int latestDay;
  private long anyValue;

  AxisFinder(Frequency frequency, TimeAxis.Unit unit) {
    this.frequency = frequency;
    this.unit = unit;
  }

  void add(long value) {
    anyValue = value;
    long offset = offset(value);
    if (offset != lastOffset || lastCount[0] == 0) {
      lastOffset = offset;
      lastCount = offsets.computeIfAbsent(offset, o -> new long[1]);
    }
    lastCount[0]++;
    if (frequency == Frequency.MONTHLY) {
      latestDay = Math.max(latestDay, TimeAxis.dateOf(unit, value).getDayOfMonth());
    }
  }

  private long offset(long value) {
    long day = unit == TimeAxis.Unit.DATE ? 1 : TimeAxis.MICROS_PER_DAY;
    return switch (frequency) {
      case INTEGER -> 0;
      case HOURLY -> Math.floorMod(value, TimeAxis.MICROS_PER_HOUR);
      case DAILY, MONTHLY -> Math.floorMod(value, day);
      case WEEKLY -> Math.floorMod(value, 7 * day);
    };
  }

  /** The axis on which most values lie. */
  TimeAxis axis() {
    long best = 0;
    long offset = 0;
    for (var entry : offsets.entrySet()) {
      if (entry.getValue()[0] > best) {
        best = entry.getValue()[0];
        offset = entry.getKey();
      }
    }
    long anchor = anyValue - offset(anyValue) + offset;
    return TimeAxis.of(frequency, unit, anchor, latestDay);
  }

  /** What to say of a value that is no step of the axis. */
  static HdlException offGrid(
      TimeAxis axis, String column, SeriesKey key, long value, long rows, long total) {
    String grid =
        switch (axis.frequency()) {
          case WEEKLY ->
              "the others on "
                  + TimeAxis.weekdayOf(axis.unit(), axis.value(0))
                  + ", this one on "
                  + TimeAxis.weekdayOf(axis.unit(), value);
          case MONTHLY -> "the others as in " + axis.label(axis.floor(value));
          case HOURLY, DAILY, INTEGER ->
              "the nearest step before it is " + axis.label(axis.floor(value));
        };
    return new HdlException(
        ErrorCode.INVALID_DATA,
        "Cannot order the rows by \""
            + column
            + "\": "
            + rows
            + " of "
            + total
            + " rows are off the "
            + axis.frequency()
            + " grid, for instance series "
            + key
            + " at "
            + TimeAxis.text(axis.unit(), value)
            + " ("
            + grid
            + "). Choose another frequency, or bring the rows onto one grid where the table is"
            + " written.");
  }
}
