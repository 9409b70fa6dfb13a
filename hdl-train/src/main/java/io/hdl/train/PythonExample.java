package io.hdl.train;

import io.hdl.data.series.Channel;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.TimeAxis;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An example of the rows that a forecaster takes in Python: the end of one series. */
final class PythonExample {
  private PythonExample() {}

  /**
   * The context and the horizon at the end of the first series that is long enough: the steps of
   * the horizon without what is not known ahead. None if no series is.
   */
  static List<Map<String, Object>> of(Manifest manifest, SeriesStore store) {
    int context = manifest.context();
    int horizon = manifest.horizon();
    for (int s = 0; s < store.seriesCount(); s++) {
      if (store.targetEnd(s) >= context + horizon) {
        List<Map<String, Object>> rows = new ArrayList<>();
        int origin = store.targetEnd(s) - horizon;
        for (int step = origin - context; step < origin + horizon; step++) {
          rows.add(row(manifest, store, s, step, step >= origin));
        }
        return rows;
      }
    }
    return List.of();
  }

  private static Map<String, Object> row(
      Manifest manifest, SeriesStore store, int series, int step, boolean future) {
    TableColumns table = manifest.table().orElseThrow();
    Map<String, Object> row = new LinkedHashMap<>();
    List<String> key = store.keys().get(series).values();
    for (int k = 0; k < key.size(); k++) {
      boolean whole = table.keys().get(k).type() == TableColumns.KeyType.INTEGER;
      row.put(table.keys().get(k).name(), whole ? (Object) Long.valueOf(key.get(k)) : key.get(k));
    }
    row.put(table.time(), time(store.axis(), store.firstStep(series) + step));
    for (int c = 0; c < store.channels().size(); c++) {
      Channel channel = store.channels().get(c);
      float value = store.value(series, step, c);
      if (!Float.isNaN(value) && (!future || channel.role() == Channel.Role.KNOWN)) {
        row.put(channel.name(), shown(channel.kind(), channel.categories(), value));
      }
    }
    for (int c = 0; c < store.constants().size(); c++) {
      float value = store.constant(series, c);
      var constant = store.constants().get(c);
      if (!Float.isNaN(value)) {
        row.putIfAbsent(constant.name(), shown(constant.kind(), constant.categories(), value));
      }
    }
    return row;
  }

  /** The step as rows hold it: without a zone. */
  private static Object time(TimeAxis axis, long step) {
    String label = axis.label(step);
    return switch (axis.unit()) {
      case INTEGER -> (Object) Long.valueOf(label);
      case TIMESTAMP -> label.substring(0, label.length() - 1);
      case DATE, LOCAL_TIMESTAMP -> label;
    };
  }

  private static Object shown(Channel.Kind kind, List<String> categories, float value) {
    return switch (kind) {
      case NUMBER -> (Object) Double.valueOf(value);
      case BOOLEAN -> value != 0;
      case CATEGORY -> categories.get((int) value);
    };
  }
}
