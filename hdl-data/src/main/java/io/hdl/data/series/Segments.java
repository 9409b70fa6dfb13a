package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * The memory of a store: few large direct buffers in native byte order, filled with NaN, each of
 * which holds whole series one after another, [time][channel]. A buffer is limited to 2 GiB, the
 * memory as a whole is not.
 */
final class Segments {
  static final int MAX_SEGMENT_BYTES = 1 << 30;
  private static final int FILL_BYTES = 1 << 16;

  private final ByteBuffer[] buffers;
  private final int[] segmentOf;
  private final int[] positionOf;

  private Segments(ByteBuffer[] buffers, int[] segmentOf, int[] positionOf) {
    this.buffers = buffers;
    this.segmentOf = segmentOf;
    this.positionOf = positionOf;
  }

  /**
   * Reserves memory for series of the given lengths.
   *
   * @param maxSegmentBytes size up to which series share a buffer; a longer series has its own
   */
  static Segments allocate(int[] lengths, int channels, int maxSegmentBytes) {
    int[] segmentOf = new int[lengths.length];
    int[] positionOf = new int[lengths.length];
    List<Integer> sizes = new ArrayList<>();
    long used = 0;
    for (int s = 0; s < lengths.length; s++) {
      long bytes = (long) lengths[s] * channels * Float.BYTES;
      if (bytes > Integer.MAX_VALUE) {
        throw new HdlException(
            ErrorCode.OUT_OF_MEMORY,
            "Cannot hold a series of "
                + lengths[s]
                + " steps and "
                + channels
                + " channels: one series is limited to 2 GiB. Use fewer covariates or cut its history.");
      }
      if (used > 0 && used + bytes > maxSegmentBytes) {
        sizes.add((int) used);
        used = 0;
      }
      segmentOf[s] = sizes.size();
      positionOf[s] = (int) used;
      used += bytes;
    }
    sizes.add((int) used);
    ByteBuffer[] buffers = new ByteBuffer[sizes.size()];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = allocateMissing(sizes.get(i), sizes);
    }
    return new Segments(buffers, segmentOf, positionOf);
  }

  private static ByteBuffer allocateMissing(int bytes, List<Integer> all) {
    ByteBuffer buffer;
    try {
      buffer = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
    } catch (OutOfMemoryError e) {
      long total = all.stream().mapToLong(Integer::longValue).sum();
      throw new HdlException(
          ErrorCode.OUT_OF_MEMORY,
          "Cannot reserve "
              + total
              + " bytes of direct memory for the series. Start the JVM with"
              + " -XX:MaxDirectMemorySize above that, use fewer columns or filter the table.",
          e);
    }
    fill(buffer, 0, bytes, Float.NaN);
    return buffer;
  }

  /** Writes one value over a range whose position and length are multiples of four. */
  static void fill(ByteBuffer buffer, int position, int bytes, float value) {
    int head = Math.min(bytes, FILL_BYTES);
    for (int i = 0; i < head; i += Float.BYTES) {
      buffer.putFloat(position + i, value);
    }
    for (int done = head; done < bytes; done += head) {
      buffer.put(position + done, buffer, position, Math.min(head, bytes - done));
    }
  }

  ByteBuffer buffer(int series) {
    return buffers[segmentOf[series]];
  }

  /** Byte position of a series' first value in its buffer. */
  int position(int series) {
    return positionOf[series];
  }

  int count() {
    return buffers.length;
  }

  long bytes() {
    long bytes = 0;
    for (ByteBuffer buffer : buffers) {
      bytes += buffer.capacity();
    }
    return bytes;
  }
}
