package io.hdl.data.parquet;

import io.hdl.data.column.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.IntLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * From the type that a file holds to the type that a table has. Next to equal types these are the
 * widenings of the Delta protocol ("Type Widening"), and unsigned integers where the table's type
 * holds them all. A method gives null where there is no way.
 *
 * <p>There are two of each: for hdl's own decoder, and for parquet-java's column reader.
 */
final class Conversions {
  private static final long MICROS_PER_DAY = 86_400_000_000L;
  private static final int JULIAN_EPOCH = 2_440_588;

  private final PrimitiveTypeName physical;
  private final @Nullable LogicalTypeAnnotation logical;

  Conversions(PrimitiveType type) {
    this.physical = type.getPrimitiveTypeName();
    this.logical = type.getLogicalTypeAnnotation();
  }

  boolean isBinary() {
    return (physical == PrimitiveTypeName.BINARY
            || physical == PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
        && !(logical instanceof DecimalLogicalTypeAnnotation);
  }

  private boolean isDate() {
    return physical == PrimitiveTypeName.INT32
        && logical instanceof LogicalTypeAnnotation.DateLogicalTypeAnnotation;
  }

  private boolean isDecimal() {
    return logical instanceof DecimalLogicalTypeAnnotation;
  }

  private boolean isInt32() {
    return physical == PrimitiveTypeName.INT32 && isInteger();
  }

  private boolean isInt64() {
    return physical == PrimitiveTypeName.INT64 && isInteger();
  }

  private boolean isInteger() {
    return logical == null || logical instanceof IntLogicalTypeAnnotation;
  }

  /** Whether it is an unsigned integer that fills its width: smaller ones need no care. */
  private boolean isUnsigned() {
    return logical instanceof IntLogicalTypeAnnotation integer
        && !integer.isSigned()
        && integer.getBitWidth() == (physical == PrimitiveTypeName.INT32 ? 32 : 64);
  }

  private int fileScale() {
    return logical instanceof DecimalLogicalTypeAnnotation decimal ? decimal.getScale() : 0;
  }

  /** Whether integers, or decimals without their point, can become decimals of a scale. */
  private boolean isDecimalOf(int scale) {
    return fileScale() <= scale && (isDecimal() || isInt32() || isInt64());
  }

  // ---- hdl's own decoder

  @Nullable Converter<long[]> longs(ColumnType.Kind kind) {
    return switch (kind) {
      case BOOLEAN -> physical == PrimitiveTypeName.BOOLEAN ? ToLongs.ofInts() : null;
      case BYTE, SHORT, INTEGER -> isInt32() && !isUnsigned() ? ToLongs.ofInts() : null;
      case LONG -> isInt32() ? ints() : isInt64() && !isUnsigned() ? ToLongs.ofLongs() : null;
      case DATE -> isDate() ? ToLongs.ofInts() : null;
      case TIMESTAMP -> instants();
      case TIMESTAMP_NTZ -> isDate() ? ToLongs.ofDays() : instants();
      default -> null;
    };
  }

  private Converter<long[]> ints() {
    return isUnsigned() ? ToLongs.ofUnsigned() : ToLongs.ofInts();
  }

  private @Nullable Converter<long[]> instants() {
    if (physical == PrimitiveTypeName.INT96) {
      return ToLongs.ofInt96();
    }
    if (physical != PrimitiveTypeName.INT64
        || !(logical instanceof TimestampLogicalTypeAnnotation timestamp)) {
      return null;
    }
    return switch (timestamp.getUnit()) {
      case MILLIS -> ToLongs.ofMillis();
      case MICROS -> ToLongs.ofLongs();
      case NANOS -> ToLongs.ofNanos();
    };
  }

  @Nullable Converter<double[]> doubles(ColumnType.Kind kind) {
    boolean wide = kind == ColumnType.Kind.DOUBLE;
    return switch (physical) {
      case FLOAT -> ToDoubles.ofFloats();
      case DOUBLE -> wide ? ToDoubles.ofDoubles() : null;
      case INT32 -> wide && isInt32() ? ToDoubles.ofInts(ints()) : null;
      default -> null;
    };
  }

  @Nullable Converter<BigDecimal[]> decimals(int scale) {
    if (!isDecimalOf(scale)) {
      return null;
    }
    return switch (physical) {
      case INT32 -> ToDecimals.ofLongs(ints(), fileScale(), scale);
      case INT64 ->
          isUnsigned()
              ? ToDecimals.ofUnsignedLongs(scale)
              : ToDecimals.ofLongs(ToLongs.ofLongs(), fileScale(), scale);
      case BINARY, FIXED_LEN_BYTE_ARRAY -> ToDecimals.ofBytes(fileScale(), scale);
      default -> null;
    };
  }

  /** To floats, from whatever the file holds for a column of this type. */
  @Nullable Converter<float[]> floats(ColumnType type) {
    ColumnType.Kind kind = type.kind();
    return switch (kind) {
      case BOOLEAN, BYTE, SHORT, INTEGER, LONG, DATE, TIMESTAMP, TIMESTAMP_NTZ -> {
        Converter<long[]> longs = longs(kind);
        if (longs == null) {
          yield null;
        }
        boolean narrow =
            physical == PrimitiveTypeName.BOOLEAN
                || (physical == PrimitiveTypeName.INT32
                    && !isUnsigned()
                    && kind != ColumnType.Kind.TIMESTAMP_NTZ);
        yield narrow ? ToFloats.ofInts() : ToFloats.ofLongs(longs);
      }
      case FLOAT, DOUBLE -> {
        if (doubles(kind) == null) {
          yield null;
        }
        yield switch (physical) {
          case FLOAT -> ToFloats.ofFloats();
          case DOUBLE -> ToFloats.ofDoubles();
          default -> isUnsigned() ? ToFloats.ofLongs(ints()) : ToFloats.ofInts();
        };
      }
      case DECIMAL -> {
        Converter<BigDecimal[]> decimals = decimals(type.scale());
        if (decimals == null) {
          yield null;
        }
        yield switch (physical) {
          case INT32 -> ToFloats.ofDecimals(ints(), fileScale());
          case INT64 ->
              isUnsigned()
                  ? ToFloats.ofAny(decimals)
                  : ToFloats.ofDecimals(ToLongs.ofLongs(), fileScale());
          default -> ToFloats.ofDecimalBytes(fileScale());
        };
      }
      default -> null;
    };
  }

  // ---- parquet-java's column reader

  VectorReader.@Nullable AsLong toLong(ColumnType.Kind kind) {
    return switch (kind) {
      case BOOLEAN ->
          physical == PrimitiveTypeName.BOOLEAN ? reader -> reader.getBoolean() ? 1 : 0 : null;
      case BYTE, SHORT, INTEGER -> isInt32() && !isUnsigned() ? ColumnReader::getInteger : null;
      case LONG ->
          isInt32() ? integer() : isInt64() && !isUnsigned() ? ColumnReader::getLong : null;
      case DATE -> isDate() ? ColumnReader::getInteger : null;
      case TIMESTAMP -> timestamp();
      case TIMESTAMP_NTZ -> isDate() ? reader -> reader.getInteger() * MICROS_PER_DAY : timestamp();
      default -> null;
    };
  }

  private VectorReader.AsLong integer() {
    return isUnsigned()
        ? reader -> Integer.toUnsignedLong(reader.getInteger())
        : ColumnReader::getInteger;
  }

  private VectorReader.@Nullable AsLong timestamp() {
    if (physical == PrimitiveTypeName.INT96) {
      return Conversions::int96;
    }
    if (physical != PrimitiveTypeName.INT64
        || !(logical instanceof TimestampLogicalTypeAnnotation timestamp)) {
      return null;
    }
    return switch (timestamp.getUnit()) {
      case MILLIS -> reader -> Math.multiplyExact(reader.getLong(), 1000L);
      case MICROS -> ColumnReader::getLong;
      case NANOS -> reader -> Math.floorDiv(reader.getLong(), 1000L);
    };
  }

  /** Nanoseconds of the day, then the Julian day, little endian. */
  private static long int96(ColumnReader reader) {
    ByteBuffer bytes = reader.getBinary().toByteBuffer().slice().order(ByteOrder.LITTLE_ENDIAN);
    long nanos = bytes.getLong(0);
    int day = bytes.getInt(8);
    return Math.addExact(
        Math.multiplyExact((long) day - JULIAN_EPOCH, MICROS_PER_DAY), Math.floorDiv(nanos, 1000L));
  }

  VectorReader.@Nullable AsDouble toDouble(ColumnType.Kind kind) {
    boolean wide = kind == ColumnType.Kind.DOUBLE;
    return switch (physical) {
      case FLOAT -> ColumnReader::getFloat;
      case DOUBLE -> wide ? ColumnReader::getDouble : null;
      case INT32 -> {
        VectorReader.AsLong integer = integer();
        yield wide && isInt32() ? reader -> integer.read(reader) : null;
      }
      default -> null;
    };
  }

  VectorReader.@Nullable AsDecimal toDecimal(int scale) {
    if (!isDecimalOf(scale)) {
      return null;
    }
    int fileScale = fileScale();
    return switch (physical) {
      case INT32 -> {
        VectorReader.AsLong integer = integer();
        yield reader -> BigDecimal.valueOf(integer.read(reader), fileScale).setScale(scale);
      }
      case INT64 ->
          isUnsigned()
              ? reader -> new BigDecimal(Long.toUnsignedString(reader.getLong())).setScale(scale)
              : reader -> BigDecimal.valueOf(reader.getLong(), fileScale).setScale(scale);
      case BINARY, FIXED_LEN_BYTE_ARRAY ->
          reader ->
              new BigDecimal(new BigInteger(reader.getBinary().getBytes()), fileScale)
                  .setScale(scale);
      default -> null;
    };
  }
}
