package io.hdl.data.parquet;

import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is done with an array of values, for each type of array. Stateless.
 *
 * @param <A> the type of the array
 */
abstract class Lanes<A> {
  static final Lanes<float[]> FLOATS = new Floats();
  static final Lanes<long[]> LONGS = new Longs();
  static final Lanes<double[]> DOUBLES = new Doubles();
  static final Lanes<BigDecimal[]> DECIMALS = new Objects<>(BigDecimal[].class);
  static final Lanes<byte[][]> BINARIES = new Objects<>(byte[][].class);
  static final Lanes<int[]> CODES = new Codes();

  /** A new array. */
  abstract A make(int length);

  /** Looks values up by their indices. */
  abstract void gather(A dictionary, int[] indices, A into, int at, int count);

  /** Repeats one value of a dictionary. */
  abstract void repeat(A dictionary, int index, A into, int at, int count);

  /** Writes what stands for null. */
  abstract void nulls(A into, int at, int count);

  /** Puts values where the marks are 1, and what stands for null where they are 0. */
  abstract void spread(A dense, byte[] marks, A into, int at, int count);

  /** Moves the values at ascending indices to the front. */
  abstract void keep(A values, int[] indices, int count);

  private static final class Floats extends Lanes<float[]> {
    @Override
    float[] make(int length) {
      return new float[length];
    }

    @Override
    void gather(float[] dictionary, int[] indices, float[] into, int at, int count) {
      for (int i = 0; i < count; i++) {
        into[at + i] = dictionary[indices[i]];
      }
    }

    @Override
    void repeat(float[] dictionary, int index, float[] into, int at, int count) {
      Arrays.fill(into, at, at + count, dictionary[index]);
    }

    @Override
    void nulls(float[] into, int at, int count) {
      Arrays.fill(into, at, at + count, Float.NaN);
    }

    @Override
    void spread(float[] dense, byte[] marks, float[] into, int at, int count) {
      int next = 0;
      for (int i = 0; i < count; i++) {
        int mark = marks[i];
        into[at + i] = mark != 0 ? dense[next] : Float.NaN;
        next += mark;
      }
    }

    @Override
    void keep(float[] values, int[] indices, int count) {
      for (int i = 0; i < count; i++) {
        values[i] = values[indices[i]];
      }
    }
  }

  private static final class Longs extends Lanes<long[]> {
    @Override
    long[] make(int length) {
      return new long[length];
    }

    @Override
    void gather(long[] dictionary, int[] indices, long[] into, int at, int count) {
      for (int i = 0; i < count; i++) {
        into[at + i] = dictionary[indices[i]];
      }
    }

    @Override
    void repeat(long[] dictionary, int index, long[] into, int at, int count) {
      Arrays.fill(into, at, at + count, dictionary[index]);
    }

    @Override
    void nulls(long[] into, int at, int count) {
      Arrays.fill(into, at, at + count, 0);
    }

    @Override
    void spread(long[] dense, byte[] marks, long[] into, int at, int count) {
      int next = 0;
      for (int i = 0; i < count; i++) {
        int mark = marks[i];
        into[at + i] = mark != 0 ? dense[next] : 0;
        next += mark;
      }
    }

    @Override
    void keep(long[] values, int[] indices, int count) {
      for (int i = 0; i < count; i++) {
        values[i] = values[indices[i]];
      }
    }
  }

  private static final class Doubles extends Lanes<double[]> {
    @Override
    double[] make(int length) {
      return new double[length];
    }

    @Override
    void gather(double[] dictionary, int[] indices, double[] into, int at, int count) {
      for (int i = 0; i < count; i++) {
        into[at + i] = dictionary[indices[i]];
      }
    }

    @Override
    void repeat(double[] dictionary, int index, double[] into, int at, int count) {
      Arrays.fill(into, at, at + count, dictionary[index]);
    }

    @Override
    void nulls(double[] into, int at, int count) {
      Arrays.fill(into, at, at + count, 0);
    }

    @Override
    void spread(double[] dense, byte[] marks, double[] into, int at, int count) {
      int next = 0;
      for (int i = 0; i < count; i++) {
        int mark = marks[i];
        into[at + i] = mark != 0 ? dense[next] : 0;
        next += mark;
      }
    }

    @Override
    void keep(double[] values, int[] indices, int count) {
      for (int i = 0; i < count; i++) {
        values[i] = values[indices[i]];
      }
    }
  }

  /** Codes of texts: -1 stands for null. */
  private static final class Codes extends Lanes<int[]> {
    @Override
    int[] make(int length) {
      return new int[length];
    }

    @Override
    void gather(int[] dictionary, int[] indices, int[] into, int at, int count) {
      for (int i = 0; i < count; i++) {
        into[at + i] = dictionary[indices[i]];
      }
    }

    @Override
    void repeat(int[] dictionary, int index, int[] into, int at, int count) {
      Arrays.fill(into, at, at + count, dictionary[index]);
    }

    @Override
    void nulls(int[] into, int at, int count) {
      Arrays.fill(into, at, at + count, -1);
    }

    @Override
    void spread(int[] dense, byte[] marks, int[] into, int at, int count) {
      int next = 0;
      for (int i = 0; i < count; i++) {
        int mark = marks[i];
        into[at + i] = mark != 0 ? dense[next] : -1;
        next += mark;
      }
    }

    @Override
    void keep(int[] values, int[] indices, int count) {
      for (int i = 0; i < count; i++) {
        values[i] = values[indices[i]];
      }
    }
  }

  private static final class Objects<T> extends Lanes<@Nullable T[]> {
    private final Class<T[]> type;

    Objects(Class<T[]> type) {
      this.type = type;
    }

    @Override
    @Nullable T[] make(int length) {
      return Arrays.copyOf(
          type.cast(java.lang.reflect.Array.newInstance(type.getComponentType(), 0)), length);
    }

    @Override
    void gather(@Nullable T[] dictionary, int[] indices, @Nullable T[] into, int at, int count) {
      for (int i = 0; i < count; i++) {
        into[at + i] = dictionary[indices[i]];
      }
    }

    @Override
    void repeat(@Nullable T[] dictionary, int index, @Nullable T[] into, int at, int count) {
      Arrays.fill(into, at, at + count, dictionary[index]);
    }

    @Override
    void nulls(@Nullable T[] into, int at, int count) {
      Arrays.fill(into, at, at + count, null);
    }

    @Override
    void spread(@Nullable T[] dense, byte[] marks, @Nullable T[] into, int at, int count) {
      int next = 0;
      for (int i = 0; i < count; i++) {
        int mark = marks[i];
        into[at + i] = mark != 0 ? dense[next] : null;
        next += mark;
      }
    }

    @Override
    void keep(@Nullable T[] values, int[] indices, int count) {
      for (int i = 0; i < count; i++) {
        values[i] = values[indices[i]];
      }
    }
  }
}
