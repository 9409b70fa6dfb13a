package io.hdl.data.series;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Gives out memory beside the heap, zeroed, in native byte order. Thread-safe. */
interface PageSource {
  /** Direct memory of this process. */
  PageSource DIRECT = bytes -> ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());

  /** A page of its own for each call; it is never given back before the source is gone. */
  ByteBuffer page(int bytes);
}
