package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** A store in direct memory, for as long as the process lives. */
final class DirectMemory implements StoreMemory {
  DirectMemory() {}

  @Override
  public Segments segments(int[] sizes) {
    return Segments.allocate(sizes);
  }

  @Override
  public ByteBuffer index(int bytes) {
    return reserve(bytes, new int[] {bytes});
  }

  @Override
  public boolean checksums() {
    return false;
  }

  @Override
  public PageSource scratch() {
    return PageSource.DIRECT;
  }

  /**
   * Reserves one buffer.
   *
   * @param all what is reserved altogether, for the message
   */
  static ByteBuffer reserve(int bytes, int[] all) {
    try {
      return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    } catch (OutOfMemoryError e) {
      long total = Arrays.stream(all).asLongStream().sum();
      throw new HdlException(
          ErrorCode.OUT_OF_MEMORY,
          "Cannot reserve "
              + total
              + " bytes of direct memory for the series. Open them in a job or with a home"
              + " directory, which keeps them in a mapped file, start the JVM with"
              + " -XX:MaxDirectMemorySize above that, use fewer columns or filter the table.",
          e);
    }
  }
}
