package io.hdl.train.report;

import java.util.Locale;

/**
 * Builds a page's markup, for reports of one's own. Text that may come from data goes through
 * {@link #text}, attribute values through {@link #escape}. Belongs to one thread.
 *
 * <pre>{@code
 * new Html().raw("<p>").text("a < b").raw("</p>").toString();   // <p>a &lt; b</p>
 * }</pre>
 */
@SuppressWarnings("EscapedEntity") // what the example gives is escaped text
public final class Html {
  private final StringBuilder out = new StringBuilder(64 * 1024);

  /** An empty page. */
  public Html() {}

  /** Appends markup as it is. */
  public Html raw(String markup) {
    out.append(markup);
    return this;
  }

  /** Appends markup with numbers filled in; strings have to be escaped by the caller. */
  public Html format(String markup, Object... arguments) {
    out.append(String.format(Locale.ROOT, markup, arguments));
    return this;
  }

  /** Appends text, escaped. */
  public Html text(String text) {
    out.append(escape(text));
    return this;
  }

  /** Appends an element that holds text only. */
  public Html element(String name, String cssClass, String text) {
    out.append('<').append(name);
    if (!cssClass.isEmpty()) {
      out.append(" class=\"").append(cssClass).append('"');
    }
    out.append('>').append(escape(text)).append("</").append(name).append('>');
    return this;
  }

  /**
   * The text with everything replaced that could be read as markup, also inside attributes, and
   * with a mark in place of each character that has no glyph.
   */
  public static String escape(String text) {
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
                default -> {
                  boolean printable =
                      (c >= 0x20 && c != 0x7f && c < 0xd800)
                          || (c > 0xdfff && c < 0xfffe)
                          || c > 0xffff
                          || c == '\n'
                          || c == '\t';
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
