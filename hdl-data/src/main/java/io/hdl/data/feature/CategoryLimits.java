package io.hdl.data.feature;

/**
 * Which texts of a category get a code of their own; all others share that of the unknown.
 *
 * @param minCount training steps (of a constant: series) that a text must occur in, at least 1
 * @param maxSize the most texts with a code, at least 1: the most frequent, of equally frequent
 *     ones those that come first in order
 */
public record CategoryLimits(long minCount, int maxSize) {
  /** Checks the limits. */
  public CategoryLimits {
    if (minCount < 1) {
      throw new IllegalArgumentException("minCount: " + minCount + " (expected: >= 1)");
    }
    if (maxSize < 1) {
      throw new IllegalArgumentException("maxSize: " + maxSize + " (expected: >= 1)");
    }
  }

  /** Every text of the training part. */
  public static CategoryLimits none() {
    return new CategoryLimits(1, Integer.MAX_VALUE);
  }

  /** Texts that occur at least this often. */
  public static CategoryLimits minCount(long count) {
    return new CategoryLimits(count, Integer.MAX_VALUE);
  }

  /** The same limits, with at most this many texts. */
  public CategoryLimits maxSize(int texts) {
    return new CategoryLimits(minCount, texts);
  }
}
