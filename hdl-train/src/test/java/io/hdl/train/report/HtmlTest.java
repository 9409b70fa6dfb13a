package io.hdl.train.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HtmlTest {
  @Test
  void textIsEscapedAndMarkupIsNot() {
    assertThat(new Html().raw("<p>").text("a < b").raw("</p>").toString())
        .isEqualTo("<p>a &lt; b</p>");
    assertThat(new Html().element("td", "n", "\"x\" & 'y'").toString())
        .isEqualTo("<td class=\"n\">&quot;x&quot; &amp; &#39;y&#39;</td>");
  }

  @Test
  void charactersWithoutGlyphAreMarked() {
    assertThat(Html.escape("a\u0000b\u007fc\ud800d\ufffe\n"))
        .isEqualTo("a\ufffdb\ufffdc\ufffdd\ufffd\n");
    assertThat(Html.escape("\ud83d\ude80")).isEqualTo("\ud83d\ude80");
  }
}
