package io.hdl.data.feature;

import java.time.LocalDateTime;

/**
 * A number for every step of the time axis that the series reach, computed once: the same step
 * means the same moment in every series.
 */
final class StepTable {
  /** Beyond this a table takes more than it saves, and a step's number is computed each time. */
  private static final long MAX_STEPS = 1 << 22;

  /** The number of a moment. */
  @FunctionalInterface
  interface Reading {
    float of(LocalDateTime moment);
  }

  private final Schema schema;
  private final Reading reading;
  private final long firstStep;
  private final float[] table;

  private StepTable(Schema schema, Reading reading) {
    this.schema = schema;
    this.reading = reading;
    this.firstStep = schema.firstStep();
    long steps = schema.endStep() - firstStep;
    this.table = new float[steps > MAX_STEPS ? 0 : (int) Math.max(0, steps)];
    for (int i = 0; i < table.length; i++) {
      table[i] = compute(firstStep + i);
    }
  }

  static StepTable of(Schema schema, Reading reading) {
    return new StepTable(schema, reading);
  }

  private float compute(long step) {
    return reading.of(
        schema.axis().moment(step).orElseThrow(() -> new IllegalStateException("integer steps")));
  }

  /** Writes the numbers of a series' steps to a column. */
  FittedStep.Operation into(int column) {
    return frame -> {
      float[] values = frame.column(column);
      long from = frame.firstStep() - firstStep;
      if (from >= 0 && from + frame.steps() <= table.length) {
        System.arraycopy(table, (int) from, values, 0, frame.steps());
        return;
      }
      for (int i = 0; i < frame.steps(); i++) {
        values[i] = compute(frame.firstStep() + i);
      }
    };
  }
}
