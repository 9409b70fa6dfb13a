package io.hdl.core.job;

import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How Python loads a saved model, and which rows it then takes and gives: what a tracker has to
 * know so that its own tools can load the model.
 *
 * @param module Python module whose function {@code _load_pyfunc(path)} takes the saved folder and
 *     gives an object with {@code predict(rows, params=None)}, rows being a pandas DataFrame
 * @param code folder that goes onto Python's path: the module's package lies in it
 * @param requirements what pip has to install, pinned, such as {@code torch==2.7.1}
 * @param pythonVersion the release of Python to run it with, such as {@code 3.11.9}
 * @param inputs columns that the rows need; others are passed over
 * @param outputs columns of the rows that it gives
 * @param example rows that it takes, by column; a missing value is left out; empty for no example
 */
public record PythonLoader(
    String module,
    Path code,
    List<String> requirements,
    String pythonVersion,
    List<Column> inputs,
    List<Column> outputs,
    List<Map<String, Object>> example) {
  /** Copies the lists, and checks that columns have different names. */
  public PythonLoader {
    requirements = List.copyOf(requirements);
    inputs = distinct("inputs", inputs);
    outputs = distinct("outputs", outputs);
    example =
        example.stream().map(row -> Collections.unmodifiableMap(new LinkedHashMap<>(row))).toList();
    if (!module.matches("[A-Za-z_]\\w*(\\.[A-Za-z_]\\w*)*")) {
      throw new IllegalArgumentException(
          "module: \"" + module + "\" (expected: the name of a Python module)");
    }
    if (!pythonVersion.matches("\\d+\\.\\d+(\\.\\d+)?")) {
      throw new IllegalArgumentException(
          "pythonVersion: \"" + pythonVersion + "\" (expected: such as 3.11.9)");
    }
  }

  private static List<Column> distinct(String what, List<Column> columns) {
    Set<String> names = new HashSet<>();
    for (Column column : columns) {
      if (!names.add(column.name())) {
        throw new IllegalArgumentException(
            what + ": \"" + column.name() + "\" twice (expected: different names)");
      }
    }
    return List.copyOf(columns);
  }

  /** A column of rows. */
  public record Column(String name, Type type) {}

  /** What a column holds. */
  public enum Type {
    /** True and false. */
    BOOLEAN,
    /** Integers of 64 bits. */
    LONG,
    /** Floating-point numbers of 64 bits. */
    DOUBLE,
    /** Texts. */
    STRING,
    /** Dates, or dates with a time of day, without a zone. */
    DATETIME
  }
}
