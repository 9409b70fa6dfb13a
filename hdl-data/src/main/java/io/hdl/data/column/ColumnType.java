package io.hdl.data.column;

import java.util.List;
import java.util.stream.Collectors;

/**
 * The type of a table's column.
 *
 * @param kind which type
 * @param precision digits of a decimal, or length of a {@code char(n)} string, else 0
 * @param scale digits of a decimal behind the point, else 0
 * @param fields columns of a struct, else none
 * @param text the type's name where the kind is {@link Kind#OTHER}, else empty
 */
public record ColumnType(Kind kind, int precision, int scale, List<Column> fields, String text) {
  /** The types that are told apart. */
  public enum Kind {
    /** True or false. */
    BOOLEAN,
    /** Signed integer of 8 bits. */
    BYTE,
    /** Signed integer of 16 bits. */
    SHORT,
    /** Signed integer of 32 bits. */
    INTEGER,
    /** Signed integer of 64 bits. */
    LONG,
    /** IEEE 754 single. */
    FLOAT,
    /** IEEE 754 double. */
    DOUBLE,
    /** Exact decimal number. */
    DECIMAL,
    /** Text. */
    STRING,
    /** Bytes. */
    BINARY,
    /** Day. */
    DATE,
    /** Instant in microseconds. */
    TIMESTAMP,
    /** Day and time of day in microseconds, without a zone. */
    TIMESTAMP_NTZ,
    /** Columns within a column. */
    STRUCT,
    /** What is named, but not read: arrays, maps, variants. */
    OTHER
  }

  /** True or false. */
  public static final ColumnType BOOLEAN = simple(Kind.BOOLEAN);

  /** Signed integer of 8 bits. */
  public static final ColumnType BYTE = simple(Kind.BYTE);

  /** Signed integer of 16 bits. */
  public static final ColumnType SHORT = simple(Kind.SHORT);

  /** Signed integer of 32 bits. */
  public static final ColumnType INTEGER = simple(Kind.INTEGER);

  /** Signed integer of 64 bits. */
  public static final ColumnType LONG = simple(Kind.LONG);

  /** IEEE 754 single. */
  public static final ColumnType FLOAT = simple(Kind.FLOAT);

  /** IEEE 754 double. */
  public static final ColumnType DOUBLE = simple(Kind.DOUBLE);

  /** Text. */
  public static final ColumnType STRING = simple(Kind.STRING);

  /** Bytes. */
  public static final ColumnType BINARY = simple(Kind.BINARY);

  /** Day. */
  public static final ColumnType DATE = simple(Kind.DATE);

  /** Instant in microseconds. */
  public static final ColumnType TIMESTAMP = simple(Kind.TIMESTAMP);

  /** Day and time of day in microseconds, without a zone. */
  public static final ColumnType TIMESTAMP_NTZ = simple(Kind.TIMESTAMP_NTZ);

  /** Copies the fields. */
  public ColumnType {
    fields = List.copyOf(fields);
  }

  /** An exact decimal number. */
  public static ColumnType decimal(int precision, int scale) {
    return new ColumnType(Kind.DECIMAL, precision, scale, List.of(), "");
  }

  /** Text of fixed length, {@code char(n)}: shorter texts are padded with blanks when read. */
  public static ColumnType fixedLength(int characters) {
    return new ColumnType(Kind.STRING, characters, 0, List.of(), "");
  }

  /** Columns within a column. */
  public static ColumnType struct(List<Column> fields) {
    return new ColumnType(Kind.STRUCT, 0, 0, fields, "");
  }

  /** A type that is named, but not read. */
  public static ColumnType other(String text) {
    return new ColumnType(Kind.OTHER, 0, 0, List.of(), text);
  }

  private static ColumnType simple(Kind kind) {
    return new ColumnType(kind, 0, 0, List.of(), "");
  }

  /** Whether it is a signed integer of any width. */
  public boolean isInteger() {
    return switch (kind) {
      case BYTE, SHORT, INTEGER, LONG -> true;
      default -> false;
    };
  }

  /** Whether it is a number: an integer, a float, a double or a decimal. */
  public boolean isNumber() {
    return isInteger() || kind == Kind.FLOAT || kind == Kind.DOUBLE || kind == Kind.DECIMAL;
  }

  /** A text as a column of this type shows it: padded where the length is fixed. */
  public String padded(String value) {
    int missing = precision - value.codePointCount(0, value.length());
    return kind == Kind.STRING && missing > 0 ? value + " ".repeat(missing) : value;
  }

  /** The type as Delta writes it: {@code decimal(10,2)}, {@code timestamp_ntz}. */
  @Override
  public String toString() {
    return switch (kind) {
      case DECIMAL -> "decimal(" + precision + "," + scale + ")";
      case STRUCT ->
          fields.stream()
              .map(field -> field.name() + ":" + field.type())
              .collect(Collectors.joining(",", "struct<", ">"));
      case OTHER -> text;
      case STRING -> precision == 0 ? "string" : "char(" + precision + ")";
      default -> kind.name().toLowerCase(java.util.Locale.ROOT);
    };
  }
}
