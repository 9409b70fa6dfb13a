package io.hdl.samples;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.SeriesStore;
import io.hdl.train.Forecast;
import io.hdl.train.Forecast.SeriesForecast;
import io.hdl.train.Forecaster;
import io.hdl.train.FutureRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The forecast of the steps after the table's end. */
final class NextSteps {
  private static final int SHOWN_SERIES = 5;
  private static final int SHOWN_STEPS = 7;

  private final List<String> keyColumns;
  private final String timeColumn;
  private final Optional<Forecast> forecast;
  private final String problem;

  private NextSteps(
      List<String> keyColumns, String timeColumn, Optional<Forecast> forecast, String problem) {
    this.keyColumns = keyColumns;
    this.timeColumn = timeColumn;
    this.forecast = forecast;
    this.problem = problem;
  }

  /**
   * Forecasts every series with enough history. Covariates that are known ahead have to stand in
   * the table, in rows without a target; where they do not, there is no forecast and {@link
   * #toString} says why.
   */
  static NextSteps of(Forecaster forecaster, SeriesStore store, ForecastSettings settings) {
    List<String> keys = settings.series().keys();
    String time = settings.series().time();
    try {
      Forecast forecast = forecaster.forecast(store, FutureRequest.all());
      return new NextSteps(keys, time, Optional.of(forecast), "");
    } catch (HdlException e) {
      if (e.code() != ErrorCode.INVALID_DATA && e.code() != ErrorCode.NOT_ENOUGH_DATA) {
        throw e;
      }
      return new NextSteps(keys, time, Optional.empty(), String.valueOf(e.getMessage()));
    }
  }

  /** Writes the forecast as comma-separated values, if there is one. */
  Optional<Path> write(Path file) throws IOException {
    if (forecast.isEmpty()) {
      return Optional.empty();
    }
    List<String> lines = new ArrayList<>();
    for (SeriesForecast series : forecast.get().series()) {
      if (lines.isEmpty()) {
        List<String> header = new ArrayList<>(keyColumns);
        header.add(timeColumn);
        header.add("forecast");
        series.quantiles().keySet().forEach(quantile -> header.add("q" + quantile));
        lines.add(line(header));
      }
      for (int step = 0; step < series.times().size(); step++) {
        List<String> cells = new ArrayList<>(series.key().values());
        cells.add(series.times().get(step));
        cells.add(number(series.values().get(step)));
        for (List<Double> values : series.quantiles().values()) {
          cells.add(number(values.get(step)));
        }
        lines.add(line(cells));
      }
    }
    Files.write(file, lines);
    return Optional.of(file);
  }

  private static String line(List<String> cells) {
    return String.join(",", cells.stream().map(NextSteps::quoted).toList());
  }

  private static String quoted(String cell) {
    boolean plain = cell.chars().noneMatch(c -> c == ',' || c == '"' || c == '\n' || c == '\r');
    return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.4f", value);
  }

  /** A few series for people. */
  @Override
  public String toString() {
    if (forecast.isEmpty()) {
      return "The steps after the table's end are not forecast: " + problem;
    }
    List<SeriesForecast> series = forecast.get().series();
    if (series.isEmpty()) {
      return "The steps after the table's end are not forecast: no series is long enough.";
    }
    List<String> times = series.get(0).times();
    StringBuilder text = new StringBuilder();
    text.append(
        String.format(
            Locale.ROOT,
            "The next %d steps of %,d series, from %s:%n%-16s",
            times.size(),
            series.size(),
            times.get(0),
            ""));
    int steps = Math.min(SHOWN_STEPS, times.size());
    times.subList(0, steps).forEach(time -> text.append(String.format("  %10s", time)));
    for (SeriesForecast one : series.subList(0, Math.min(SHOWN_SERIES, series.size()))) {
      text.append(String.format("%n%-16s", one.key()));
      for (double value : one.values().subList(0, Math.min(steps, one.values().size()))) {
        text.append(String.format(Locale.ROOT, "  %10.2f", value));
      }
    }
    return text.append(String.format("%n...")).toString();
  }
}
