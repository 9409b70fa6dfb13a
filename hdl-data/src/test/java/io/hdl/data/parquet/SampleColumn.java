package io.hdl.data.parquet;

import io.hdl.data.column.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * A type in a file, the type of the table that it is read as, and values of it: as written, and as
 * they must be read.
 */
@SuppressWarnings("ImmutableEnumChecker") // a type never changes
enum SampleColumn {
  BOOLEAN(ColumnType.BOOLEAN),
  INT8(ColumnType.BYTE),
  INT16(ColumnType.SHORT),
  INT32(ColumnType.INTEGER),
  INT32_AS_LONG(ColumnType.LONG),
  INT32_AS_DOUBLE(ColumnType.DOUBLE),
  INT32_AS_DECIMAL(ColumnType.decimal(14, 3)),
  UINT16(ColumnType.INTEGER),
  UINT32(ColumnType.LONG),
  UINT32_AS_DOUBLE(ColumnType.DOUBLE),
  UINT64(ColumnType.decimal(20, 0)),
  INT64(ColumnType.LONG),
  FLOAT(ColumnType.FLOAT),
  FLOAT_AS_DOUBLE(ColumnType.DOUBLE),
  DOUBLE(ColumnType.DOUBLE),
  DATE(ColumnType.DATE),
  DATE_AS_TIMESTAMP(ColumnType.TIMESTAMP_NTZ),
  MILLIS(ColumnType.TIMESTAMP),
  MICROS(ColumnType.TIMESTAMP),
  NANOS(ColumnType.TIMESTAMP_NTZ),
  INT96(ColumnType.TIMESTAMP),
  DECIMAL_INT32(ColumnType.decimal(9, 2)),
  DECIMAL_INT32_WIDER(ColumnType.decimal(20, 5)),
  DECIMAL_INT64(ColumnType.decimal(18, 4)),
  DECIMAL_FIXED(ColumnType.decimal(38, 10)),
  DECIMAL_FIXED_SHORT(ColumnType.decimal(12, 3)),
  DECIMAL_BINARY(ColumnType.decimal(30, 6)),
  STRING(ColumnType.STRING),
  CHAR(ColumnType.fixedLength(8)),
  BINARY(ColumnType.BINARY),
  FIXED(ColumnType.BINARY);

  private static final int FIXED_LENGTH = 5;

  /** A value as it is written and as it is read. */
  record Value(Object written, Object read) {}

  final ColumnType type;

  SampleColumn(ColumnType type) {
    this.type = type;
  }

  PrimitiveType field(Type.Repetition repetition, String name) {
    return switch (this) {
      case BOOLEAN -> plain(PrimitiveTypeName.BOOLEAN, repetition).named(name);
      case INT8 -> integer(repetition, 8, true).named(name);
      case INT16 -> integer(repetition, 16, true).named(name);
      case INT32, INT32_AS_LONG, INT32_AS_DOUBLE, INT32_AS_DECIMAL ->
          plain(PrimitiveTypeName.INT32, repetition).named(name);
      case UINT16 -> integer(repetition, 16, false).named(name);
      case UINT32, UINT32_AS_DOUBLE -> integer(repetition, 32, false).named(name);
      case UINT64 ->
          plain(PrimitiveTypeName.INT64, repetition)
              .as(LogicalTypeAnnotation.intType(64, false))
              .named(name);
      case INT64 -> plain(PrimitiveTypeName.INT64, repetition).named(name);
      case FLOAT, FLOAT_AS_DOUBLE -> plain(PrimitiveTypeName.FLOAT, repetition).named(name);
      case DOUBLE -> plain(PrimitiveTypeName.DOUBLE, repetition).named(name);
      case DATE, DATE_AS_TIMESTAMP ->
          plain(PrimitiveTypeName.INT32, repetition)
              .as(LogicalTypeAnnotation.dateType())
              .named(name);
      case MILLIS -> timestamp(repetition, TimeUnit.MILLIS).named(name);
      case MICROS -> timestamp(repetition, TimeUnit.MICROS).named(name);
      case NANOS -> timestamp(repetition, TimeUnit.NANOS).named(name);
      case INT96 -> plain(PrimitiveTypeName.INT96, repetition).named(name);
      case DECIMAL_INT32, DECIMAL_INT32_WIDER ->
          decimal(PrimitiveTypeName.INT32, repetition, 9, 2).named(name);
      case DECIMAL_INT64 -> decimal(PrimitiveTypeName.INT64, repetition, 18, 4).named(name);
      case DECIMAL_FIXED ->
          decimal(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition, 38, 10)
              .length(16)
              .named(name);
      case DECIMAL_FIXED_SHORT ->
          decimal(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition, 12, 3).length(6).named(name);
      case DECIMAL_BINARY -> decimal(PrimitiveTypeName.BINARY, repetition, 30, 6).named(name);
      case STRING, CHAR ->
          plain(PrimitiveTypeName.BINARY, repetition)
              .as(LogicalTypeAnnotation.stringType())
              .named(name);
      case BINARY -> plain(PrimitiveTypeName.BINARY, repetition).named(name);
      case FIXED ->
          plain(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
              .length(FIXED_LENGTH)
              .named(name);
    };
  }

  private static Types.PrimitiveBuilder<PrimitiveType> plain(
      PrimitiveTypeName type, Type.Repetition repetition) {
    return Types.primitive(type, repetition);
  }

  private static Types.PrimitiveBuilder<PrimitiveType> integer(
      Type.Repetition repetition, int bits, boolean signed) {
    return plain(PrimitiveTypeName.INT32, repetition)
        .as(LogicalTypeAnnotation.intType(bits, signed));
  }

  private static Types.PrimitiveBuilder<PrimitiveType> timestamp(
      Type.Repetition repetition, TimeUnit unit) {
    return plain(PrimitiveTypeName.INT64, repetition)
        .as(LogicalTypeAnnotation.timestampType(true, unit));
  }

  private static Types.PrimitiveBuilder<PrimitiveType> decimal(
      PrimitiveTypeName type, Type.Repetition repetition, int precision, int scale) {
    return plain(type, repetition).as(LogicalTypeAnnotation.decimalType(scale, precision));
  }

  /** The value with a number; the same number gives the same value. */
  Value value(long number) {
    Random random = new Random(number * 31 + name().hashCode());
    // Small and large magnitudes alike.
    long wide = random.nextLong() >> random.nextInt(64);
    int narrow = random.nextInt() >> random.nextInt(32);
    return switch (this) {
      case BOOLEAN -> new Value((number & 1) == 1, number & 1);
      case INT8 -> new Value((int) (byte) narrow, (long) (byte) narrow);
      case INT16 -> new Value((int) (short) narrow, (long) (short) narrow);
      case INT32, INT32_AS_LONG -> new Value(narrow, (long) narrow);
      case INT32_AS_DOUBLE -> new Value(narrow, (double) narrow);
      case INT32_AS_DECIMAL -> new Value(narrow, BigDecimal.valueOf(narrow).setScale(3));
      case UINT16 -> new Value(narrow & 0xFFFF, (long) (narrow & 0xFFFF));
      case UINT32 -> new Value(narrow, Integer.toUnsignedLong(narrow));
      case UINT32_AS_DOUBLE -> new Value(narrow, (double) Integer.toUnsignedLong(narrow));
      case UINT64 -> new Value(wide, new BigDecimal(Long.toUnsignedString(wide)));
      case INT64 -> new Value(wide, wide);
      case FLOAT, FLOAT_AS_DOUBLE -> {
        float value = special(number, Float.intBitsToFloat(random.nextInt())).floatValue();
        yield new Value(value, (double) value);
      }
      case DOUBLE -> {
        double value = special(number, wide / 100.0).doubleValue();
        yield new Value(value, value);
      }
      case DATE -> new Value(narrow, (long) narrow);
      case DATE_AS_TIMESTAMP -> new Value(narrow >> 6, (narrow >> 6) * 86_400_000_000L);
      case MILLIS -> new Value(wide >> 16, (wide >> 16) * 1000);
      case MICROS -> new Value(wide, wide);
      case NANOS -> new Value(wide, Math.floorDiv(wide, 1000L));
      case INT96 -> {
        long nanos = random.nextLong(86_400_000_000_000L);
        int day = 2_440_588 + (narrow >> 8);
        ByteBuffer bytes = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(nanos).putInt(day);
        yield new Value(
            Binary.fromConstantByteArray(bytes.array()),
            (narrow >> 8) * 86_400_000_000L + nanos / 1000);
      }
      case DECIMAL_INT32 ->
          new Value(narrow % 1_000_000_000, BigDecimal.valueOf(narrow % 1_000_000_000, 2));
      case DECIMAL_INT32_WIDER ->
          new Value(
              narrow % 1_000_000_000, BigDecimal.valueOf(narrow % 1_000_000_000, 2).setScale(5));
      case DECIMAL_INT64 -> {
        long unscaled = wide % 1_000_000_000_000_000_000L;
        yield new Value(unscaled, BigDecimal.valueOf(unscaled, 4));
      }
      case DECIMAL_FIXED -> {
        BigInteger unscaled =
            new BigInteger(1 + random.nextInt(120), random)
                .multiply(BigInteger.valueOf(random.nextBoolean() ? 1 : -1));
        yield new Value(padded(unscaled, 16), new BigDecimal(unscaled, 10));
      }
      case DECIMAL_FIXED_SHORT -> {
        long unscaled = wide % 1_000_000_000_000L;
        yield new Value(padded(BigInteger.valueOf(unscaled), 6), BigDecimal.valueOf(unscaled, 3));
      }
      case DECIMAL_BINARY -> {
        BigInteger unscaled =
            new BigInteger(1 + random.nextInt(98), random)
                .multiply(BigInteger.valueOf(random.nextBoolean() ? 1 : -1));
        yield new Value(
            Binary.fromConstantByteArray(unscaled.toByteArray()), new BigDecimal(unscaled, 6));
      }
      case STRING -> {
        String text = number % 17 == 0 ? "" : "t" + "xü€".repeat(random.nextInt(9)) + number;
        yield new Value(Binary.fromString(text), text);
      }
      case CHAR -> {
        String text = Long.toString(Math.abs(number) % 100_000_000);
        yield new Value(Binary.fromString(text), text + " ".repeat(8 - text.length()));
      }
      case BINARY -> bytes(random, random.nextInt(40));
      case FIXED -> bytes(random, FIXED_LENGTH);
    };
  }

  private static Number special(long number, Number otherwise) {
    return switch ((int) Math.floorMod(number, 50L)) {
      case 1 -> Double.NaN;
      case 2 -> Double.POSITIVE_INFINITY;
      case 3 -> Double.NEGATIVE_INFINITY;
      case 4 -> -0.0;
      default -> otherwise;
    };
  }

  private static Value bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return new Value(Binary.fromConstantByteArray(bytes), bytes);
  }

  private static Binary padded(BigInteger unscaled, int length) {
    byte[] bytes = unscaled.toByteArray();
    byte[] all = new byte[length];
    java.util.Arrays.fill(all, (byte) (unscaled.signum() < 0 ? -1 : 0));
    System.arraycopy(bytes, 0, all, length - bytes.length, bytes.length);
    return Binary.fromConstantByteArray(all);
  }

  /** Whether it can be read as floats. */
  boolean isNumber() {
    return type.kind() != ColumnType.Kind.STRING && type.kind() != ColumnType.Kind.BINARY;
  }

  /** A value that was read, as a float. */
  static float asFloat(Object read) {
    return read instanceof Long number ? (float) (long) number : ((Number) read).floatValue();
  }
}
