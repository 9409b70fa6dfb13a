package io.hdl.data.parquet;

import io.hdl.data.column.ColumnType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.PrimitiveType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * From the type that a file holds to the type that a table has. Next to equal types these are the
 * widenings of the Delta protocol ("Type Widening"). A method gives null where there is no way.
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
    return logical instanceof LogicalTypeAnnotation.DateLogicalTypeAnnotation;
  }

  private boolean isDecimal() {
    return logical instanceof DecimalLogicalTypeAnnotation;
  }

  private boolean isPlainInteger() {
    return !isDate()
        && !isDecimal()
        && !(logical instanceof TimestampLogicalTypeAnnotation)
        && (physical == PrimitiveTypeName.INT32 || physical == PrimitiveTypeName.INT64);
  }

  VectorReader.@Nullable AsLong toLong(ColumnType.Kind kind) {
    return switch (kind) {
      case BOOLEAN ->
          physical == PrimitiveTypeName.BOOLEAN ? reader -> reader.getBoolean() ? 1 : 0 : null;
      case BYTE, SHORT, INTEGER ->
          isPlainInteger() && physical == PrimitiveTypeName.INT32 ? ColumnReader::getInteger : null;
      case LONG -> isPlainInteger() ? integer() : null;
      case DATE -> isDate() ? ColumnReader::getInteger : null;
      case TIMESTAMP -> timestamp();
      case TIMESTAMP_NTZ -> isDate() ? reader -> reader.getInteger() * MICROS_PER_DAY : timestamp();
      default -> null;
    };
  }

  private VectorReader.AsLong integer() {
    return physical == PrimitiveTypeName.INT32 ? ColumnReader::getInteger : ColumnReader::getLong;
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
    return switch (physical) {
      case FLOAT -> ColumnReader::getFloat;
      case DOUBLE -> kind == ColumnType.Kind.DOUBLE ? ColumnReader::getDouble : null;
      case INT32 ->
          kind == ColumnType.Kind.DOUBLE && isPlainInteger() ? ColumnReader::getInteger : null;
      default -> null;
    };
  }

  VectorReader.@Nullable AsDecimal toDecimal(int scale) {
    int fileScale =
        logical instanceof DecimalLogicalTypeAnnotation decimal ? decimal.getScale() : 0;
    if (fileScale > scale || !(isDecimal() || isPlainInteger())) {
      return null;
    }
    return switch (physical) {
      case INT32 -> reader -> BigDecimal.valueOf(reader.getInteger(), fileScale).setScale(scale);
      case INT64 -> reader -> BigDecimal.valueOf(reader.getLong(), fileScale).setScale(scale);
      case BINARY, FIXED_LEN_BYTE_ARRAY ->
          reader ->
              new BigDecimal(new BigInteger(reader.getBinary().getBytes()), fileScale)
                  .setScale(scale);
      default -> null;
    };
  }
}
