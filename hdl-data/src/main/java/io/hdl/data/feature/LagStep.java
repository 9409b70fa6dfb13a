package io.hdl.data.feature;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The value that a channel had some steps before. */
record LagStep(String column, int lag, Reach reach) implements FittedStep {
  LagStep {
    if (lag < 1) {
      throw new IllegalArgumentException("lag of " + column + ": " + lag + " (expected: >= 1)");
    }
  }

  @Override
  public String text() {
    return (reach == Reach.KNOWN ? "knownLag(" : "lag(") + column + ", " + lag + ")";
  }

  @Override
  public List<String> reads() {
    return List.of(column);
  }

  @Override
  public List<String> writes() {
    return List.of(column + "_lag_" + lag);
  }

  @Override
  public Operation bind(Schema schema) {
    int from = schema.findChannel(column, text());
    Schema.Column source = schema.column(from);
    int at =
        schema.add(
            new Schema.Column(
                writes().get(0),
                reach.place(schema, from, lag, text()),
                source.kind(),
                source.categories()),
            text());
    return frame -> {
      float[] values = frame.column(at);
      int head = Math.min(lag, frame.steps());
      Arrays.fill(values, 0, head, Float.NaN);
      System.arraycopy(frame.column(from), 0, values, head, frame.steps() - head);
    };
  }

  @Override
  public Map<String, Object> toJson() {
    return FittedStep.json("step", "lag", "column", column, "lag", lag, "reach", reach.json());
  }
}
