package io.hdl.benchmarks;

import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.RowReader;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.WindowOrder;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of a table that are in memory already: series of equal length with a store and an item as
 * key, one day per row, 12 channels. What is measured over them is what comes after decoding.
 */
final class MadeUpRows implements RowReader {
  static final int CHANNELS = 12;

  private static final int BATCH = 1 << 16;
  private static final int STORES = 64;

  private final List<ColumnVector.Longs> stores = new ArrayList<>();
  private final List<ColumnVector.Longs> items = new ArrayList<>();
  private final List<ColumnVector.Longs> days = new ArrayList<>();
  private final FloatBuffer values =
      ByteBuffer.allocateDirect(BATCH * Float.BYTES).order(ByteOrder.nativeOrder()).asFloatBuffer();

  MadeUpRows(int series, int steps, WindowOrder order) {
    long total = (long) series * steps;
    for (long from = 0; from < total; from += BATCH) {
      int count = (int) Math.min(BATCH, total - from);
      long[] store = new long[count];
      long[] item = new long[count];
      long[] day = new long[count];
      for (int i = 0; i < count; i++) {
        long row = order.at(from + i);
        long number = row / steps;
        store[i] = number % STORES;
        item[i] = number / STORES;
        day[i] = 18_000 + row % steps;
      }
      stores.add(new ColumnVector.Longs(store, null));
      items.add(new ColumnVector.Longs(item, null));
      days.add(new ColumnVector.Longs(day, null));
    }
    for (int i = 0; i < BATCH; i++) {
      values.put(i, i % 1009);
    }
  }

  /** What is made of the rows. */
  static SeriesSpec spec() {
    String[] known = new String[CHANNELS - 1];
    for (int c = 1; c < CHANNELS; c++) {
      known[c - 1] = "x" + c;
    }
    return SeriesSpec.keyedBy("store", "item")
        .orderedBy("day", Frequency.DAILY)
        .target("y")
        .known(known);
  }

  /** The types of the columns. */
  static Map<String, ColumnType> types() {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    types.put("store", ColumnType.INTEGER);
    types.put("item", ColumnType.INTEGER);
    types.put("day", ColumnType.DATE);
    types.put("y", ColumnType.FLOAT);
    spec().known().forEach(name -> types.put(name, ColumnType.FLOAT));
    return types;
  }

  @Override
  public void read(List<String> wanted, List<String> floats, Sink sink) {
    for (int b = 0; b < stores.size(); b++) {
      int count = stores.get(b).size();
      List<ColumnVector> vectors = new ArrayList<>();
      vectors.add(stores.get(b));
      vectors.add(items.get(b));
      vectors.add(days.get(b));
      vectors.addAll(
          Collections.nCopies(floats.size(), new ColumnVector.Floats(values.slice(0, count))));
      sink.accept(b, new ColumnBatch(count, vectors));
    }
  }
}
