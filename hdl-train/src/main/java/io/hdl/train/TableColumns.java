package io.hdl.train;

import io.hdl.core.provenance.DataProvenance;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.Gaps;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.TimeAxis;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How the rows of the table became series, as far as a store does not tell: saved with a forecaster
 * for those who have rows and no store.
 *
 * @param keys columns of the key, in order
 * @param time column that orders a series' rows
 * @param unit what the time column holds
 * @param frequency how far neighbouring steps lie apart
 * @param gaps what a step without a row means
 */
record TableColumns(
    List<Key> keys, String time, TimeAxis.Unit unit, Frequency frequency, Gaps gaps) {
  private static final String TIME = "series.time";
  private static final String GAPS = "series.gaps";

  TableColumns {
    keys = List.copyOf(keys);
  }

  /** A column of the key. */
  record Key(String name, KeyType type) {}

  /** What a column of the key holds. */
  enum KeyType {
    INTEGER,
    TEXT
  }

  /**
   * The columns of a store.
   *
   * @param data what is recorded of the table; where that is nothing the key's columns are named
   *     {@code key_1} and so on, and that of the time {@code time}
   */
  static TableColumns of(SeriesStore store, Optional<DataProvenance> data) {
    int count = store.seriesCount() == 0 ? 1 : store.keys().get(0).values().size();
    Map<String, String> specification = data.map(DataProvenance::specification).orElse(Map.of());
    List<String> columns = data.map(DataProvenance::columns).orElse(List.of());
    String recorded = specification.getOrDefault(TIME, "");
    // The key's columns come first, the time behind them.
    boolean named = columns.indexOf(recorded) == count;
    List<Key> keys = new ArrayList<>();
    for (int k = 0; k < count; k++) {
      keys.add(
          new Key(
              named ? columns.get(k) : "key_" + (k + 1),
              store.isIntegerKey(k) ? KeyType.INTEGER : KeyType.TEXT));
    }
    return new TableColumns(
        keys,
        named ? recorded : "time",
        store.axis().unit(),
        store.axis().frequency(),
        Gaps.valueOf(specification.getOrDefault(GAPS, Gaps.MISSING.name())));
  }
}
