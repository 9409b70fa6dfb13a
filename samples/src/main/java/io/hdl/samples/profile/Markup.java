package io.hdl.samples.profile;

import java.util.Locale;

/** Builds a page's markup; text is escaped wherever it may come from data. */
final class Markup {
  private final StringBuilder out = new StringBuilder(64 * 1024);

  /** Appends markup as it is. */
  Markup raw(String markup) {
    out.append(markup);
    return this;
  }

  /** Appends markup with numbers filled in; strings have to be escaped by the caller. */
  Markup format(String markup, Object... arguments) {
    out.append(String.format(Locale.ROOT, markup, arguments));
    return this;
  }

  /** Appends text, escaped. */
  Markup text(String text) {
    out.append(escape(text));
    return this;
  }

  /** Appends an element that holds text only. */
  Markup element(String name, String cssClass, String text) {
    out.append('<').append(name);
    if (!cssClass.isEmpty()) {
      out.append(" class=\"").append(cssClass).append('"');
    }
    out.append('>').append(escape(text)).append("</").append(name).append('>');
    return this;
  }

  /** The text with everything replaced that could be read as markup, also inside attributes. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length() + 16);
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                case '\n' -> escaped.append('↵');
                case '\t' -> escaped.append('⇥');
                default -> {
                  boolean printable =
                      (c >= 0x20 && c != 0x7f && c < 0xd800)
                          || (c > 0xdfff && c < 0xfffe)
                          || c > 0xffff;
                  escaped.appendCodePoint(printable ? c : 0xfffd);
                }
              }
            });
    return escaped.toString();
  }

  @Override
  public String toString() {
    return out.toString();
  }
}
