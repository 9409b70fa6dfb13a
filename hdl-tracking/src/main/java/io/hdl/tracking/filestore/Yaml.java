package io.hdl.tracking.filestore;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The little YAML that MLflow's {@code meta.yaml} files need: one mapping of scalars, written so
 * that any YAML reader understands it, and read whether we or MLflow wrote it.
 */
final class Yaml {
  private Yaml() {}

  /**
   * Writes a mapping, in its order. Values: {@code String} (always quoted), {@code Number}, an
   * empty {@code Optional} for null, an empty {@code List}, or a nested {@code Map}.
   */
  static String write(Map<String, Object> mapping) {
    StringBuilder yaml = new StringBuilder();
    write(mapping, "", yaml);
    return yaml.toString();
  }

  private static void write(Map<?, ?> mapping, String indent, StringBuilder yaml) {
    mapping.forEach(
        (key, value) -> {
          yaml.append(indent).append(key(String.valueOf(key))).append(':');
          if (value instanceof Map<?, ?> nested) {
            if (nested.isEmpty()) {
              yaml.append(" {}\n");
            } else {
              yaml.append('\n');
              write(nested, indent + "  ", yaml);
            }
          } else {
            yaml.append(' ').append(scalar(value)).append('\n');
          }
        });
  }

  private static String key(String key) {
    return key.matches("[a-z][a-z_.]*[a-z]") && !key.matches("null|true|false|yes|no|on|off")
        ? key
        : quote(key);
  }

  private static String scalar(Object value) {
    if (value instanceof String text) {
      return quote(text);
    }
    if (value instanceof Integer || value instanceof Long) {
      return value.toString();
    }
    if (value instanceof Optional<?> optional && optional.isEmpty()) {
      return "null";
    }
    if (value instanceof List<?> list && list.isEmpty()) {
      return "[]";
    }
    throw new IllegalArgumentException("no scalar of ours: " + value.getClass().getName());
  }

  /**
   * A double-quoted scalar on one line. What YAML does not take as it is (control characters, marks
   * that end a line, half surrogate pairs) is escaped or, where it is no character, replaced.
   */
  static String quote(String text) {
    StringBuilder quoted = new StringBuilder(text.length() + 2).append('"');
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                  if (Character.isSurrogate((char) c) && c <= 0xFFFF) {
                    quoted.append('\uFFFD');
                  } else if (plain(c)) {
                    quoted.appendCodePoint(c);
                  } else {
                    quoted.append(String.format("\\u%04X", c));
                  }
                }
              }
            });
    return quoted.append('"').toString();
  }

  private static boolean plain(int c) {
    return (c >= 0x20 && c <= 0x7E)
        || (c >= 0xA0 && c <= 0xD7FF && c != 0x2028 && c != 0x2029)
        || (c >= 0xE000 && c <= 0xFFFD && c != 0xFEFF)
        || c >= 0x10000;
  }

  /**
   * Reads the scalars of a mapping by key; quotes are resolved, plain scalars are left as they are
   * written, so that {@code null} is the text "null". Nested mappings and lists are passed over.
   *
   * @param what what is read, for the error message
   * @throws HdlException with {@link ErrorCode#CORRUPT_DATA} if the text is no such mapping
   */
  static Map<String, String> read(String yaml, String what) {
    return new YamlReader(yaml, what).mapping();
  }

  /**
   * Reads the scalars of a mapping that is the value of a key, as {@link #read} does; empty if
   * there is no such mapping.
   */
  static Map<String, String> nested(String yaml, String key, String what) {
    StringBuilder inner = new StringBuilder();
    boolean within = false;
    for (String line : yaml.split("\\r?\\n", -1)) {
      if (within && line.startsWith("  ")) {
        inner.append(line, 2, line.length()).append('\n');
      } else {
        within = line.strip().equals(key + ":");
      }
    }
    return read(inner.toString(), what);
  }

  /**
   * The same mapping with other scalars under some keys; what it holds otherwise stays as it is.
   *
   * @param values as {@link #write} takes them; a key that is not there is added
   */
  static String with(String yaml, Map<String, Object> values) {
    StringBuilder changed = new StringBuilder(yaml.length() + 64);
    boolean dropping = false;
    for (String line : yaml.split("\\r?\\n", -1)) {
      boolean continued = line.startsWith(" ") || line.startsWith("- ") || line.isBlank();
      dropping = continued ? dropping : values.containsKey(keyOf(line));
      if (!dropping && !line.isEmpty()) {
        changed.append(line).append('\n');
      }
    }
    new TreeMap<>(values)
        .forEach(
            (key, value) ->
                changed.append(key(key)).append(": ").append(scalar(value)).append('\n'));
    return changed.toString();
  }

  private static String keyOf(String line) {
    int colon = line.indexOf(':');
    return colon < 0 ? "" : line.substring(0, colon).replace("\"", "");
  }
}
