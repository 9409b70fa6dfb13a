package io.hdl.samples;

import java.util.ArrayList;
import java.util.List;

/** Reads a list of column names. */
final class ColumnNames {
  private ColumnNames() {}

  /**
   * The names between commas. One in back quotes is taken as it is, a back quote in it doubled, as
   * in SQL.
   *
   * @throws IllegalArgumentException if a name is empty or a back quote stays open
   */
  static List<String> parse(String text) {
    List<String> names = new ArrayList<>();
    StringBuilder name = new StringBuilder();
    boolean quoted = false;
    boolean wasQuoted = false;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '`' && quoted && i + 1 < text.length() && text.charAt(i + 1) == '`') {
        name.append(c);
        i++;
      } else if (c == '`') {
        quoted = !quoted;
        wasQuoted = true;
      } else if (c == ',' && !quoted) {
        names.add(finished(name, wasQuoted));
        name.setLength(0);
        wasQuoted = false;
      } else {
        name.append(c);
      }
    }
    if (quoted) {
      throw new IllegalArgumentException("a back quote stays open");
    }
    names.add(finished(name, wasQuoted));
    return names;
  }

  private static String finished(CharSequence name, boolean quoted) {
    String text = quoted ? name.toString() : name.toString().strip();
    if (text.isEmpty()) {
      throw new IllegalArgumentException("an empty name");
    }
    return text;
  }
}
