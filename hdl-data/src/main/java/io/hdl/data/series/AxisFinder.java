package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.time.LocalDate;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Finds the grid that the values of a time column lie on: the weekday of a weekly table, the time
 * of day of a daily one, the day of a monthly one. Batches count by themselves and are added in any
 * order, from any thread.
 */
final class AxisFinder {
  // With so many different offsets there is no grid; what more there are is counted in one.
  private static final int MAX_TALLIES = 4096;
  private static final int DAY_BITS = 10;

  /** How many values have one offset on the grid, and the first row that does. */
  private static final class Tally {
    long rows;
    long value;
    // The row in its batch, then the number of its key.
    int at;
    long batch;

    Tally(long value, int row) {
      this.value = value;
      this.at = row;
    }
  }

  /** Counts the values of one batch. Belongs to one thread. */
  final class Batch {
    private final TreeMap<Long, Tally> tallies = new TreeMap<>();
    private @Nullable Tally last;
    private long lastValue;

    void add(long value, int row) {
      Tally tally = last;
      boolean follows = value == lastValue || (period != 0 && value == lastValue + period);
      if (tally == null || !follows) {
        tally = tallies.computeIfAbsent(offset(value), o -> new Tally(value, row));
        last = tally;
      }
      lastValue = value;
      tally.rows++;
    }
  }

  private final Frequency frequency;
  private final TimeAxis.Unit unit;
  private final long period;
  // Time of day, or offset in the period; for months with day and length of the month.
  private final TreeMap<Long, Tally> tallies = new TreeMap<>();
  private long others;
  private long rows;

  AxisFinder(Frequency frequency, TimeAxis.Unit unit) {
    this.frequency = frequency;
    this.unit = unit;
    this.period = frequency == Frequency.MONTHLY ? 0 : TimeAxis.of(frequency, unit, 0, 1).period();
  }

  /** Whether every value is a step, so that none has to be looked at. */
  boolean takesAll() {
    return period == 1;
  }

  /** Counts the values of a batch, if they can be off the grid. */
  Batch batch() {
    return new Batch();
  }

  private long offset(long value) {
    if (frequency != Frequency.MONTHLY) {
      return Math.floorMod(value, period);
    }
    LocalDate date = TimeAxis.dateOf(unit, value);
    long timeOfDay = Math.floorMod(value, TimeAxis.day(unit));
    return timeOfDay << DAY_BITS | (long) date.getDayOfMonth() << 5 | date.lengthOfMonth();
  }

  /**
   * Adds what a batch has counted.
   *
   * @param number of the batch
   * @param keys the number of a row's key
   */
  synchronized void add(Batch batch, long number, int batchRows, IntUnaryOperator keys) {
    rows += batchRows;
    for (Map.Entry<Long, Tally> entry : batch.tallies.entrySet()) {
      Tally counted = entry.getValue();
      counted.batch = number;
      Tally known = tallies.get(entry.getKey());
      if (known == null && tallies.size() == MAX_TALLIES) {
        others += counted.rows;
        continue;
      }
      long before = known == null ? 0 : known.rows;
      if (known == null || number < known.batch) {
        counted.at = keys.applyAsInt(counted.at);
        tallies.put(entry.getKey(), counted);
      } else {
        counted = known;
        before = entry.getValue().rows;
      }
      counted.rows += before;
    }
  }

  /** Adds rows whose values were not looked at. */
  synchronized void add(int batchRows) {
    rows += batchRows;
  }

  /** Number of rows so far. */
  synchronized long rows() {
    return rows;
  }

  /**
   * The axis that the values lie on.
   *
   * @param column the time column, for the message
   * @throws HdlException with {@link ErrorCode#INVALID_DATA} if some lie off it
   */
  synchronized TimeAxis axis(String column, KeyDictionary keys) {
    if (tallies.isEmpty()) {
      return TimeAxis.of(frequency, unit, 0, 1);
    }
    TreeMap<Long, Long> phases = new TreeMap<>();
    int latestDay = 0;
    for (Map.Entry<Long, Tally> entry : tallies.entrySet()) {
      phases.merge(phase(entry.getKey()), entry.getValue().rows, Long::sum);
      latestDay = Math.max(latestDay, (int) (entry.getKey() >>> 5 & 31));
    }
    long best = 0;
    long phase = 0;
    for (Map.Entry<Long, Long> entry : phases.entrySet()) {
      if (entry.getValue() > best) {
        best = entry.getValue();
        phase = entry.getKey();
      }
    }
    TimeAxis axis = TimeAxis.of(frequency, unit, phase, latestDay);
    long wrong = others;
    Tally example = null;
    for (Tally tally : tallies.values()) {
      if (!axis.onGrid(tally.value)) {
        wrong += tally.rows;
        example = example == null || tally.batch < example.batch ? tally : example;
      }
    }
    if (example != null) {
      throw offGrid(axis, column, keys.key(example.at), example.value, wrong, rows);
    }
    return axis;
  }

  private long phase(long offset) {
    return frequency == Frequency.MONTHLY ? offset >>> DAY_BITS : offset;
  }

  private static HdlException offGrid(
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
