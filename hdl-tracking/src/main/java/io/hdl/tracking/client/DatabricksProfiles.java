package io.hdl.tracking.client;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Databricks' configuration file: sections in brackets, lines of {@code key = value}, comments
 * after {@code #} or {@code ;} at a line's begin.
 */
final class DatabricksProfiles {
  private DatabricksProfiles() {}

  /** All profiles, by name. */
  static Map<String, Map<String, String>> parse(List<String> lines) {
    Map<String, Map<String, String>> profiles = new LinkedHashMap<>();
    Map<String, String> section = new LinkedHashMap<>();
    for (String raw : lines) {
      String line = raw.strip();
      if (line.isEmpty() || line.startsWith("#") || line.startsWith(";")) {
        continue;
      }
      if (line.startsWith("[") && line.endsWith("]")) {
        section =
            profiles.computeIfAbsent(
                line.substring(1, line.length() - 1).strip(), made -> new LinkedHashMap<>());
        continue;
      }
      int equals = line.indexOf('=');
      if (equals > 0) {
        section.put(
            line.substring(0, equals).strip().toLowerCase(Locale.ROOT),
            line.substring(equals + 1).strip());
      }
    }
    return profiles;
  }
}
