package io.hdl.data.scan;

import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.NullUnmarked;

/** What the expected values of the test tables say of one column, computed from its vectors. */
@NullUnmarked
final class Aggregates {
  private final ColumnType type;
  private long nulls;
  private BigDecimal sum = BigDecimal.ZERO;
  private BigDecimal min;
  private BigDecimal max;
  private long trues;
  private double sumBelow;
  private double minFinite = Double.NaN;
  private double maxFinite = Double.NaN;
  private long nan;
  private long posInf;
  private long negInf;
  private final Set<String> distinct = new HashSet<>();
  private long codePoints;
  private long bytes;
  private BigInteger crc = BigInteger.ZERO;
  private byte[] minText;
  private byte[] maxText;

  Aggregates(ColumnType type) {
    this.type = type;
  }

  synchronized void add(ColumnVector column) {
    BigInteger integers = BigInteger.ZERO;
    long part = 0;
    for (int row = 0; row < column.size(); row++) {
      if (column.isNull(row)) {
        nulls++;
      } else if (column instanceof ColumnVector.Longs longs) {
        long value = longs.value(row);
        if (type.kind() == ColumnType.Kind.BOOLEAN) {
          trues += value;
        } else {
          integers = integers.add(BigInteger.valueOf(value));
          range(BigDecimal.valueOf(value));
        }
      } else if (column instanceof ColumnVector.Doubles doubles) {
        add(doubles.value(row));
      } else if (column instanceof ColumnVector.Decimals decimals) {
        sum = sum.add(decimals.value(row));
        range(decimals.value(row));
      } else if (column instanceof ColumnVector.Texts texts) {
        String text = texts.dictionary().get(texts.code(row));
        distinct.add(text);
        codePoints += text.codePointCount(0, text.length());
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes += utf8.length;
        part += crc(utf8);
        minText = minText == null || Arrays.compareUnsigned(utf8, minText) < 0 ? utf8 : minText;
        maxText = maxText == null || Arrays.compareUnsigned(utf8, maxText) > 0 ? utf8 : maxText;
      } else if (column instanceof ColumnVector.Binaries binaries) {
        byte[] value = binaries.value(row);
        bytes += value.length;
        part += crc(value);
      }
    }
    sum = sum.add(new BigDecimal(integers));
    crc = crc.add(BigInteger.valueOf(part));
  }

  private static long crc(byte[] bytes) {
    CRC32 crc = new CRC32();
    crc.update(bytes);
    return crc.getValue();
  }

  private void range(BigDecimal value) {
    min = min == null ? value : min.min(value);
    max = max == null ? value : max.max(value);
  }

  private void add(double value) {
    if (Double.isNaN(value)) {
      nan++;
    } else if (Double.isInfinite(value)) {
      posInf += value > 0 ? 1 : 0;
      negInf += value < 0 ? 1 : 0;
    } else {
      minFinite = Double.isNaN(minFinite) ? value : Math.min(minFinite, value);
      maxFinite = Double.isNaN(maxFinite) ? value : Math.max(maxFinite, value);
      if (Math.abs(value) < 1e300) {
        sumBelow += value;
      }
    }
  }

  /** Each difference from what is expected, in words. */
  List<String> differences(String column, Map<String, Object> expected) {
    List<String> found = new ArrayList<>();
    for (Map.Entry<String, Object> entry : expected.entrySet()) {
      Object wanted = entry.getValue();
      Object actual =
          switch (entry.getKey()) {
            case "type" -> wanted;
            case "nulls" -> nulls;
            case "true" -> trues;
            case "sum", "sumMicros", "sumEpochDay" -> sum;
            case "min", "minMicros", "minEpochDay" ->
                minText == null ? min : new String(minText, StandardCharsets.UTF_8);
            case "max", "maxMicros", "maxEpochDay" ->
                maxText == null ? max : new String(maxText, StandardCharsets.UTF_8);
            case "sumAbsBelow1e300" -> sumBelow;
            case "minFinite" -> Double.isNaN(minFinite) ? null : minFinite;
            case "maxFinite" -> Double.isNaN(maxFinite) ? null : maxFinite;
            case "nan" -> nan;
            case "posInf" -> posInf;
            case "negInf" -> negInf;
            case "distinct" -> distinct.size();
            case "sumCodePoints" -> codePoints;
            case "sumUtf8Bytes", "sumLength" -> bytes;
            case "sumCrc32Utf8", "sumCrc32" -> crc;
            default -> "no idea what " + entry.getKey() + " is";
          };
      if (!same(wanted, actual)) {
        found.add(column + "." + entry.getKey() + ": " + actual + ", expected " + wanted);
      }
    }
    return found;
  }

  private static boolean same(Object wanted, Object actual) {
    if (wanted == null) {
      // The sum of no values at all.
      return actual == null || (actual instanceof Number none && none.doubleValue() == 0);
    }
    if (actual == null) {
      return false;
    }
    if (actual instanceof Double number) {
      double expected = Double.parseDouble(wanted.toString());
      return number == expected || Math.abs(number - expected) <= 1e-9 * Math.abs(expected);
    }
    if (actual instanceof String text) {
      return text.equals(wanted);
    }
    return new BigDecimal(wanted.toString()).compareTo(new BigDecimal(actual.toString())) == 0;
  }
}
