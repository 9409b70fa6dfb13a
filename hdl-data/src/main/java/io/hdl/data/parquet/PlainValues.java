package io.hdl.data.parquet;

import java.nio.ByteBuffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;

/** PLAIN values of fixed width: copied as they are. */
abstract class PlainValues extends Values {
  private final int width;
  int next;
  private int left;

  PlainValues(int width) {
    this.width = width;
  }

  @Override
  final void start(ByteBuffer page, int from, int to, int rows) {
    left = (to - from) / width;
    next = 0;
    view(page.duplicate().order(page.order()).position(from).limit(to).slice().order(page.order()));
  }

  abstract void view(ByteBuffer values);

  /** Passes over values and gives the place of the first. */
  final int take(int count) {
    if (count > left) {
      throw tooShort();
    }
    left -= count;
    int first = next;
    next += count;
    return first;
  }

  /** INT32. */
  static final class Ints extends PlainValues {
    private IntBuffer values = IntBuffer.allocate(0);

    Ints() {
      super(Integer.BYTES);
    }

    @Override
    void view(ByteBuffer bytes) {
      values = bytes.asIntBuffer();
    }

    @Override
    void ints(int[] into, int at, int count) {
      values.get(take(count), into, at, count);
    }
  }

  /** INT64. */
  static final class Longs extends PlainValues {
    private LongBuffer values = LongBuffer.allocate(0);

    Longs() {
      super(Long.BYTES);
    }

    @Override
    void view(ByteBuffer bytes) {
      values = bytes.asLongBuffer();
    }

    @Override
    void longs(long[] into, int at, int count) {
      values.get(take(count), into, at, count);
    }
  }

  /** FLOAT. */
  static final class Floats extends PlainValues {
    private FloatBuffer values = FloatBuffer.allocate(0);

    Floats() {
      super(Float.BYTES);
    }

    @Override
    void view(ByteBuffer bytes) {
      values = bytes.asFloatBuffer();
    }

    @Override
    void floats(float[] into, int at, int count) {
      values.get(take(count), into, at, count);
    }

    /** Takes floats straight to where they are wanted. */
    void floats(FloatBuffer into, int at, int count) {
      into.put(at, values, take(count), count);
    }
  }

  /** DOUBLE. */
  static final class Doubles extends PlainValues {
    private DoubleBuffer values = DoubleBuffer.allocate(0);

    Doubles() {
      super(Double.BYTES);
    }

    @Override
    void view(ByteBuffer bytes) {
      values = bytes.asDoubleBuffer();
    }

    @Override
    void doubles(double[] into, int at, int count) {
      values.get(take(count), into, at, count);
    }
  }
}
