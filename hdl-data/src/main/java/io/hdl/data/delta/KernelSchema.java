package io.hdl.data.delta;

import io.delta.kernel.types.ArrayType;
import io.delta.kernel.types.BasePrimitiveType;
import io.delta.kernel.types.BinaryType;
import io.delta.kernel.types.BooleanType;
import io.delta.kernel.types.ByteType;
import io.delta.kernel.types.DataType;
import io.delta.kernel.types.DateType;
import io.delta.kernel.types.DecimalType;
import io.delta.kernel.types.DoubleType;
import io.delta.kernel.types.FloatType;
import io.delta.kernel.types.IntegerType;
import io.delta.kernel.types.LongType;
import io.delta.kernel.types.MapType;
import io.delta.kernel.types.ShortType;
import io.delta.kernel.types.StringType;
import io.delta.kernel.types.StructField;
import io.delta.kernel.types.StructType;
import io.delta.kernel.types.TimestampNTZType;
import io.delta.kernel.types.TimestampType;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Translates Delta Kernel's schema into columns and back. */
final class KernelSchema {
  private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";
  private static final String FIELD_ID = "delta.columnMapping.id";

  // Where Spark keeps that a string column is a char(n) or varchar(n).
  private static final String CHAR_TYPE = "__CHAR_VARCHAR_TYPE_STRING";
  private static final Pattern CHAR = Pattern.compile("char\\((\\d{1,9})\\)");

  private static final Map<DataType, ColumnType> SIMPLE =
      Map.ofEntries(
          Map.entry(BooleanType.BOOLEAN, ColumnType.BOOLEAN),
          Map.entry(ByteType.BYTE, ColumnType.BYTE),
          Map.entry(ShortType.SHORT, ColumnType.SHORT),
          Map.entry(IntegerType.INTEGER, ColumnType.INTEGER),
          Map.entry(LongType.LONG, ColumnType.LONG),
          Map.entry(FloatType.FLOAT, ColumnType.FLOAT),
          Map.entry(DoubleType.DOUBLE, ColumnType.DOUBLE),
          Map.entry(BinaryType.BINARY, ColumnType.BINARY),
          Map.entry(DateType.DATE, ColumnType.DATE),
          Map.entry(TimestampType.TIMESTAMP, ColumnType.TIMESTAMP),
          Map.entry(TimestampNTZType.TIMESTAMP_NTZ, ColumnType.TIMESTAMP_NTZ));

  /** How a table's columns are found in its data files. */
  enum Mapping {
    /** By the column's name. */
    NONE,
    /** By the physical name that the schema gives. */
    NAME,
    /** By the field id that the schema gives. */
    ID
  }

  private KernelSchema() {}

  /** The columns of a table without column mapping. */
  static List<Column> columns(StructType schema, List<String> ignored) {
    return columns(schema, Mapping.NONE).stream()
        .filter(column -> !ignored.contains(column.name()))
        .toList();
  }

  static List<Column> columns(StructType schema, Mapping mapping) {
    List<Column> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      String physicalName = field.getName();
      int id = -1;
      if (mapping != Mapping.NONE && field.getMetadata().contains(PHYSICAL_NAME)) {
        physicalName = field.getMetadata().getString(PHYSICAL_NAME);
      }
      if (mapping == Mapping.ID && field.getMetadata().contains(FIELD_ID)) {
        id = Math.toIntExact(field.getMetadata().getLong(FIELD_ID));
      }
      columns.add(new Column(field.getName(), type(field, mapping), physicalName, id));
    }
    return columns;
  }

  private static ColumnType type(StructField field, Mapping mapping) {
    DataType type = field.getDataType();
    if (type instanceof StringType && field.getMetadata().contains(CHAR_TYPE)) {
      Matcher fixed = CHAR.matcher(field.getMetadata().getString(CHAR_TYPE));
      if (fixed.matches()) {
        return ColumnType.fixedLength(Integer.parseInt(fixed.group(1)));
      }
    }
    if (type instanceof StructType struct) {
      return ColumnType.struct(columns(struct, mapping));
    }
    if (type instanceof DecimalType decimal) {
      return ColumnType.decimal(decimal.getPrecision(), decimal.getScale());
    }
    if (type instanceof StringType) {
      return ColumnType.STRING;
    }
    ColumnType simple = SIMPLE.get(type);
    return simple == null ? ColumnType.other(text(type)) : simple;
  }

  /** A type as SQL writes it, such as {@code array<string>}. */
  private static String text(DataType type) {
    if (type instanceof ArrayType array) {
      return "array<" + text(array.getElementType()) + ">";
    }
    if (type instanceof MapType map) {
      return "map<" + text(map.getKeyType()) + "," + text(map.getValueType()) + ">";
    }
    if (type instanceof StructType struct) {
      return struct.fields().stream()
          .map(field -> field.getName() + ":" + text(field.getDataType()))
          .collect(Collectors.joining(",", "struct<", ">"));
    }
    return type.toString();
  }

  /** Kernel's type, for the types that are written. */
  static BasePrimitiveType kernelType(ColumnType type) {
    return switch (type.kind()) {
      case BOOLEAN -> BooleanType.BOOLEAN;
      case INTEGER -> IntegerType.INTEGER;
      case LONG -> LongType.LONG;
      case FLOAT -> FloatType.FLOAT;
      case DOUBLE -> DoubleType.DOUBLE;
      case STRING -> StringType.STRING;
      case DATE -> DateType.DATE;
      case TIMESTAMP -> TimestampType.TIMESTAMP;
      case BYTE, SHORT, DECIMAL, BINARY, TIMESTAMP_NTZ, STRUCT, OTHER ->
          throw new IllegalArgumentException(type.toString());
    };
  }
}
