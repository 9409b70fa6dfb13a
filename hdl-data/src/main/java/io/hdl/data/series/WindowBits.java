package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;

/**
 * Which candidates of some series are windows, one bit each, off-heap, with a count of the bits
 * before every 512 of them: 9/8 bits per candidate, rounded up to words of 64. Answers which
 * candidate is the k-th window (a select query over a bit vector with rank counts; Jacobson,
 * "Space-efficient static trees and graphs", 1989). Immutable once it is filled.
 */
final class WindowBits {
  private static final int WORDS = 8;
  // A block is a count and the words that it precedes.
  private static final int BLOCK = WORDS + 1;
  private static final int BLOCK_BITS = WORDS * Long.SIZE;

  private final LongBuffer memory;
  private int used;

  /**
   * Reserves memory.
   *
   * @param words number of words, the sum of {@link #words(int)} over the series
   */
  WindowBits(long words) {
    long bytes = words * Long.BYTES;
    try {
      memory =
          ByteBuffer.allocateDirect(Math.toIntExact(bytes))
              .order(ByteOrder.nativeOrder())
              .asLongBuffer();
    } catch (ArithmeticException | OutOfMemoryError e) {
      throw new HdlException(
          ErrorCode.OUT_OF_MEMORY,
          "Cannot note which windows have enough observed target: "
              + bytes
              + " bytes of direct memory are needed (at most 2 GiB, and what"
              + " -XX:MaxDirectMemorySize allows). Choose a longer stride, or fewer series.",
          e);
    }
  }

  /** How many words a series takes. */
  static int words(int candidates) {
    int words = (candidates + Long.SIZE - 1) / Long.SIZE;
    return words + (words + WORDS - 1) / WORDS;
  }

  long bytes() {
    return (long) memory.capacity() * Long.BYTES;
  }

  /**
   * Adds a series.
   *
   * @return its place, which {@link #select} takes
   */
  int add(boolean[] windows, int candidates) {
    int place = used;
    int count = 0;
    for (int from = 0; from < candidates; from += BLOCK_BITS) {
      memory.put(used++, count);
      for (int word = from; word < Math.min(candidates, from + BLOCK_BITS); word += Long.SIZE) {
        long bits = 0;
        int until = Math.min(candidates - word, Long.SIZE);
        for (int i = 0; i < until; i++) {
          bits |= windows[word + i] ? 1L << i : 0;
        }
        memory.put(used++, bits);
        count += Long.bitCount(bits);
      }
    }
    return place;
  }

  /**
   * Which candidate is a window of a series.
   *
   * @param place what {@link #add} returned
   * @param candidates number of candidates of the series
   * @param k number of the window in the series, from 0; it has more than k windows
   */
  int select(int place, int candidates, int k) {
    int low = 0;
    int high = (candidates - 1) / BLOCK_BITS;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (memory.get(place + middle * BLOCK) <= k) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    int at = place + low * BLOCK;
    int left = k - (int) memory.get(at);
    int word = 0;
    long bits = memory.get(++at);
    while (left >= Long.bitCount(bits)) {
      left -= Long.bitCount(bits);
      bits = memory.get(++at);
      word++;
    }
    for (; left > 0; left--) {
      bits &= bits - 1;
    }
    return low * BLOCK_BITS + word * Long.SIZE + Long.numberOfTrailingZeros(bits);
  }
}
