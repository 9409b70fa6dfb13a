package io.hdl.data.series;

import java.nio.ByteBuffer;

/** Where a store is built: in direct memory, or in a file that is mapped. */
interface StoreMemory {
  /** The segments, filled with NaN. Called once, before {@link #index}. */
  Segments segments(int[] sizes);

  /** The index, zeroed. Called once. */
  ByteBuffer index(int bytes);

  /** Whether each series gets a checksum. */
  boolean checksums();

  /** Working memory for the time of building. */
  PageSource scratch();
}
