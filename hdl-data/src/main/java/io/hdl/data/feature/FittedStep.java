package io.hdl.data.feature;

import java.util.LinkedHashMap;
import java.util.Map;

/** A step that needs nothing more: it can be applied and written. */
non-sealed interface FittedStep extends Step {
  /** Works on the columns of one series or batch. Thread-safe. */
  @FunctionalInterface
  interface Operation {
    void apply(Frame frame);
  }

  /** Finds the columns that it works on, and changes the schema as the step does. */
  Operation bind(Schema schema);

  /** The step as a map, to be written; {@link StepReader} reads it. */
  Map<String, Object> toJson();

  /** A map of names and values, in the order given, so that the same step is the same text. */
  static Map<String, Object> json(Object... namesAndValues) {
    Map<String, Object> json = new LinkedHashMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      json.put((String) namesAndValues[i], namesAndValues[i + 1]);
    }
    return json;
  }

  @Override
  default void shape(Schema schema) {
    bind(schema);
  }
}
