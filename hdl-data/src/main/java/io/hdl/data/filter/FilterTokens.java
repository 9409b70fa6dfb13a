package io.hdl.data.filter;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.List;
import java.util.Locale;

/** The words and signs of a filter's text, one after the other. Serves one text. */
final class FilterTokens {
  /** What a token is. */
  enum Kind {
    WORD,
    QUOTED_COLUMN,
    TEXT,
    NUMBER,
    SIGN,
    END
  }

  private static final List<String> SIGNS =
      List.of("!=", "<>", "<=", ">=", "=", "<", ">", "(", ")", ",", "-");

  private final String text;
  private int start;
  private int next;
  private Kind kind = Kind.END;
  private String token = "";

  FilterTokens(String text) {
    this.text = text;
    advance();
  }

  Kind kind() {
    return kind;
  }

  /** The token, without the quotes around it. */
  String word() {
    return token;
  }

  /** The token; goes on to the next one. */
  String take() {
    String taken = token;
    advance();
    return taken;
  }

  boolean skipWord(String word) {
    return skip(Kind.WORD, word);
  }

  boolean skipSign(String sign) {
    return skip(Kind.SIGN, sign);
  }

  private boolean skip(Kind wanted, String value) {
    boolean found = kind == wanted && token.equalsIgnoreCase(value);
    if (found) {
      advance();
    }
    return found;
  }

  void requireWord(String word) {
    if (!skipWord(word)) {
      throw expected(word);
    }
  }

  void requireSign(String sign) {
    if (!skipSign(sign)) {
      throw expected(sign);
    }
  }

  String requireColumn() {
    if (kind == Kind.QUOTED_COLUMN
        || (kind == Kind.WORD && !FilterText.KEYWORDS.contains(token.toLowerCase(Locale.ROOT)))) {
      return take();
    }
    throw expected("a column");
  }

  /** The failure that something else was expected at this place. */
  HdlException expected(String what) {
    String found = kind == Kind.END ? "the end" : "\"" + text.substring(start) + "\"";
    return failure("expected " + what + " at position " + (start + 1) + ", found " + found);
  }

  private HdlException failure(String why) {
    return new HdlException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot read the filter \""
            + text
            + "\": "
            + why
            + ". Write conditions such as: store in (1, 2) and date >= '2011-01-01'.");
  }

  private void advance() {
    while (next < text.length() && Character.isWhitespace(text.charAt(next))) {
      next++;
    }
    start = next;
    if (next == text.length()) {
      kind = Kind.END;
      token = "";
      return;
    }
    char first = text.charAt(next);
    if (first == '\'') {
      quoted('\'', Kind.TEXT);
    } else if (first == '`') {
      quoted('`', Kind.QUOTED_COLUMN);
    } else if (isDigit(first) || (first == '.' && isDigit(at(next + 1)))) {
      number();
    } else if (Character.isLetter(first) || first == '_') {
      while (Character.isLetterOrDigit(at(next)) || at(next) == '_' || at(next) == '.') {
        next++;
      }
      found(Kind.WORD, text.substring(start, next));
    } else {
      sign();
    }
  }

  private void quoted(char quote, Kind found) {
    StringBuilder content = new StringBuilder();
    next++;
    while (true) {
      if (next >= text.length()) {
        throw failure("the " + quote + " at position " + (start + 1) + " is not closed");
      }
      char c = text.charAt(next++);
      if (c != quote) {
        content.append(c);
      } else if (at(next) == quote) {
        content.append(quote);
        next++;
      } else {
        found(found, content.toString());
        return;
      }
    }
  }

  private void number() {
    while (isDigit(at(next)) || at(next) == '.') {
      next++;
    }
    if (at(next) == 'e' || at(next) == 'E') {
      int exponent = at(next + 1) == '-' || at(next + 1) == '+' ? next + 2 : next + 1;
      if (isDigit(at(exponent))) {
        next = exponent;
        while (isDigit(at(next))) {
          next++;
        }
      }
    }
    found(Kind.NUMBER, text.substring(start, next));
  }

  private void sign() {
    for (String sign : SIGNS) {
      if (text.startsWith(sign, next)) {
        next += sign.length();
        found(Kind.SIGN, sign);
        return;
      }
    }
    throw failure("\"" + text.charAt(next) + "\" at position " + (next + 1) + " is not understood");
  }

  private void found(Kind what, String value) {
    kind = what;
    token = value;
  }

  private char at(int index) {
    return index < text.length() ? text.charAt(index) : '\0';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }
}
