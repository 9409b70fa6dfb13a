package io.hdl.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** The page of results, which comparisons write their part of. */
public final class ResultsPage {
  private ResultsPage() {}

  /**
   * Replaces what stands between two marks of a page.
   *
   * @throws IOException if the page has no such mark, or cannot be read or written
   */
  public static void insert(Path page, String begin, String end, String text) throws IOException {
    String all = Files.readString(page, StandardCharsets.UTF_8);
    int at = all.indexOf(begin);
    if (at < 0) {
      throw new IOException(page + " has no line " + begin);
    }
    String changed =
        all.substring(0, at + begin.length()) + "\n" + text + all.substring(all.indexOf(end));
    Files.writeString(page, changed, StandardCharsets.UTF_8);
  }
}
