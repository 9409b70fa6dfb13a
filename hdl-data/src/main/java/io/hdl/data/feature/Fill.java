package io.hdl.data.feature;

import java.util.List;
import java.util.Map;

/**
 * Puts a number where one is missing.
 *
 * @param how where the number comes from: median, mean or constant
 */
record Fill(String column, String how, double value) implements FittedStep {
  @Override
  public String text() {
    return "impute(" + column + ", " + (how.equals("constant") ? "constant " + value : how) + ")";
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
    boolean stays = value == 0 || value == 1;
    if (!stays || !how.equals("constant")) {
      schema.replace(at, schema.column(at).number());
    }
    float number = (float) value;
    return frame -> {
      float[] values = frame.column(at);
      for (int i = 0; i < frame.size(at); i++) {
        if (Float.isNaN(values[i])) {
          values[i] = number;
        }
      }
    };
  }

  @Override
  public Map<String, Object> toJson() {
    return FittedStep.json("step", "impute", "column", column, "how", how, "value", value);
  }
}
