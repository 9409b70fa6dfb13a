package io.hdl.data.transfer;

import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedDeque;

/** Direct buffers, used again by one fetch after the other. Thread-safe. */
final class Buffers {
  /** Written at once: large enough for few system calls, small enough for a core's own cache. */
  static final int BYTES = 1 << 18;

  private static final int KEPT = 8;

  private final ConcurrentLinkedDeque<ByteBuffer> free = new ConcurrentLinkedDeque<>();

  ByteBuffer take() {
    ByteBuffer buffer = free.pollFirst();
    return buffer == null ? ByteBuffer.allocateDirect(BYTES) : buffer;
  }

  void giveBack(ByteBuffer buffer) {
    if (free.size() < KEPT) {
      free.addFirst(buffer);
    }
  }
}
