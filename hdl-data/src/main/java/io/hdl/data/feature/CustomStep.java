package io.hdl.data.feature;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.Channel;
import java.util.List;
import java.util.Map;

/** A feature that a user defines. Its function is code: only its name and role are written. */
record CustomStep(String name, Channel.Role role, FeatureFunction function) implements FittedStep {
  CustomStep {
    if (role == Channel.Role.TARGET) {
      throw new IllegalArgumentException("role of " + name + ": TARGET (expected: KNOWN or PAST)");
    }
  }

  @Override
  public String text() {
    return "custom(" + name + ", " + role + ")";
  }

  @Override
  public List<String> reads() {
    return List.of();
  }

  @Override
  public boolean readsAll() {
    return true;
  }

  @Override
  public List<String> writes() {
    return List.of(name);
  }

  @Override
  public Operation bind(Schema schema) {
    schema.requireTime(text());
    // The view knows the columns so far, not those that later steps make.
    Schema before = schema.copy();
    Schema.Place place = role == Channel.Role.KNOWN ? Schema.Place.KNOWN : Schema.Place.PAST;
    int at = schema.add(new Schema.Column(name, place, Channel.Kind.NUMBER, List.of()), text());
    return frame -> {
      SeriesView view = new SeriesView(frame, before);
      float[] values = frame.column(at);
      for (int step = 0; step < frame.steps(); step++) {
        values[step] = value(view, frame, at, step);
      }
    };
  }

  private float value(SeriesView view, Frame frame, int at, int step) {
    double value;
    try {
      value = function.value(view, step);
    } catch (HdlException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new HdlException(
          ErrorCode.INVALID_DATA,
          "Cannot compute the custom feature \""
              + name
              + "\" "
              + frame.where(at, step)
              + ": its function failed with "
              + e
              + ". Let it give NaN where it has no value.",
          e);
    }
    return (float) value;
  }

  @Override
  public Map<String, Object> toJson() {
    return FittedStep.json("step", "custom", "name", name, "role", role.name());
  }
}
