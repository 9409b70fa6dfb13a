package io.hdl.data.series;

import java.util.Map;

/**
 * Identifies a series store: what was read of which table at which version, and what was made of
 * it. Two openings with equal keys may share one file.
 *
 * @param table normalised address of the table
 * @param version number of its version
 * @param settings what identifies the data beside these two, in a fixed order
 */
public record StoreKey(String table, long version, Map<String, String> settings) {
  /** Copies the settings and keeps their order. */
  public StoreKey {
    settings = java.util.Collections.unmodifiableMap(new java.util.LinkedHashMap<>(settings));
  }

  /** The key in full, as a store file holds it. */
  String text() {
    StringBuilder text = new StringBuilder();
    text.append(table).append('\n').append(version).append('\n');
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      text.append(setting.getKey()).append('=').append(setting.getValue()).append('\n');
    }
    return text.toString();
  }

  /** Name of the folder for all stores of the table. */
  String folder() {
    int slash = table.lastIndexOf('/');
    StringBuilder name = new StringBuilder();
    for (int i = slash + 1; i < table.length() && name.length() < 40; i++) {
      char c = table.charAt(i);
      boolean plain =
          (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || c == '_';
      name.append(plain ? c : '-');
    }
    return name.append('-')
        .append(StableHash.hex(StableHash.add(StableHash.BEGIN, table)))
        .toString();
  }

  /** Name of the store's file, without what follows the dot. */
  String file() {
    long hash = StableHash.BEGIN;
    for (Map.Entry<String, String> setting : settings.entrySet()) {
      hash = StableHash.add(StableHash.add(hash, setting.getKey()), setting.getValue());
    }
    return StableHash.hex(hash) + "-v" + version;
  }
}
