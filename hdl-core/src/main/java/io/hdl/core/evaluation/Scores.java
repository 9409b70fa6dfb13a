package io.hdl.core.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Metric values by name, in the order in which they are to be shown. Names are lower case: {@code
 * wape}, {@code mae}, {@code rmse}, {@code smape}, {@code mase}, {@code mse}.
 */
public record Scores(Map<String, Double> values) {
  /** No scores at all. */
  public static final Scores NONE = new Scores(Map.of());

  /** Copies the values and keeps their order. */
  public Scores {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /** The value of a metric, or empty if it was not computed. */
  public OptionalDouble value(String metric) {
    Double value = values.get(metric);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }
}
