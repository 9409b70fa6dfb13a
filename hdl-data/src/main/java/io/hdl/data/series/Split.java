package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.Map;

/**
 * Parts the steps of every series into training, validation and test, in this order in time. A step
 * belongs to a part by its target: the context of a window may reach back into an earlier part,
 * never forward. Known future steps belong to no part. Values; immutable.
 */
public sealed interface Split {
  /**
   * Where the parts of one series end, as steps counted from its first row. Training begins at 0,
   * each other part where the one before it ends; a part may be empty.
   */
  record Bounds(int trainEnd, int validationEnd, int testEnd) {
    /** Checks that the ends do not decrease. */
    public Bounds {
      if (trainEnd < 0 || validationEnd < trainEnd || testEnd < validationEnd) {
        throw new IllegalArgumentException(
            "bounds: "
                + trainEnd
                + ", "
                + validationEnd
                + ", "
                + testEnd
                + " (expected: ascending)");
      }
    }

    /** First step of a part. */
    public int start(Part part) {
      return switch (part) {
        case TRAIN -> 0;
        case VALIDATION -> trainEnd;
        case TEST -> validationEnd;
      };
    }

    /** One past the last step of a part. */
    public int end(Part part) {
      return switch (part) {
        case TRAIN -> trainEnd;
        case VALIDATION -> validationEnd;
        case TEST -> testEnd;
      };
    }
  }

  /**
   * Counts from the end of each series' own history: its last {@code test} steps are the test part,
   * the {@code validation} steps before them the validation part, all others are for training.
   */
  static Split last(int validation, int test) {
    return new Last(validation, test);
  }

  /**
   * Cuts by the calendar: validation begins with the first step at or after one label, test with
   * the first step at or after another.
   *
   * @param validationFrom as {@link TimeAxis#label} writes it, for instance {@code 2012-07-06}
   * @param testFrom not before {@code validationFrom}
   */
  static Split at(String validationFrom, String testFrom) {
    return new At(validationFrom, testFrom);
  }

  /** Counts from each series' first row; what follows the test part belongs to no part. */
  static Split steps(int train, int validation, int test) {
    return new Steps(train, validation, test);
  }

  /**
   * The parts of one series.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS} if the split does not fit the
   *     store's time axis
   */
  Bounds bounds(SeriesStore store, int series);

  /** Whether the split has such a part; one of 0 steps, or between equal dates, is not wanted. */
  boolean asksFor(Part part);

  /** What identifies the split, by dotted name. */
  Map<String, String> settings();

  /** See {@link Split#last}. */
  record Last(int validation, int test) implements Split {
    /** Checks the counts. */
    public Last {
      notNegative("validation", validation);
      notNegative("test", test);
    }

    @Override
    public Bounds bounds(SeriesStore store, int series) {
      int end = store.targetEnd(series);
      int validationEnd = Math.max(0, end - test);
      return new Bounds(Math.max(0, validationEnd - validation), validationEnd, end);
    }

    @Override
    public boolean asksFor(Part part) {
      return switch (part) {
        case TRAIN -> true;
        case VALIDATION -> validation > 0;
        case TEST -> test > 0;
      };
    }

    @Override
    public Map<String, String> settings() {
      return Map.of("split", "last " + validation + ", " + test);
    }
  }

  /** See {@link Split#at}. */
  record At(String validationFrom, String testFrom) implements Split {
    @Override
    public Bounds bounds(SeriesStore store, int series) {
      long validation = step(store, "validationFrom", validationFrom);
      long test = step(store, "testFrom", testFrom);
      if (test < validation) {
        throw new HdlException(
            ErrorCode.INVALID_SETTINGS,
            "split testFrom: "
                + testFrom
                + " (expected: not before validationFrom "
                + validationFrom
                + ")");
      }
      int end = store.targetEnd(series);
      long first = store.firstStep(series);
      return new Bounds(clamp(validation - first, end), clamp(test - first, end), end);
    }

    private static long step(SeriesStore store, String name, String label) {
      return store
          .axis()
          .stepAtOrAfter(label)
          .orElseThrow(
              () ->
                  new HdlException(
                      ErrorCode.INVALID_SETTINGS,
                      "split "
                          + name
                          + ": \""
                          + label
                          + "\" (expected: what the time column holds, as in "
                          + store.axis().label(store.seriesCount() == 0 ? 0 : store.firstStep(0))
                          + ")"));
    }

    private static int clamp(long step, int end) {
      return (int) Math.max(0, Math.min(end, step));
    }

    @Override
    public boolean asksFor(Part part) {
      return part != Part.VALIDATION || !validationFrom.equals(testFrom);
    }

    @Override
    public Map<String, String> settings() {
      return Map.of("split", "at " + validationFrom + ", " + testFrom);
    }
  }

  /** See {@link Split#steps}. */
  record Steps(int train, int validation, int test) implements Split {
    /** Checks the counts. */
    public Steps {
      notNegative("train", train);
      notNegative("validation", validation);
      notNegative("test", test);
    }

    @Override
    public Bounds bounds(SeriesStore store, int series) {
      long end = store.targetEnd(series);
      return new Bounds(
          (int) Math.min(end, train),
          (int) Math.min(end, (long) train + validation),
          (int) Math.min(end, (long) train + validation + test));
    }

    @Override
    public boolean asksFor(Part part) {
      return switch (part) {
        case TRAIN -> train > 0;
        case VALIDATION -> validation > 0;
        case TEST -> test > 0;
      };
    }

    @Override
    public Map<String, String> settings() {
      return Map.of("split", "steps " + train + ", " + validation + ", " + test);
    }
  }

  private static void notNegative(String name, int steps) {
    if (steps < 0) {
      throw new IllegalArgumentException("split " + name + ": " + steps + " (expected: >= 0)");
    }
  }
}
