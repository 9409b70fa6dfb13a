package io.hdl.train;

import io.hdl.core.json.Json;
import io.hdl.data.series.Channel;
import io.hdl.data.series.SeriesStore;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Rows of a table as Python's loader takes them, and what it makes of them. */
final class PythonRows {
  private final List<Map<String, @Nullable Object>> rows = new ArrayList<>();

  /** A row for each step of a store that holds anything, in no order. */
  static PythonRows of(SeriesStore store) {
    PythonRows all = new PythonRows();
    for (int s = 0; s < store.seriesCount(); s++) {
      for (int step = 0; step < store.length(s); step++) {
        all.add(store, s, step);
      }
    }
    Collections.shuffle(all.rows, new Random(7));
    return all;
  }

  private void add(SeriesStore store, int series, int step) {
    Map<String, @Nullable Object> row = new LinkedHashMap<>();
    List<String> key = store.keys().get(series).values();
    for (int k = 0; k < key.size(); k++) {
      row.put("key_" + (k + 1), key.get(k));
    }
    row.put("time", store.axis().label(store.firstStep(series) + step));
    boolean any = false;
    for (int c = 0; c < store.channels().size(); c++) {
      Channel channel = store.channels().get(c);
      float value = store.value(series, step, c);
      any |= !Float.isNaN(value);
      row.put(channel.name(), shown(channel.kind(), channel.categories(), value));
    }
    for (int c = 0; c < store.constants().size(); c++) {
      var constant = store.constants().get(c);
      row.put(
          constant.name(),
          shown(constant.kind(), constant.categories(), store.constant(series, c)));
    }
    if (any) {
      rows.add(row);
    }
  }

  private static @Nullable Object shown(Channel.Kind kind, List<String> categories, float value) {
    if (Float.isNaN(value)) {
      return null;
    }
    return switch (kind) {
      case NUMBER -> (Object) Double.valueOf(value);
      case BOOLEAN -> value != 0;
      case CATEGORY -> categories.get((int) value);
    };
  }

  List<Map<String, @Nullable Object>> rows() {
    return rows;
  }

  /** The same rows, changed. */
  PythonRows with(UnaryOperator<Map<String, @Nullable Object>> change) {
    PythonRows changed = new PythonRows();
    for (Map<String, @Nullable Object> row : rows) {
      changed.rows.add(change.apply(new LinkedHashMap<>(row)));
    }
    return changed;
  }

  /** The rows that Python's loader gives, or its error. */
  Answer predict(Path folder, Path model) throws IOException, InterruptedException {
    Path input = folder.resolve("rows.json");
    Path output = folder.resolve("forecasts.json");
    List<String> columns = new ArrayList<>(rows.get(0).keySet());
    List<List<@Nullable Object>> data = new ArrayList<>();
    for (Map<String, @Nullable Object> row : rows) {
      data.add(new ArrayList<>(row.values()));
    }
    Files.writeString(input, Json.write(Map.of("columns", columns, "data", data)));
    String failure =
        Python.run(
            folder,
            List.of(script().toString(), model.toString(), input.toString(), output.toString()));
    if (!failure.isEmpty()) {
      throw new IOException(failure);
    }
    return Answer.of(Json.readObject(Files.readString(output), output.toString()));
  }

  private static Path script() {
    try {
      return Path.of(
          Objects.requireNonNull(PythonRows.class.getResource("python/predict.py")).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * What Python answered.
   *
   * @param columns names of the columns
   * @param values what stands behind key and time, by series and time
   * @param error the message of its error; empty if there is none
   * @param warnings what it warned of
   */
  record Answer(
      List<String> columns,
      Map<List<String>, List<Double>> values,
      String error,
      List<String> warnings) {
    @SuppressWarnings("unchecked")
    static Answer of(Map<String, Object> json) {
      List<String> columns = (List<String>) json.getOrDefault("columns", List.of());
      Map<List<String>, List<Double>> values = new HashMap<>();
      int time = columns.indexOf("time");
      for (List<Object> row : (List<List<Object>>) json.getOrDefault("data", List.of())) {
        List<String> index = row.subList(0, time + 1).stream().map(Object::toString).toList();
        List<Double> numbers =
            row.subList(time + 1, row.size()).stream()
                .map(number -> ((Number) number).doubleValue())
                .toList();
        values.put(index, numbers);
      }
      return new Answer(
          columns,
          values,
          (String) json.getOrDefault("error", ""),
          (List<String>) json.getOrDefault("warnings", List.of()));
    }
  }

  /** A forecast of Java in the same form. */
  static Map<List<String>, List<Double>> values(Forecast forecast) {
    Map<List<String>, List<Double>> values = new HashMap<>();
    for (Forecast.SeriesForecast one : forecast.series()) {
      for (int t = 0; t < one.times().size(); t++) {
        List<String> index = new ArrayList<>(one.key().values());
        String time = one.times().get(t).replace("Z", "");
        index.add(time.matches("\\d+-\\d+-\\d+") ? time + "T00:00:00" : time);
        List<Double> row = new ArrayList<>(Arrays.asList(one.values().get(t)));
        for (List<Double> quantile : one.quantiles().values()) {
          row.add(quantile.get(t));
        }
        values.put(index, row);
      }
    }
    return values;
  }
}
