package io.hdl.spark;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Random conditions on a table's columns, in the part of SQL that both sides read alike. */
final class RandomFilters {
  private static final List<String> COMPARISONS = List.of("=", "!=", "<", "<=", ">", ">=");

  private final Random random;
  private final RandomValues values;
  private final List<StructField> columns = new ArrayList<>();

  RandomFilters(Random random, RandomValues values, StructType schema) {
    this.random = random;
    this.values = values;
    for (StructField field : schema.fields()) {
      if (literal(field) != null) {
        columns.add(field);
      }
    }
  }

  /** A condition: up to three comparisons, joined, some of them turned round. */
  String next() {
    StringBuilder text = new StringBuilder(one());
    for (int more = random.nextInt(3); more > 0; more--) {
      text.insert(0, '(').append(random.nextBoolean() ? " and " : " or ").append(one()).append(')');
    }
    return random.nextInt(4) == 0 ? "not (" + text + ")" : text.toString();
  }

  private String one() {
    StructField column = columns.get(random.nextInt(columns.size()));
    String name = RandomSchema.quoted(column.name());
    return switch (random.nextInt(8)) {
      case 0 -> name + " is null";
      case 1 -> name + " is not null";
      case 2 -> name + " in (" + literal(column) + ", " + literal(column) + ")";
      case 3 -> name + " between " + literal(column) + " and " + literal(column);
      default ->
          name + " " + COMPARISONS.get(random.nextInt(COMPARISONS.size())) + " " + literal(column);
    };
  }

  /** A value of the column's type as SQL, or null for a type that is not compared. */
  private String literal(StructField column) {
    if (column.name().equals("key")) {
      return Integer.toString(random.nextInt(500));
    }
    return switch (column.dataType().typeName()) {
      case "byte", "short", "integer", "long" ->
          random.nextInt(3) == 0 ? "1" : Integer.toString(random.nextInt(100));
      case "float", "double" -> BigDecimal.valueOf(random.nextInt(64) / 8.0).toPlainString();
      case "string" -> "'item " + random.nextInt(40) + "'";
      case "date" -> "date '" + LocalDate.of(2015, 1, 1).plusDays(random.nextInt(3000)) + "'";
      case "boolean" -> random.nextBoolean() ? "true" : "false";
      default ->
          column.dataType().typeName().startsWith("decimal")
              ? ((BigDecimal) values.value(column.dataType())).toPlainString()
              : null;
    };
  }
}
