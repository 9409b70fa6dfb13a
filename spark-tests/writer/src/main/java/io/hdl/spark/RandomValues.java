package io.hdl.spark;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Random values of any type: ordinary ones, runs of equal ones, and the odd ends of each type. */
final class RandomValues {
  private static final String[] TEXTS = {
    "",
    " ",
    "a",
    "null",
    "NULL",
    "ä",
    "日本",
    "😀",
    "q\"uote",
    "it's",
    "a\nb",
    "tab\t",
    "%2F",
    "x=y/z",
    "\\",
    "ﬀ",
    "e\u0301",
    "long ".repeat(300),
    "\u0001",
    "0",
    "-1",
    "true",
    "1970-01-01"
  };
  private static final String[] PARTITION_TEXTS = {
    "a", "b", "", "x/y", "a=b", "100%", "%41", "c:d", "q\"q", "it's", "#1", "日本", "😀", " ", "a b",
    "tab\t.", "null", "{x}", "[1]", "~", "ü", "a\\b", "*?"
  };

  private final Random random;
  private final boolean ancient;

  RandomValues(Random random, boolean ancient) {
    this.random = random;
    this.ancient = ancient;
  }

  Row row(StructType schema, List<String> partitions) {
    Object[] values = new Object[schema.size()];
    for (int i = 0; i < values.length; i++) {
      StructField field = schema.fields()[i];
      values[i] = value(field, partitions.contains(field.name()));
    }
    return RowFactory.create(values);
  }

  private Object value(StructField field, boolean partition) {
    if (field.nullable() && random.nextInt(partition ? 12 : 6) == 0) {
      return null;
    }
    if (partition) {
      return partition(field.dataType());
    }
    if (field.metadata().contains("__CHAR_VARCHAR_TYPE_STRING")) {
      return "abcde".substring(random.nextInt(5));
    }
    return value(field.dataType());
  }

  private Object partition(DataType type) {
    return switch (type.typeName()) {
      case "string" -> PARTITION_TEXTS[random.nextInt(PARTITION_TEXTS.length)];
      case "boolean" -> random.nextBoolean();
      case "byte" -> (byte) (random.nextInt(3) - 1);
      case "short" -> (short) (random.nextInt(3) - 1);
      case "integer" -> random.nextInt(3) - 1;
      case "long" -> (random.nextInt(3) - 1) * 5_000_000_000L;
      case "float" -> new float[] {1.5f, Float.NaN, -1e-7f, 3e10f}[random.nextInt(4)];
      case "double" ->
          new double[] {0.1, Double.NaN, Double.POSITIVE_INFINITY, -1e-300, 1e22}
              [random.nextInt(5)];
      case "date" -> LocalDate.of(2000 + random.nextInt(2), 2, 28 + random.nextInt(2) / 2);
      case "timestamp" ->
          Instant.parse("2020-03-29T01:30:00.12Z").plusMillis(random.nextInt(2) * 7);
      case "timestamp_ntz" ->
          LocalDateTime.parse("1999-12-31T23:59:59.999999").plusDays(random.nextInt(2));
      default -> {
        DecimalType decimal = (DecimalType) type;
        yield new BigDecimal(BigInteger.valueOf(random.nextInt(3) - 1), decimal.scale());
      }
    };
  }

  Object value(DataType type) {
    boolean plain = random.nextInt(4) != 0;
    return switch (type.typeName()) {
      case "boolean" -> random.nextBoolean();
      case "byte" -> (byte) random.nextInt();
      case "short" -> (short) (plain ? random.nextInt(50) : random.nextInt());
      case "integer" ->
          plain ? random.nextInt(100) : odd(Integer.MIN_VALUE, Integer.MAX_VALUE).intValue();
      case "long" -> plain ? random.nextInt(100) : odd(Long.MIN_VALUE, Long.MAX_VALUE).longValue();
      case "float" -> plain ? random.nextInt(64) / 8f : oddFloat();
      case "double" -> plain ? random.nextInt(1000) / 100.0 : oddDouble();
      case "string" -> plain ? "item " + random.nextInt(40) : TEXTS[random.nextInt(TEXTS.length)];
      case "binary" -> {
        byte[] bytes = new byte[random.nextInt(20)];
        random.nextBytes(bytes);
        yield bytes;
      }
      case "date" -> date(plain);
      case "timestamp" -> instant(plain);
      case "timestamp_ntz" -> LocalDateTime.ofInstant(instant(plain), ZoneOffset.UTC);
      default -> complex(type);
    };
  }

  private Object complex(DataType type) {
    if (type instanceof DecimalType decimal) {
      int digits = 1 + random.nextInt(decimal.precision());
      BigInteger limit = BigInteger.TEN.pow(digits);
      BigInteger unscaled =
          random.nextInt(4) == 0
              ? limit.subtract(BigInteger.ONE)
              : new BigInteger(limit.bitLength() + 8, random).mod(limit);
      return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), decimal.scale());
    }
    if (type instanceof StructType struct) {
      return row(struct, List.of());
    }
    if (type instanceof ArrayType array) {
      List<Object> values = new ArrayList<>();
      for (int i = random.nextInt(4); i > 0; i--) {
        values.add(value(array.elementType()));
      }
      return values;
    }
    if (type instanceof MapType map) {
      Map<Object, Object> values = new HashMap<>();
      for (int i = random.nextInt(3); i > 0; i--) {
        values.put(value(map.keyType()), value(map.valueType()));
      }
      return values;
    }
    throw new IllegalArgumentException(type.toString());
  }

  private Long odd(long min, long max) {
    return switch (random.nextInt(4)) {
      case 0 -> min;
      case 1 -> max;
      case 2 -> 0L;
      default -> random.nextLong();
    };
  }

  private float oddFloat() {
    float[] odd = {
      Float.NaN,
      Float.POSITIVE_INFINITY,
      Float.NEGATIVE_INFINITY,
      -0f,
      0f,
      Float.MIN_VALUE,
      Float.MAX_VALUE,
      random.nextFloat()
    };
    return odd[random.nextInt(odd.length)];
  }

  private double oddDouble() {
    double[] odd = {
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      -0.0,
      0,
      Double.MIN_VALUE,
      Double.MAX_VALUE,
      random.nextGaussian()
    };
    return odd[random.nextInt(odd.length)];
  }

  private LocalDate date(boolean plain) {
    if (plain) {
      return LocalDate.of(2015, 1, 1).plusDays(random.nextInt(3000));
    }
    return switch (random.nextInt(ancient ? 5 : 3)) {
      case 0 -> LocalDate.of(9999, 12, 31);
      case 1 -> LocalDate.of(1970, 1, 1).minusDays(random.nextInt(20_000));
      case 2 -> LocalDate.of(1900, 1, 1);
      case 3 -> LocalDate.of(1, 1, 1);
      default ->
          LocalDate.of(1000 + random.nextInt(600), 1 + random.nextInt(12), 1 + random.nextInt(28));
    };
  }

  private Instant instant(boolean plain) {
    if (plain) {
      return Instant.ofEpochSecond(1_500_000_000L + random.nextInt(100_000_000))
          .plus(random.nextInt(3) * 250_001L, ChronoUnit.MICROS);
    }
    LocalDate date = date(false);
    return date.atTime(
            random.nextInt(24),
            random.nextInt(60),
            random.nextInt(60),
            random.nextInt(1_000_000) * 1000)
        .toInstant(ZoneOffset.UTC);
  }
}
