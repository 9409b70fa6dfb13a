package io.hdl.tracking.filestore;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads one mapping of scalars as PyYAML writes it: plain, single- or double-quoted, folded. */
final class YamlReader {
  private final String[] lines;
  private final String what;
  private int line;

  YamlReader(String yaml, String what) {
    this.lines = yaml.split("\\r?\\n", -1);
    this.what = what;
  }

  Map<String, String> mapping() {
    Map<String, String> values = new LinkedHashMap<>();
    while (line < lines.length) {
      String text = lines[line++];
      if (text.isBlank()
          || text.startsWith("#")
          || text.startsWith(" ")
          || text.startsWith("- ")
          || text.equals("---")) {
        continue;
      }
      int colon = text.startsWith("\"") ? text.indexOf("\":") + 1 : text.indexOf(':');
      if (colon <= 0) {
        throw broken("no key", text);
      }
      String key = text.substring(0, colon);
      values.put(
          key.startsWith("\"") ? key.substring(1, key.length() - 1) : key,
          value(text.substring(colon + 1).strip()));
    }
    return values;
  }

  private String value(String begin) {
    if (begin.startsWith("\"")) {
      return doubleQuoted(begin.substring(1));
    }
    if (begin.startsWith("'")) {
      return singleQuoted(begin.substring(1));
    }
    StringBuilder plain = new StringBuilder(begin);
    while (!begin.isEmpty() && line < lines.length && lines[line].startsWith("  ")) {
      plain.append(' ').append(lines[line++].strip());
    }
    return plain.toString();
  }

  private String singleQuoted(String begin) {
    StringBuilder text = new StringBuilder();
    String rest = begin;
    while (true) {
      for (int i = 0; i < rest.length(); i++) {
        char c = rest.charAt(i);
        if (c != '\'') {
          text.append(c);
        } else if (i + 1 < rest.length() && rest.charAt(i + 1) == '\'') {
          text.append('\'');
          i++;
        } else {
          return text.toString();
        }
      }
      rest = fold(text);
    }
  }

  private String doubleQuoted(String begin) {
    StringBuilder text = new StringBuilder();
    String rest = begin;
    while (true) {
      boolean joined = false;
      for (int i = 0; i < rest.length(); i++) {
        char c = rest.charAt(i);
        if (c == '"') {
          return text.toString();
        }
        if (c != '\\') {
          text.append(c);
        } else if (i + 1 == rest.length()) {
          joined = true; // an escaped line break: the next line goes on at once
        } else {
          i += escape(rest, i + 1, text);
        }
      }
      rest = joined ? next().stripLeading() : fold(text);
    }
  }

  /** Appends what an escape stands for and tells its length without the backslash. */
  private int escape(String rest, int at, StringBuilder text) {
    char c = rest.charAt(at);
    int digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    if (digits > 0) {
      if (at + digits >= rest.length()) {
        throw broken("a broken escape", rest);
      }
      try {
        text.appendCodePoint(Integer.parseInt(rest.substring(at + 1, at + 1 + digits), 16));
      } catch (IllegalArgumentException e) {
        throw broken("a broken escape", rest);
      }
      return 1 + digits;
    }
    text.append(
        switch (c) {
          case '0' -> "\0";
          case 'a' -> "\u0007";
          case 'b' -> "\b";
          case 't' -> "\t";
          case 'n' -> "\n";
          case 'v' -> "\u000B";
          case 'f' -> "\f";
          case 'r' -> "\r";
          case 'e' -> "\u001B";
          case 'N' -> "\u0085";
          case '_' -> "\u00A0";
          case 'L' -> "\u2028";
          case 'P' -> "\u2029";
          default -> String.valueOf(c); // a quote, a backslash, a slash, a blank
        });
    return 1;
  }

  /** A line break inside quotes is a blank; each further empty line is a line break. */
  private String fold(StringBuilder text) {
    while (text.length() > 0 && text.charAt(text.length() - 1) == ' ') {
      text.setLength(text.length() - 1);
    }
    String rest = next();
    int breaks = 0;
    while (rest.isBlank()) {
      breaks++;
      rest = next();
    }
    text.append(breaks == 0 ? " " : "\n".repeat(breaks));
    return rest.stripLeading();
  }

  private String next() {
    if (line >= lines.length) {
      throw broken("a quote that is not closed", "");
    }
    return lines[line++];
  }

  private HdlException broken(String why, String text) {
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot read "
            + what
            + ": "
            + why
            + (text.isEmpty() ? "" : " in \"" + text + "\"")
            + ". Restore the file or remove its folder.");
  }
}
