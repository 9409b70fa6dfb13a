package io.hdl.data.series;

import java.util.List;

/** The rule that categories belong to channels and constants of one kind only. */
final class Categories {
  private Categories() {}

  static void check(String name, Channel.Kind kind, List<String> categories) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("name: \"" + name + "\" (expected: not blank)");
    }
    if (kind != Channel.Kind.CATEGORY && !categories.isEmpty()) {
      throw new IllegalArgumentException(
          "categories of "
              + name
              + ": "
              + categories.size()
              + " (expected: none, as it is a "
              + kind
              + ")");
    }
  }
}
