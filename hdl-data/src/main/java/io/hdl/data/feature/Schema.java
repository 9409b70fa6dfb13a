package io.hdl.data.feature;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Constant;
import io.hdl.data.series.TimeAxis;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The columns at one point of a pipeline, and what its steps may do with them. Not thread-safe. */
final class Schema {
  enum Place {
    TARGET,
    KNOWN,
    PAST,
    CONSTANT,
    ROW
  }

  record Column(String name, Place place, Channel.Kind kind, List<String> categories) {
    Column number() {
      return new Column(name, place, Channel.Kind.NUMBER, List.of());
    }
  }

  private final List<Column> columns = new ArrayList<>();
  private final Map<String, Integer> index = new HashMap<>();
  private int inputs;
  private final int channels;
  private final @Nullable TimeAxis axis;
  private final int horizon;
  private final long firstStep;
  private final long endStep;

  private Schema(
      List<Column> columns,
      int channels,
      @Nullable TimeAxis axis,
      int horizon,
      long firstStep,
      long endStep) {
    this.inputs = columns.size();
    this.channels = channels;
    this.axis = axis;
    this.horizon = horizon;
    this.firstStep = firstStep;
    this.endStep = endStep;
    for (Column column : columns) {
      if (index.put(column.name(), this.columns.size()) != null) {
        throw new HdlException(
            ErrorCode.SCHEMA_MISMATCH,
            "Cannot make features: \""
                + column.name()
                + "\" names two columns. Give each channel and constant a name of its own.");
      }
      this.columns.add(column);
    }
  }

  /**
   * The columns of series.
   *
   * @param firstStep no step of any series lies before it
   * @param endStep all steps of all series lie before it
   */
  static Schema series(
      TimeAxis axis,
      List<Channel> channels,
      List<Constant> constants,
      int horizon,
      long firstStep,
      long endStep) {
    List<Column> columns = new ArrayList<>();
    for (Channel c : channels) {
      Place place =
          switch (c.role()) {
            case TARGET -> Place.TARGET;
            case KNOWN -> Place.KNOWN;
            case PAST -> Place.PAST;
          };
      columns.add(new Column(c.name(), place, c.kind(), c.categories()));
    }
    for (Constant c : constants) {
      columns.add(new Column(c.name(), Place.CONSTANT, c.kind(), c.categories()));
    }
    return new Schema(columns, channels.size(), axis, horizon, firstStep, endStep);
  }

  /** The columns of rows that have no order in time. */
  static Schema rows(List<Constant> features) {
    return new Schema(
        features.stream()
            .map(f -> new Column(f.name(), Place.ROW, f.kind(), f.categories()))
            .toList(),
        0,
        null,
        0,
        0,
        0);
  }

  /** The columns as they are now; steps on the copy leave this one as it is. */
  Schema copy() {
    Schema copy = new Schema(columns, channels, axis, horizon, firstStep, endStep);
    copy.inputs = inputs;
    return copy;
  }

  List<Column> columns() {
    return columns;
  }

  /** Number of columns that the data brings. */
  int inputs() {
    return inputs;
  }

  /** Number of them that are channels; they come first. */
  int channels() {
    return channels;
  }

  Column column(int at) {
    return columns.get(at);
  }

  /** The number of a column, or -1. */
  int index(String name) {
    return index.getOrDefault(name, -1);
  }

  /** Steps of a forecast, or 0 if they are not known. */
  int horizon() {
    return horizon;
  }

  long firstStep() {
    return firstStep;
  }

  long endStep() {
    return endStep;
  }

  TimeAxis axis() {
    if (axis == null) {
      throw new IllegalStateException("rows have no time axis");
    }
    return axis;
  }

  boolean hasTime() {
    return axis != null;
  }

  void requireTime(String step) {
    if (axis == null) {
      throw refused(step, "rows have no order in time", "Leave it out, or use series.");
    }
  }

  /** The number of a column that a step reads. */
  int find(String name, String step) {
    int at = index(name);
    if (at < 0) {
      throw unknown(name, step);
    }
    return at;
  }

  HdlException unknown(String name, String step) {
    return new HdlException(
        ErrorCode.SCHEMA_MISMATCH,
        "Cannot use "
            + step
            + ": there is no column \""
            + name
            + "\" (known: "
            + String.join(", ", columns.stream().map(Column::name).toList())
            + "). Name one of them, or put the step that makes it before this one.");
  }

  /** The number of a column that a step changes in place: never the target. */
  int change(String name, String step) {
    int at = find(name, step);
    if (columns.get(at).place() == Place.TARGET) {
      throw refused(
          step,
          "\"" + name + "\" is the target, and a pipeline never changes the target",
          "The training scales it per series (ForecastTraining.scale), and errors are told in its"
              + " own unit. To use it as an input, change a copy: copy(\""
              + name
              + "\", \""
              + name
              + "_input\").");
    }
    return at;
  }

  /** Refuses categories, which have no size. */
  void requireNumber(int at, String step) {
    if (columns.get(at).kind() == Channel.Kind.CATEGORY) {
      throw refused(
          step,
          "\"" + columns.get(at).name() + "\" is a category (expected: a number or a boolean)",
          "Use categoryIndex for it, or leave it as it is.");
    }
  }

  /** The number of a channel that a step over time reads. */
  int findChannel(String name, String step) {
    requireTime(step);
    int at = find(name, step);
    if (columns.get(at).place() == Place.CONSTANT) {
      throw refused(
          step, "\"" + name + "\" is a constant, the same at every step", "Name a channel.");
    }
    return at;
  }

  static HdlException refused(String step, String why, String what) {
    return new HdlException(
        ErrorCode.INVALID_SETTINGS, "Cannot use " + step + ": " + why + ". " + what);
  }

  void replace(int at, Column column) {
    columns.set(at, column);
  }

  /** Adds a column and gives its number. */
  int add(Column column, String step) {
    if (column.name().isBlank()) {
      throw refused(step, "its name is blank", "Give it a name.");
    }
    if (index.putIfAbsent(column.name(), columns.size()) != null) {
      throw refused(
          step,
          "there is a column \"" + column.name() + "\" already",
          "Leave one of them out or give it another name.");
    }
    columns.add(column);
    return columns.size() - 1;
  }

  /** Whether a step or the data made a column. */
  boolean isAdded(int at) {
    return at >= inputs;
  }
}
