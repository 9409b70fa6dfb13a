package io.hdl.data.feature;

import java.util.List;
import java.util.Map;

/**
 * Takes a location off and divides by a scale, in double precision, rounded once.
 *
 * @param how what the two are: standard, min_max or robust
 * @param scale not 0
 */
record Affine(String column, String how, double location, double scale) implements FittedStep {
  Affine {
    if (!Double.isFinite(location) || !Double.isFinite(scale) || scale == 0) {
      throw new IllegalArgumentException(
          "location, scale of " + column + ": " + location + ", " + scale + " (expected: finite)");
    }
  }

  @Override
  public String text() {
    return switch (how) {
      case "standard" -> "standardise(" + column + ")";
      case "min_max" -> "minMax(" + column + ")";
      default -> how + "(" + column + ")";
    };
  }

  @Override
  public List<String> reads() {
    return List.of(column);
  }

  @Override
  public List<String> writes() {
    return List.of(column);
  }

  @Override
  public Operation bind(Schema schema) {
    int at = schema.change(column, text());
    schema.requireNumber(at, text());
    schema.replace(at, schema.column(at).number());
    return frame -> {
      float[] values = frame.column(at);
      for (int i = 0; i < frame.size(at); i++) {
        values[i] = (float) ((values[i] - location) / scale);
      }
    };
  }

  @Override
  public Map<String, Object> toJson() {
    return FittedStep.json(
        "step", "scale", "column", column, "how", how, "location", location, "scale", scale);
  }
}
