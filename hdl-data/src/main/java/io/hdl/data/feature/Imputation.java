package io.hdl.data.feature;

/** What stands in for a missing value. Immutable. */
public sealed interface Imputation {
  /** The median of the training part's observed values; of an even number, the mean of the two. */
  static Imputation median() {
    return new Fitted(UnfittedStep.Figure.MEDIAN);
  }

  /** The mean of the training part's observed values. */
  static Imputation mean() {
    return new Fitted(UnfittedStep.Figure.MEAN);
  }

  /**
   * A number that is given.
   *
   * @throws IllegalArgumentException if it is not a finite float
   */
  static Imputation constant(double value) {
    return new Constant(value);
  }

  /**
   * The last value of the same series that was observed at an earlier step; steps before the first
   * one stay missing. What fills the horizon's steps of a channel that is known ahead is itself
   * known ahead.
   */
  static Imputation forwardFill() {
    return new Forward();
  }

  /** See {@link #constant}. */
  record Constant(double value) implements Imputation {
    /** Checks the value. */
    public Constant {
      if (!Float.isFinite((float) value)) {
        throw new IllegalArgumentException("value: " + value + " (expected: a finite float)");
      }
    }
  }

  /** See {@link #forwardFill}. */
  record Forward() implements Imputation {}

  /** A figure of the training part. */
  final class Fitted implements Imputation {
    private final UnfittedStep.Figure figure;

    private Fitted(UnfittedStep.Figure figure) {
      this.figure = figure;
    }

    UnfittedStep.Figure figure() {
      return figure;
    }
  }
}
