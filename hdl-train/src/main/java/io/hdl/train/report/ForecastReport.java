package io.hdl.train.report;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Path;
import java.util.Map;

/**
 * Writes the report of a training run: one HTML file with everything inside, that opens without a
 * network, in light and dark, on a screen, on a phone and on paper. Thread-safe.
 */
public final class ForecastReport {
  /** Name of the file in the report's directory. */
  public static final String FILE = "report.html";

  /** Name of the folder with the plots in the report's directory. */
  public static final String PLOTS = "plots";

  private ForecastReport() {}

  /**
   * Writes {@value #FILE} into a directory, which is created if need be, and replaces an earlier
   * one.
   *
   * @return the file
   * @throws HdlException with {@link ErrorCode#IO_FAILURE} if it cannot be written
   */
  public static Path write(Path directory, ReportData data) {
    return PageFile.write(directory.resolve(FILE), new ReportPage(data, PageFile.style()).html());
  }

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
    String style = PageFile.style();
    for (Map.Entry<String, String> plot : new ReportPage(data, style).plots().entrySet()) {
      PageFile.write(folder.resolve(plot.getKey() + ".svg"), Plot.file(plot.getValue(), style));
    }
    return folder;
  }
}
