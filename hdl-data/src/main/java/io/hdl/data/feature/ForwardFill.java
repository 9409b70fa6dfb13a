package io.hdl.data.feature;

import java.util.List;
import java.util.Map;

/** Repeats the last observed value of a series where one is missing. */
record ForwardFill(String column) implements FittedStep {
  @Override
  public String text() {
    return "impute(" + column + ", forward fill)";
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
    schema.findChannel(column, text());
    return frame -> {
      float[] values = frame.column(at);
      for (int i = 1; i < frame.steps(); i++) {
        if (Float.isNaN(values[i])) {
          values[i] = values[i - 1];
        }
      }
    };
  }

  @Override
  public Map<String, Object> toJson() {
    return FittedStep.json("step", "forward_fill", "column", column);
  }
}
