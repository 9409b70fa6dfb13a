package io.hdl.data.feature;

import io.hdl.data.series.Channel;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A figure of a window of steps that ends some steps before. */
record RollingStep(String column, RollingStatistic statistic, int window, int lag, Reach reach)
    implements FittedStep {
  RollingStep {
    if (window < 1) {
      throw new IllegalArgumentException(
          "window of " + column + ": " + window + " (expected: >= 1)");
    }
    if (lag < 0) {
      throw new IllegalArgumentException("lag of " + column + ": " + lag + " (expected: >= 0)");
    }
  }

  @Override
  public String text() {
    return (reach == Reach.KNOWN ? "knownRolling(" : "rolling(")
        + column
        + ", "
        + statistic
        + ", window "
        + window
        + ", lag "
        + lag
        + ")";
  }

  @Override
  public List<String> reads() {
    return List.of(column);
  }

  @Override
  public List<String> writes() {
    return List.of(
        column + "_" + statistic.name().toLowerCase(Locale.ROOT) + "_" + window + "_lag_" + lag);
  }

  @Override
  public Operation bind(Schema schema) {
    int from = schema.findChannel(column, text());
    schema.requireNumber(from, text());
    int at =
        schema.add(
            new Schema.Column(
                writes().get(0),
                reach.place(schema, from, lag, text()),
                Channel.Kind.NUMBER,
                List.of()),
            text());
    return frame -> {
      float[] source = frame.column(from);
      float[] values = frame.column(at);
      for (int step = 0; step < frame.steps(); step++) {
        int end = step - lag + 1;
        int begin = Math.max(0, end - window);
        values[step] = end <= 0 ? Float.NaN : (float) statistic.of(source, begin, end);
      }
    };
  }

  @Override
  public Map<String, Object> toJson() {
    return FittedStep.json(
        "step",
        "rolling",
        "column",
        column,
        "statistic",
        statistic.name(),
        "window",
        window,
        "lag",
        lag,
        "reach",
        reach.json());
  }
}
