package io.hdl.data.parquet;

import java.nio.ByteBuffer;

/**
 * The values of one page, nulls left out, in one encoding and one physical type: taken from the
 * front, some at a time, as the kind of number that the file holds. Belongs to one thread.
 */
abstract class Values {
  /** How many values are taken at a time, at most: arrays of that size stay in the first cache. */
  static final int BLOCK = 2048;

  /**
   * Begins with the values that lie from one position to below another. The buffer is direct,
   * little-endian, and readable {@link Memory#SLACK} bytes beyond the values.
   *
   * @param rows number of values in the page, nulls included
   */
  abstract void start(ByteBuffer page, int from, int to, int rows);

  /** Takes 32-bit integers; booleans are 0 and 1. */
  void ints(int[] into, int at, int count) {
    throw unexpected("32-bit integers");
  }

  /** Takes 64-bit integers. */
  void longs(long[] into, int at, int count) {
    throw unexpected("64-bit integers");
  }

  /** Takes floats. */
  void floats(float[] into, int at, int count) {
    throw unexpected("floats");
  }

  /** Takes doubles. */
  void doubles(double[] into, int at, int count) {
    throw unexpected("doubles");
  }

  /**
   * Takes byte strings.
   *
   * @return how many were taken, at least one: fewer than asked for if they are large
   */
  int bytes(ByteStrings into, int count) {
    throw unexpected("byte strings");
  }

  private CorruptPage unexpected(String what) {
    return new CorruptPage("a page of " + what + " is encoded as " + getClass().getSimpleName());
  }

  static CorruptPage tooShort() {
    return new CorruptPage("the values of a page end too early");
  }
}
