package io.hdl.tracking.model;

import java.util.Map;

/** Writes the YAML of a model's description: nested mappings of texts and integers. */
final class ModelYaml {
  private ModelYaml() {}

  static String write(Map<String, ?> mapping) {
    StringBuilder yaml = new StringBuilder();
    write(mapping, "", yaml);
    return yaml.toString();
  }

  private static void write(Map<?, ?> mapping, String indent, StringBuilder yaml) {
    mapping.forEach(
        (key, value) -> {
          yaml.append(indent).append(key(String.valueOf(key))).append(':');
          if (value instanceof Map<?, ?> nested) {
            yaml.append('\n');
            write(nested, indent + "  ", yaml);
          } else if (value instanceof Number number) {
            yaml.append(' ').append(number).append('\n');
          } else {
            yaml.append(' ').append(scalar(String.valueOf(value))).append('\n');
          }
        });
  }

  private static String key(String key) {
    return key.matches("[a-z][a-z_.]*[a-z]") && !key.matches("null|true|false|yes|no|on|off")
        ? key
        : scalar(key);
  }

  /** A quoted text on one line: in single quotes as it is, or in double ones with escapes. */
  static String scalar(String text) {
    if (text.chars().allMatch(c -> c >= 0x20 && c <= 0x7E)) {
      return "'" + text.replace("'", "''") + "'";
    }
    StringBuilder quoted = new StringBuilder("\"");
    text.codePoints()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
              } else if (c >= 0x20 && c <= 0x7E) {
                quoted.append((char) c);
              } else {
                boolean half = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
                quoted.append(String.format("\\U%08X", half ? 0xFFFD : c));
              }
            });
    return quoted.append('"').toString();
  }
}
