package io.hdl.data.feature;

import io.hdl.data.series.SeriesKey;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The columns of one series, or of one batch of rows, while steps work on them. A column of the
 * data is read when it is first asked for. Used again for the next series; belongs to one thread.
 */
final class Frame {
  private static final SeriesKey NO_KEY = SeriesKey.of("rows");

  /** Where the columns of the data come from. */
  @FunctionalInterface
  interface Source {
    /** Reads the first values of a column. */
    void read(int column, int count, float[] into);
  }

  private final Schema schema;
  private final float[][] memory;
  private final boolean[] loaded;
  private @Nullable Source source;
  private @Nullable SeriesData data;
  private int series;
  private long firstStep;
  private int steps;
  private int targetEnd;

  Frame(Schema schema) {
    this.schema = schema;
    this.memory = new float[schema.columns().size()][0];
    this.loaded = new boolean[memory.length];
  }

  /** Goes to a series; steps from its length on are missing. */
  void begin(SeriesData newData, int newSeries, int newSteps, int newTargetEnd) {
    int read = Math.min(newSteps, newData.length(newSeries));
    begin(
        (column, count, into) -> {
          if (column < schema.channels()) {
            newData.read(newSeries, column, read, into);
            Arrays.fill(into, read, count, Float.NaN);
          } else {
            into[0] = newData.constant(newSeries, column - schema.channels());
          }
        },
        newSteps);
    data = newData;
    series = newSeries;
    firstStep = newData.firstStep(newSeries);
    targetEnd = newTargetEnd;
  }

  /** Goes to a batch of rows. */
  void begin(Source newSource, int rows) {
    source = newSource;
    steps = rows;
    Arrays.fill(loaded, false);
  }

  /** The series; made when it is asked for, as few steps need it. */
  SeriesKey key() {
    return data == null ? NO_KEY : data.key(series);
  }

  long firstStep() {
    return firstStep;
  }

  int steps() {
    return steps;
  }

  int targetEnd() {
    return targetEnd;
  }

  /** Number of values of a column: one for a constant. */
  int size(int column) {
    return schema.column(column).place() == Schema.Place.CONSTANT ? 1 : steps;
  }

  /** The values of a column, which may be changed; the array may be longer than the column. */
  float[] column(int at) {
    float[] values = room(at);
    if (!loaded[at]) {
      loaded[at] = true;
      if (at < schema.inputs() && source != null) {
        source.read(at, size(at), values);
      } else {
        Arrays.fill(values, 0, size(at), Float.NaN);
      }
    }
    return values;
  }

  private float[] room(int at) {
    if (memory[at].length < size(at)) {
      memory[at] = new float[Math.max(size(at), Math.min(2 * memory[at].length, 1 << 20))];
      loaded[at] = false;
    }
    return memory[at];
  }

  /** Says where a value stands, for messages. */
  String where(int column, int at) {
    return switch (schema.column(column).place()) {
      case ROW -> "in row " + at + " of its batch";
      case CONSTANT -> "of series " + key();
      case TARGET, KNOWN, PAST ->
          "of series " + key() + " at " + schema.axis().label(firstStep + at);
    };
  }
}
