package io.hdl.data.row;

/** Parts rows into training, validation and test. Values; immutable. */
public sealed interface RowSplit {
  /**
   * By a hash of the key columns' values, or of the features' and labels' values where the
   * specification has no key. The same key or content is in the same part in every version of the
   * table, wherever its row lies, and rows that are alike are never in two parts. The shares are
   * met in the mean.
   *
   * @param validation share of the keys, 0 to 1
   * @param test share of the keys, 0 to 1
   */
  static RowSplit hash(double validation, double test) {
    return new Hash(validation, test);
  }

  /**
   * By a time column: validation begins at one value of it, test at another. A row without a value
   * belongs to no part.
   *
   * @param column a column of dates, timestamps or integers
   * @param validationFrom a date ({@code 2012-07-06}), for timestamps also a moment ({@code
   *     2012-07-06T12:00:00}, UTC), for integers a number
   * @param testFrom not before {@code validationFrom}
   */
  static RowSplit at(String column, String validationFrom, String testFrom) {
    return new At(column, validationFrom, testFrom);
  }

  /** See {@link RowSplit#hash}. */
  record Hash(double validation, double test) implements RowSplit {
    /** Checks the shares. */
    public Hash {
      if (!(validation >= 0 && test >= 0 && validation + test <= 1)) {
        throw new IllegalArgumentException(
            "split hash: "
                + validation
                + ", "
                + test
                + " (expected: shares from 0 to 1, together at most 1)");
      }
    }

    @Override
    public String toString() {
      return "hash " + validation + ", " + test;
    }
  }

  /** See {@link RowSplit#at}. */
  record At(String column, String validationFrom, String testFrom) implements RowSplit {
    @Override
    public String toString() {
      return "at " + column + " " + validationFrom + ", " + testFrom;
    }
  }
}
