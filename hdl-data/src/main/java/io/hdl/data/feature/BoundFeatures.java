package io.hdl.data.feature;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Constant;
import java.util.ArrayList;
import java.util.List;

/** Fitted steps that found their columns in the data at hand. Thread-safe; frames are not. */
final class BoundFeatures {
  private final Schema schema;
  private final List<FittedStep.Operation> operations = new ArrayList<>();
  private final List<Integer> channels = new ArrayList<>();
  private final List<Integer> constants = new ArrayList<>();

  BoundFeatures(List<FittedStep> steps, Schema input) {
    this.schema = input.copy();
    steps.forEach(step -> operations.add(step.bind(schema)));
    for (Schema.Place place : List.of(Schema.Place.TARGET, Schema.Place.KNOWN, Schema.Place.PAST)) {
      addAll(place, channels);
    }
    addAll(Schema.Place.CONSTANT, constants);
  }

  private void addAll(Schema.Place place, List<Integer> into) {
    for (int c = 0; c < schema.columns().size(); c++) {
      if (schema.column(c).place() == place) {
        into.add(c);
      }
    }
  }

  Schema schema() {
    return schema;
  }

  /** The columns that become channels, in a store's order. */
  List<Integer> channelColumns() {
    return channels;
  }

  List<Channel> channels() {
    return channels.stream().map(schema::column).map(BoundFeatures::channel).toList();
  }

  private static Channel channel(Schema.Column column) {
    Channel.Role role =
        switch (column.place()) {
          case TARGET -> Channel.Role.TARGET;
          case KNOWN -> Channel.Role.KNOWN;
          case PAST, CONSTANT, ROW -> Channel.Role.PAST;
        };
    return new Channel(column.name(), role, column.kind(), column.categories());
  }

  List<Constant> constants() {
    return constants.stream()
        .map(schema::column)
        .map(column -> new Constant(column.name(), column.kind(), column.categories()))
        .toList();
  }

  Frame frame() {
    return new Frame(schema);
  }

  /** Works on the series or batch that a frame was begun with. */
  void apply(Frame frame) {
    operations.forEach(operation -> operation.apply(frame));
    for (int c = 0; c < schema.columns().size(); c++) {
      float[] values = frame.column(c);
      for (int i = 0; i < frame.size(c); i++) {
        if (Float.isInfinite(values[i])) {
          throw new HdlException(
              ErrorCode.INVALID_DATA,
              "Cannot make the feature \""
                  + schema.column(c).name()
                  + "\": its value "
                  + frame.where(c, i)
                  + " is "
                  + values[i]
                  + " (expected: a finite 32-bit float, or NaN where it is missing). Look for a"
                  + " value far off in the data, or let a custom feature give NaN.");
        }
      }
    }
  }

  /** The channels of a frame, {@code [channel][time]}. */
  float[][] channelsOf(Frame frame) {
    return channels.stream().map(frame::column).toArray(float[][]::new);
  }

  float[] constantsOf(Frame frame) {
    float[] values = new float[constants.size()];
    for (int c = 0; c < values.length; c++) {
      values[c] = frame.column(constants.get(c))[0];
    }
    return values;
  }
}
