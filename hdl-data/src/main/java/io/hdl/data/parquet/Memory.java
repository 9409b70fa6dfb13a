package io.hdl.data.parquet;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * Direct memory that decoders borrow and give back, since reserving it is slow. Up to {@link
 * #MAX_KEPT} bytes that nobody uses are kept. Thread-safe.
 */
final class Memory {
  /** Bytes behind what a buffer is asked for that may be read, so that decoders can read words. */
  static final int SLACK = 16;

  static final long MAX_KEPT = 64L << 20;
  private static final int MAX_KEPT_BUFFER = 8 << 20;
  private static final int SMALLEST = 1 << 18;

  /** The buffers that are kept, by the number of bits in their size. */
  private static final List<ConcurrentLinkedDeque<ByteBuffer>> KEPT =
      Stream.generate(() -> new ConcurrentLinkedDeque<ByteBuffer>()).limit(Integer.SIZE).toList();

  private static final AtomicLong KEPT_BYTES = new AtomicLong();

  private Memory() {}

  /** A little-endian buffer with room for some bytes and {@link #SLACK} more. */
  static ByteBuffer take(int bytes) {
    // Whole powers of two, so that a buffer that grows does so a few times only.
    int bits = Integer.SIZE - Integer.numberOfLeadingZeros(Math.max(SMALLEST, bytes) - 1);
    ByteBuffer kept = KEPT.get(bits).pollFirst();
    if (kept != null) {
      KEPT_BYTES.addAndGet(-kept.capacity());
      return kept;
    }
    int capacity = (bits == 31 ? bytes : 1 << bits) + SLACK;
    try {
      return ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
    } catch (OutOfMemoryError e) {
      throw new HdlException(
          ErrorCode.OUT_OF_MEMORY,
          "Cannot reserve "
              + capacity
              + " bytes of direct memory for a page of a data file. Start the JVM with a larger"
              + " -XX:MaxDirectMemorySize, or read with fewer threads.",
          e);
    }
  }

  /** A buffer with room for some bytes: the one at hand, or another one that replaces it. */
  static ByteBuffer atLeast(ByteBuffer buffer, int bytes) {
    if (buffer.capacity() - SLACK >= bytes) {
      return buffer;
    }
    give(buffer);
    return take(bytes);
  }

  /** Gives a buffer back. */
  static void give(ByteBuffer buffer) {
    int capacity = buffer.capacity();
    if (capacity <= MAX_KEPT_BUFFER) {
      if (KEPT_BYTES.addAndGet(capacity) <= MAX_KEPT) {
        buffer.clear();
        KEPT.get(Integer.SIZE - Integer.numberOfLeadingZeros(capacity - SLACK - 1))
            .addFirst(buffer);
      } else {
        KEPT_BYTES.addAndGet(-capacity);
      }
    }
  }
}
