package io.hdl.data.column;

import java.math.BigDecimal;
import java.nio.FloatBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The values of one column in one batch. Memory is shared, not copied, and nobody but its decoder
 * changes it; it is valid as long as the batch is.
 */
public sealed interface ColumnVector {
  /** Number of values, nulls included. */
  int size();

  /** Whether the value at a row is null. */
  boolean isNull(int row);

  /**
   * Booleans (0 and 1), integers, dates (days since 1970-01-01) and timestamps (microseconds since
   * 1970-01-01T00:00Z, or without a zone).
   */
  final class Longs implements ColumnVector {
    private final long[] values;
    private final boolean @Nullable [] nulls;
    private final int size;

    /**
     * Takes the arrays over.
     *
     * @param nulls true where a value is null, or null if none is
     */
    public Longs(long[] values, boolean @Nullable [] nulls) {
      this(values, nulls, values.length);
    }

    /**
     * Takes the first values of the arrays over.
     *
     * @param nulls true where a value is null, or null if none is
     * @param size how many values
     */
    public Longs(long[] values, boolean @Nullable [] nulls, int size) {
      this.values = values;
      this.nulls = nulls;
      this.size = size;
    }

    /** The value at a row; 0 where it is null. */
    public long value(int row) {
      return values[row];
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public boolean isNull(int row) {
      return nulls != null && nulls[row];
    }
  }

  /** Floats and doubles. */
  final class Doubles implements ColumnVector {
    private final double[] values;
    private final boolean @Nullable [] nulls;
    private final int size;

    /**
     * Takes the arrays over.
     *
     * @param nulls true where a value is null, or null if none is
     */
    public Doubles(double[] values, boolean @Nullable [] nulls) {
      this(values, nulls, values.length);
    }

    /**
     * Takes the first values of the arrays over.
     *
     * @param nulls true where a value is null, or null if none is
     * @param size how many values
     */
    public Doubles(double[] values, boolean @Nullable [] nulls, int size) {
      this.values = values;
      this.nulls = nulls;
      this.size = size;
    }

    /** The value at a row; 0 where it is null. */
    public double value(int row) {
      return values[row];
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public boolean isNull(int row) {
      return nulls != null && nulls[row];
    }
  }

  /** Numbers as 32-bit floats in off-heap memory; NaN stands for null as well. */
  final class Floats implements ColumnVector {
    private final FloatBuffer values;

    /** Takes the values from position 0 to the buffer's limit; they are not copied. */
    public Floats(FloatBuffer values) {
      this.values = values;
    }

    /** The value at a row; NaN where it is null. */
    public float value(int row) {
      return values.get(row);
    }

    /** Copies consecutive values into an array. */
    public void copyTo(int fromRow, float[] into, int at, int count) {
      values.get(fromRow, into, at, count);
    }

    @Override
    public int size() {
      return values.limit();
    }

    @Override
    public boolean isNull(int row) {
      return Float.isNaN(values.get(row));
    }
  }

  /** Decimals. */
  final class Decimals implements ColumnVector {
    private final @Nullable BigDecimal[] values;
    private final int size;

    /** Takes the array over. */
    public Decimals(@Nullable BigDecimal[] values) {
      this(values, values.length);
    }

    /** Takes the first values of the array over. */
    public Decimals(@Nullable BigDecimal[] values, int size) {
      this.values = values;
      this.size = size;
    }

    /** The value at a row; null where it is null. */
    public @Nullable BigDecimal value(int row) {
      return values[row];
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public boolean isNull(int row) {
      return values[row] == null;
    }
  }

  /** Strings, as codes into a dictionary of the batch. */
  final class Texts implements ColumnVector {
    private final int[] codes;
    private final List<String> dictionary;
    private final int size;

    /**
     * Takes the arrays over.
     *
     * @param codes indices into the dictionary, -1 where a value is null
     * @param dictionary the texts; one that occurs twice has two codes
     */
    public Texts(int[] codes, List<String> dictionary) {
      this(codes, dictionary, codes.length);
    }

    /**
     * Takes the first codes of the array over.
     *
     * @param codes indices into the dictionary, -1 where a value is null
     * @param dictionary the texts; one that occurs twice has two codes
     * @param size how many codes
     */
    public Texts(int[] codes, List<String> dictionary, int size) {
      this.codes = codes;
      this.dictionary = dictionary;
      this.size = size;
    }

    /** The index of a row's text in the dictionary; -1 where it is null. */
    public int code(int row) {
      return codes[row];
    }

    /** The texts that the batch's rows hold, and no others. */
    public List<String> dictionary() {
      return dictionary;
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public boolean isNull(int row) {
      return codes[row] < 0;
    }
  }

  /** Byte strings. */
  final class Binaries implements ColumnVector {
    private final byte[] @Nullable [] values;
    private final int size;

    /** Takes the arrays over. */
    public Binaries(byte[] @Nullable [] values) {
      this(values, values.length);
    }

    /** Takes the first values of the array over. */
    public Binaries(byte[] @Nullable [] values, int size) {
      this.values = values;
      this.size = size;
    }

    /** The value at a row; null where it is null. */
    public byte @Nullable [] value(int row) {
      return values[row];
    }

    @Override
    public int size() {
      return size;
    }

    @Override
    public boolean isNull(int row) {
      return values[row] == null;
    }
  }
}
