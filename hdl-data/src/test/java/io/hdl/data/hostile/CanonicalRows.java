package io.hdl.data.hostile;

import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.filter.Filter;
import io.hdl.data.scan.ScanColumn;
import io.hdl.data.scan.TableScan;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Rows as text, and sums over them that do not depend on their order: two tables with the same sums
 * hold the same multiset of rows (SHA-256, added up in two words of 64 bits). Thread-safe.
 */
public final class CanonicalRows {
  /** What a table holds, whatever the order of its rows. */
  public record Sums(long rows, long first, long second) {}

  private static final char BETWEEN = '\u0001';

  private long rows;
  private long first;
  private long second;

  /** The leaves that can be read, structs taken apart, by name. */
  public static List<String> leaves(TableSnapshot snapshot) {
    List<String> names = new ArrayList<>();
    snapshot.columns().forEach(column -> add(column, "", names));
    return names;
  }

  private static void add(Column column, String prefix, List<String> names) {
    if (column.type().kind() == ColumnType.Kind.STRUCT) {
      column.type().fields().forEach(field -> add(field, prefix + column.name() + ".", names));
    } else if (column.type().kind() != ColumnType.Kind.OTHER) {
      names.add(prefix + column.name());
    }
  }

  /** Reads all leaves of a snapshot. */
  public static Sums read(TableSnapshot snapshot, int threads) {
    return read(snapshot, leaves(snapshot), threads);
  }

  /** Reads some leaves of a snapshot. */
  public static Sums read(TableSnapshot snapshot, List<String> leaves, int threads) {
    return read(snapshot, Filter.all(), leaves, threads);
  }

  /** Reads some leaves of the rows for which a condition is true. */
  public static Sums read(TableSnapshot snapshot, Filter filter, List<String> leaves, int threads) {
    CanonicalRows sums = new CanonicalRows();
    try (TableScan scan = TableScan.open(snapshot, filter, threads, () -> {})) {
      scan.read(ScanColumn.values(leaves), (number, batch) -> sums.add(batch));
    }
    return sums.sums();
  }

  /** Adds every row of a batch. */
  public void add(ColumnBatch batch) {
    MessageDigest digest = sha256();
    long addedFirst = 0;
    long addedSecond = 0;
    for (int row = 0; row < batch.rows(); row++) {
      byte[] hash = digest.digest(text(batch, row).getBytes(StandardCharsets.UTF_8));
      addedFirst += word(hash, 0);
      addedSecond += word(hash, 8);
    }
    synchronized (this) {
      rows += batch.rows();
      first += addedFirst;
      second += addedSecond;
    }
  }

  /** The sums so far. */
  public synchronized Sums sums() {
    return new Sums(rows, first, second);
  }

  /** A row as text. */
  public static String text(ColumnBatch batch, int row) {
    StringBuilder text = new StringBuilder();
    for (ColumnVector vector : batch.columns()) {
      text.append(value(vector, row)).append(BETWEEN);
    }
    return text.toString();
  }

  /** The sum over a column's values alone: tells which column differs. */
  public static long sumOfValues(ColumnBatch batch) {
    MessageDigest digest = sha256();
    long sum = 0;
    for (int row = 0; row < batch.rows(); row++) {
      String value = value(batch.columns().get(0), row);
      sum += word(digest.digest(value.getBytes(StandardCharsets.UTF_8)), 0);
    }
    return sum;
  }

  /** A line of text as a JSON string with nothing escaped but what has to be. */
  public static String json(String line) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      switch (c) {
        case '"' -> json.append("\\\"");
        case '\\' -> json.append("\\\\");
        case '\n' -> json.append("\\n");
        case '\t' -> json.append("\\t");
        case '\r' -> json.append("\\r");
        case '\b' -> json.append("\\b");
        case '\f' -> json.append("\\f");
        default -> json.append(c < ' ' ? String.format("\\u%04X", (int) c) : String.valueOf(c));
      }
    }
    return json.append('"').toString();
  }

  /** A column of numbers as the bits of its values as floats. */
  public static String floats(ColumnVector vector) {
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < vector.size(); row++) {
      float value = vector.isNull(row) ? Float.NaN : asFloat(vector, row);
      text.append(Integer.toHexString(Float.floatToIntBits(value))).append(' ');
    }
    return text.toString();
  }

  private static float asFloat(ColumnVector vector, int row) {
    if (vector instanceof ColumnVector.Longs longs) {
      return longs.value(row);
    }
    if (vector instanceof ColumnVector.Doubles doubles) {
      return (float) doubles.value(row);
    }
    if (vector instanceof ColumnVector.Decimals decimals) {
      return Objects.requireNonNull(decimals.value(row)).floatValue();
    }
    return ((ColumnVector.Floats) vector).value(row);
  }

  private static String value(ColumnVector vector, int row) {
    if (vector.isNull(row)) {
      return "null";
    }
    if (vector instanceof ColumnVector.Longs longs) {
      return "i" + longs.value(row);
    }
    if (vector instanceof ColumnVector.Doubles doubles) {
      return "d" + Long.toHexString(Double.doubleToLongBits(doubles.value(row)));
    }
    if (vector instanceof ColumnVector.Decimals decimals) {
      BigDecimal value = Objects.requireNonNull(decimals.value(row));
      return "D" + value.toPlainString();
    }
    if (vector instanceof ColumnVector.Texts texts) {
      return "s" + texts.dictionary().get(texts.code(row));
    }
    if (vector instanceof ColumnVector.Binaries binaries) {
      StringBuilder hex = new StringBuilder("x");
      for (byte each : Objects.requireNonNull(binaries.value(row))) {
        hex.append(Character.forDigit(each >> 4 & 15, 16))
            .append(Character.forDigit(each & 15, 16));
      }
      return hex.toString();
    }
    throw new IllegalArgumentException(vector.getClass().getName());
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
