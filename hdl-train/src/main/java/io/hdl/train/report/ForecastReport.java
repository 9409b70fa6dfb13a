package io.hdl.train.report;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes the report of a training run: one HTML file with everything inside, that opens without a
 * network, in light and dark, on a screen, on a phone and on paper. Thread-safe.
 */
public final class ForecastReport {
  /** Name of the file in the report's directory. */
  public static final String FILE = "report.html";

  private ForecastReport() {}

  /**
   * Writes {@value #FILE} into a directory, which is created if need be, and replaces an earlier
   * one.
   *
   * @return the file
   * @throws HdlException with {@link ErrorCode#IO_FAILURE} if it cannot be written
   */
  public static Path write(Path directory, ReportData data) {
    Path file = directory.resolve(FILE);
    String page = new ReportPage(data, style()).html();
    try {
      Files.createDirectories(directory);
      Files.writeString(file, page);
      return file;
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.IO_FAILURE,
          "Cannot write the report to " + file + ": " + e + ". Make the directory writable.",
          e);
    }
  }

  /** Name of the folder with the plots in the report's directory. */
  public static final String PLOTS = "plots";

  /**
   * Writes the report's plots into the folder {@value #PLOTS} of a directory, one SVG file each
   * that stands by itself: {@code loss}, {@code wape_by_step}, {@code wape_by_series} and {@code
   * forecast_1} and so on, as far as there is something to draw.
   *
   * @return the folder
   * @throws HdlException with {@link ErrorCode#IO_FAILURE} if it cannot be written
   */
  public static Path writePlots(Path directory, ReportData data) {
    Path folder = directory.resolve(PLOTS);
    String style = style();
    try {
      Files.createDirectories(folder);
      for (Map.Entry<String, String> plot : new ReportPage(data, style).plots().entrySet()) {
        Files.writeString(
            folder.resolve(plot.getKey() + ".svg"), Plot.file(plot.getValue(), style));
      }
      return folder;
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.IO_FAILURE,
          "Cannot write the report's plots to " + folder + ": " + e + ". Make it writable.",
          e);
    }
  }

  private static String style() {
    try (InputStream css = ForecastReport.class.getResourceAsStream("report.css")) {
      if (css == null) {
        throw new HdlException(
            ErrorCode.INTERNAL, "The report's style sheet is not beside " + ForecastReport.class);
      }
      return new String(css.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.INTERNAL, "Cannot read the report's style sheet from the class path: " + e, e);
    }
  }
}
