package io.hdl.spark;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Random columns, as SQL: name and type. */
final class RandomSchema {
  /** A column as it is declared. */
  record Declared(String name, String type) {
    String sql() {
      return quoted(name) + " " + type;
    }
  }

  private static final String[] FLAT = {
    "boolean",
    "tinyint",
    "smallint",
    "int",
    "bigint",
    "float",
    "double",
    "string",
    "binary",
    "date",
    "timestamp",
    "timestamp_ntz",
    "decimal(9,2)",
    "decimal(4,4)",
    "decimal(18,6)",
    "decimal(20,0)",
    "decimal(38,18)",
    "decimal(1,0)"
  };
  private static final String[] PARTITION = {
    "string",
    "string",
    "int",
    "bigint",
    "date",
    "boolean",
    "decimal(10,2)",
    "timestamp",
    "timestamp_ntz",
    "double",
    "float",
    "smallint",
    "tinyint"
  };
  private static final String[] AWKWARD = {
    "two words", "a,b", "semi;colon", "(paren)", "{brace}", "eq=ual", "dot.ted", "quo\"te",
        "back`tick", "ta\tb",
    "日本", "ÜMLAUT", "😀", "%41", "a/b", "#", "select", "_metadata2", "trailing ", "'"
  };
  private static final String[] HARMLESS = {
    "ÜMLAUT", "日本", "dash-ed", "%41", "#", "select", "CamelCase", "_x", "😀"
  };

  private final Random random;
  private final boolean mapped;
  private final boolean clustered;

  RandomSchema(Random random, boolean mapped, boolean clustered) {
    this.random = random;
    this.mapped = mapped;
    this.clustered = clustered;
  }

  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** Columns beside the key. */
  List<Declared> columns() {
    List<Declared> columns = new ArrayList<>();
    Set<String> used = new LinkedHashSet<>();
    int count = 3 + random.nextInt(8);
    for (int i = 0; i < count; i++) {
      String name = name("c" + i);
      if (used.add(name.toLowerCase(java.util.Locale.ROOT))) {
        columns.add(new Declared(name, random.nextInt(40) == 0 ? "char(5)" : type(0)));
      }
    }
    return columns;
  }

  String name(String plain) {
    if (random.nextInt(3) != 0) {
      return plain;
    }
    String[] from = mapped ? AWKWARD : HARMLESS;
    String name = from[random.nextInt(from.length)];
    // Delta's rewriting of CLUSTER BY counts code points where it should count characters.
    return clustered && name.equals("😀") ? "ß" : name;
  }

  String flat() {
    return FLAT[random.nextInt(FLAT.length)];
  }

  String partition() {
    return PARTITION[random.nextInt(PARTITION.length)];
  }

  private String type(int depth) {
    int kind = random.nextInt(depth > 1 ? 8 : 12);
    return switch (kind) {
      case 8, 9 -> {
        List<String> fields = new ArrayList<>();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
          String name = random.nextInt(4) == 0 && mapped ? "f " + i : "f" + i;
          fields.add(quoted(name) + ": " + type(depth + 1));
        }
        yield "struct<" + String.join(", ", fields) + ">";
      }
      case 10 -> "array<" + type(depth + 1) + ">";
      case 11 -> "map<string, " + type(depth + 1) + ">";
      default -> flat();
    };
  }
}
