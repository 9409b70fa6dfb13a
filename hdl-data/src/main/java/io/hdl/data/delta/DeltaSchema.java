package io.hdl.data.delta;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Columns out of a table's schema as its metadata holds it (Delta protocol, "Schema Serialization
 * Format"). Types that are not known, such as those of a later protocol, are named and not read, so
 * that the other columns of the table stay readable.
 */
final class DeltaSchema {
  /** How a table's columns are found in its data files. */
  enum Mapping {
    /** By the column's name. */
    NONE,
    /** By the physical name that the schema gives. */
    NAME,
    /** By the field id that the schema gives. */
    ID
  }

  private static final String MAPPING_MODE = "delta.columnMapping.mode";
  private static final String PHYSICAL_NAME = "delta.columnMapping.physicalName";
  private static final String FIELD_ID = "delta.columnMapping.id";

  // Where Spark keeps that a string column is a char(n) or varchar(n).
  private static final String CHAR_TYPE = "__CHAR_VARCHAR_TYPE_STRING";
  private static final Pattern CHAR = Pattern.compile("char\\((\\d{1,9})\\)");
  private static final Pattern DECIMAL =
      Pattern.compile("decimal\\(\\s*(\\d{1,2})\\s*,\\s*(\\d{1,2})\\s*\\)");

  private static final Map<String, ColumnType> SIMPLE =
      Map.ofEntries(
          Map.entry("boolean", ColumnType.BOOLEAN),
          Map.entry("byte", ColumnType.BYTE),
          Map.entry("short", ColumnType.SHORT),
          Map.entry("integer", ColumnType.INTEGER),
          Map.entry("long", ColumnType.LONG),
          Map.entry("float", ColumnType.FLOAT),
          Map.entry("double", ColumnType.DOUBLE),
          Map.entry("decimal", ColumnType.decimal(10, 0)),
          Map.entry("binary", ColumnType.BINARY),
          Map.entry("date", ColumnType.DATE),
          Map.entry("timestamp", ColumnType.TIMESTAMP),
          Map.entry("timestamp_ntz", ColumnType.TIMESTAMP_NTZ));

  private final String table;
  private final Mapping mapping;

  private DeltaSchema(String table, Mapping mapping) {
    this.table = table;
    this.mapping = mapping;
  }

  /**
   * The columns of a schema.
   *
   * @param json the metadata's {@code schemaString}
   * @param configuration the table's properties
   * @param table its address, for messages
   * @throws HdlException with {@link ErrorCode#CORRUPT_DATA} if it is no schema
   */
  static List<Column> columns(String json, Map<String, String> configuration, String table) {
    Mapping mapping =
        switch (configuration.getOrDefault(MAPPING_MODE, "none").toLowerCase(Locale.ROOT)) {
          case "none" -> Mapping.NONE;
          case "name" -> Mapping.NAME;
          case "id" -> Mapping.ID;
          default ->
              throw new HdlException(
                  ErrorCode.UNSUPPORTED_FEATURE,
                  "Cannot read the table "
                      + table
                      + ": its columns are mapped in a way that is not known ("
                      + MAPPING_MODE
                      + " is "
                      + configuration.get(MAPPING_MODE)
                      + "). Use mode name or id.");
        };
    DeltaSchema schema = new DeltaSchema(table, mapping);
    return schema.fields(Json.readObject(json, "the schema of the table " + table));
  }

  private List<Column> fields(Map<?, ?> struct) {
    if (!(struct.get("fields") instanceof List<?> fields)) {
      throw malformed("a struct has no fields");
    }
    List<Column> columns = new ArrayList<>(fields.size());
    for (Object element : fields) {
      if (!(element instanceof Map<?, ?> field)
          || !(field.get("name") instanceof String name)
          || field.get("type") == null) {
        throw malformed("a field has no name or no type");
      }
      Map<?, ?> metadata = field.get("metadata") instanceof Map<?, ?> map ? map : Map.of();
      columns.add(
          new Column(
              name,
              type(field.get("type"), metadata),
              mapping != Mapping.NONE && metadata.get(PHYSICAL_NAME) instanceof String physical
                  ? physical
                  : name,
              mapping == Mapping.ID && metadata.get(FIELD_ID) instanceof Number id
                  ? id.intValue()
                  : -1,
              !Boolean.FALSE.equals(field.get("nullable"))));
    }
    return columns;
  }

  private ColumnType type(@Nullable Object type, Map<?, ?> metadata) {
    if (type instanceof Map<?, ?> nested) {
      if ("struct".equals(nested.get("type"))) {
        return ColumnType.struct(fields(nested));
      }
      return ColumnType.other(text(nested));
    }
    if (!(type instanceof String name)) {
      throw malformed("a field has no type");
    }
    if (name.equals("string")) {
      Matcher fixed = CHAR.matcher(String.valueOf(metadata.get(CHAR_TYPE)));
      return fixed.matches()
          ? ColumnType.fixedLength(Integer.parseInt(fixed.group(1)))
          : ColumnType.STRING;
    }
    Matcher decimal = DECIMAL.matcher(name);
    if (decimal.matches()) {
      return ColumnType.decimal(
          Integer.parseInt(decimal.group(1)), Integer.parseInt(decimal.group(2)));
    }
    ColumnType simple = SIMPLE.get(name);
    return simple == null ? ColumnType.other(name) : simple;
  }

  /** A type as SQL writes it: {@code array<integer>}, {@code map<string,struct<a:long>>}. */
  private static String text(@Nullable Object type) {
    if (!(type instanceof Map<?, ?> nested)) {
      return String.valueOf(type);
    }
    return switch (String.valueOf(nested.get("type"))) {
      case "array" -> "array<" + text(nested.get("elementType")) + ">";
      case "map" ->
          "map<" + text(nested.get("keyType")) + "," + text(nested.get("valueType")) + ">";
      case "struct" -> {
        List<String> fields = new ArrayList<>();
        if (nested.get("fields") instanceof List<?> list) {
          for (Object element : list) {
            if (element instanceof Map<?, ?> field) {
              fields.add(field.get("name") + ":" + text(field.get("type")));
            }
          }
        }
        yield "struct<" + String.join(",", fields) + ">";
      }
      default -> String.valueOf(nested.get("type"));
    };
  }

  private HdlException malformed(String why) {
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot read the schema of the table "
            + table
            + ": "
            + why
            + ". Repair the table where it is written, or choose another version.");
  }
}
