package io.hdl.train.report;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes pages, and reads the style sheet that goes into each. */
final class PageFile {
  private static final String STYLE = "report.css";

  private PageFile() {}

  static Path write(Path file, String page) {
    try {
      Path directory = file.getParent();
      if (directory != null) {
        Files.createDirectories(directory);
      }
      Files.writeString(file, page);
      return file;
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.IO_FAILURE,
          "Cannot write the report to " + file + ": " + e + ". Make the directory writable.",
          e);
    }
  }

  static String style() {
    try (InputStream css = PageFile.class.getResourceAsStream(STYLE)) {
      if (css == null) {
        throw new HdlException(
            ErrorCode.INTERNAL, "The report's style sheet is not beside " + PageFile.class);
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.INTERNAL, "Cannot read the report's style sheet from the class path: " + e, e);
    }
  }
}
