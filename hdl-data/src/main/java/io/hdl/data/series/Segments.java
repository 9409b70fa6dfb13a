package io.hdl.data.series;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;

/**
 * The memory of a store's values: few large buffers in native byte order, direct or mapped. A
 * series is found by its address: the number of its segment in the upper half, its position there
 * in the lower.
 */
final class Segments {
  /** What stands where nothing was written: NaN, missing. */
  static final int MISSING = Float.floatToIntBits(Float.NaN);

  private static final int FILL_BYTES = 1 << 16;

  private final ByteBuffer[] buffers;
  private final FloatBuffer[] floats;
  private final DoubleBuffer[] doubles;

  /** Takes buffers in native byte order. */
  Segments(ByteBuffer[] buffers) {
    this.buffers = buffers;
    this.floats = new FloatBuffer[buffers.length];
    this.doubles = new DoubleBuffer[buffers.length];
    for (int i = 0; i < buffers.length; i++) {
      floats[i] = buffers[i].asFloatBuffer();
      doubles[i] = buffers[i].asDoubleBuffer();
    }
  }

  /** Reserves direct memory, filled with NaN. */
  static Segments allocate(int[] sizes) {
    ByteBuffer[] buffers = new ByteBuffer[sizes.length];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] = DirectMemory.reserve(sizes[i], sizes);
      fill(buffers[i], 0, sizes[i], Float.NaN);
    }
    return new Segments(buffers);
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

  ByteBuffer buffer(long address) {
    return buffers[(int) (address >>> 32)];
  }

  /** The same memory as floats. */
  FloatBuffer floats(long address) {
    return floats[(int) (address >>> 32)];
  }

  /** The same memory as doubles. */
  DoubleBuffer doubles(long address) {
    return doubles[(int) (address >>> 32)];
  }

  /** Byte position of a series' first value in its buffer, a multiple of eight. */
  static int position(long address) {
    return (int) address;
  }

  int count() {
    return buffers.length;
  }

  /** The bytes of a series, to be read by one thread. */
  ByteBuffer slice(long address, int bytes) {
    return buffer(address).slice(position(address), bytes).order(ByteOrder.nativeOrder());
  }

  long bytes() {
    long bytes = 0;
    for (ByteBuffer buffer : buffers) {
      bytes += buffer.capacity();
    }
    return bytes;
  }
}
