package io.hdl.data.feature;

import java.util.List;

/** One step of a pipeline. A value. */
sealed interface Step permits FittedStep, UnfittedStep {
  /** How a person would write it, {@code lag(units, 52)}; names it in settings and messages. */
  String text();

  /** The columns that it reads. */
  List<String> reads();

  /** The columns that it changes or adds. */
  List<String> writes();

  /** Whether it may read any column. */
  default boolean readsAll() {
    return false;
  }

  /**
   * Changes the columns as the step does.
   *
   * @throws io.hdl.core.error.HdlException if the step does not fit them
   */
  void shape(Schema schema);
}
