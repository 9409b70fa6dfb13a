package io.hdl.spark;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.VariantType;

/** What Spark reads from one version: its leaves, and sums over its rows in a canonical text. */
final class Expected {
  /** A leaf: where it stands in a row, its name and its type. */
  private record Leaf(int[] path, String name, String type) {}

  private final List<Leaf> leaves = new ArrayList<>();
  private final List<String> unread = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();
  private long first;
  private long second;
  private final long[] columnSums;

  Expected(Dataset<Row> table) {
    collect(table.schema(), "", new int[0]);
    columnSums = new long[leaves.size()];
    MessageDigest digest = sha256();
    for (Row row : withoutVariants(table).collectAsList()) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < leaves.size(); i++) {
        String value = text(at(row, leaves.get(i).path));
        columnSums[i] += word(digest.digest(value.getBytes(StandardCharsets.UTF_8)), 0);
        line.append(value).append('\u0001');
      }
      lines.add(line.toString());
      byte[] hash = digest.digest(line.toString().getBytes(StandardCharsets.UTF_8));
      first += word(hash, 0);
      second += word(hash, 8);
    }
  }

  /** Variants cannot be collected as rows everywhere; as null they hold their place. */
  private static Dataset<Row> withoutVariants(Dataset<Row> table) {
    List<org.apache.spark.sql.Column> columns = new ArrayList<>();
    for (StructField field : table.schema().fields()) {
      String name = RandomSchema.quoted(field.name());
      columns.add(
          field.dataType() instanceof VariantType
              ? org.apache.spark.sql.functions.lit(null).as(field.name())
              : org.apache.spark.sql.functions.col(name));
    }
    return table.select(columns.toArray(new org.apache.spark.sql.Column[0]));
  }

  private void collect(StructType struct, String prefix, int[] path) {
    for (int i = 0; i < struct.size(); i++) {
      StructField field = struct.fields()[i];
      int[] deeper = java.util.Arrays.copyOf(path, path.length + 1);
      deeper[path.length] = i;
      String name = prefix + field.name();
      DataType type = field.dataType();
      if (type instanceof StructType inner) {
        collect(inner, name + ".", deeper);
      } else if (type instanceof ArrayType
          || type instanceof MapType
          || type instanceof VariantType) {
        unread.add(name);
      } else {
        String text = type.typeName();
        if (field.metadata().contains("__CHAR_VARCHAR_TYPE_STRING")) {
          String declared = field.metadata().getString("__CHAR_VARCHAR_TYPE_STRING");
          text = declared.startsWith("char") ? declared : text;
        }
        leaves.add(new Leaf(deeper, name, text));
      }
    }
  }

  private static Object at(Row row, int[] path) {
    Object value = row;
    for (int index : path) {
      if (value == null) {
        return null;
      }
      value = ((Row) value).get(index);
    }
    return value;
  }

  private static String text(Object value) {
    if (value == null) {
      return "null";
    }
    if (value instanceof Boolean flag) {
      return flag ? "i1" : "i0";
    }
    if (value instanceof Byte
        || value instanceof Short
        || value instanceof Integer
        || value instanceof Long) {
      return "i" + ((Number) value).longValue();
    }
    if (value instanceof Float || value instanceof Double) {
      return "d" + Long.toHexString(Double.doubleToLongBits(((Number) value).doubleValue()));
    }
    if (value instanceof BigDecimal decimal) {
      return "D" + decimal.toPlainString();
    }
    if (value instanceof String string) {
      return "s" + string;
    }
    if (value instanceof byte[] bytes) {
      StringBuilder hex = new StringBuilder("x");
      for (byte each : bytes) {
        hex.append(Character.forDigit(each >> 4 & 15, 16))
            .append(Character.forDigit(each & 15, 16));
      }
      return hex.toString();
    }
    if (value instanceof LocalDate date) {
      return "i" + date.toEpochDay();
    }
    if (value instanceof Instant instant) {
      return "i" + micros(instant);
    }
    if (value instanceof LocalDateTime dateTime) {
      return "i" + micros(dateTime.toInstant(ZoneOffset.UTC));
    }
    throw new IllegalArgumentException(value.getClass().getName());
  }

  private static long micros(Instant instant) {
    return Math.addExact(
        Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1000);
  }

  /** The version as JSON. */
  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    List<Object> columns = new ArrayList<>();
    for (int i = 0; i < leaves.size(); i++) {
      columns.add(
          Map.of(
              "name",
              leaves.get(i).name,
              "type",
              leaves.get(i).type,
              "sum",
              Long.toString(columnSums[i])));
    }
    json.put("columns", columns);
    json.put("unread", unread);
    json.put("rows", lines.size());
    json.put("first", Long.toString(first));
    json.put("second", Long.toString(second));
    return json;
  }

  /** The rows, sorted, one JSON string a line. */
  void export(java.nio.file.Path file) throws IOException {
    List<String> sorted = new ArrayList<>();
    com.fasterxml.jackson.databind.ObjectMapper mapper =
        new com.fasterxml.jackson.databind.ObjectMapper();
    for (String line : lines) {
      sorted.add(mapper.writeValueAsString(line));
    }
    sorted.sort(null);
    java.nio.file.Files.write(file, sorted);
  }

  private static long word(byte[] hash, int at) {
    long word = 0;
    for (int i = 0; i < 8; i++) {
      word = word << 8 | (hash[at + i] & 0xFF);
    }
    return word;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
