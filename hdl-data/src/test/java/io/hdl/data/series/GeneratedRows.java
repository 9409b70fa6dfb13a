package io.hdl.data.series;

import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** As many rows as wanted, each computed when it is read: series of equal length, shuffled. */
final class GeneratedRows implements RowReader {
  static final SeriesSpec SPEC =
      SeriesSpec.keyedBy("id").orderedBy("t", Frequency.INTEGER).target("a").known("b", "c", "d");
  static final Map<String, ColumnType> TYPES =
      Map.of(
          "id", ColumnType.LONG,
          "t", ColumnType.INTEGER,
          "a", ColumnType.FLOAT,
          "b", ColumnType.FLOAT,
          "c", ColumnType.FLOAT,
          "d", ColumnType.FLOAT);

  private static final int BATCH = 20_000;

  private final int series;
  private final int steps;
  private final WindowOrder order;

  GeneratedRows(int series, int steps) {
    this.series = series;
    this.steps = steps;
    this.order = WindowOrder.shuffled((long) series * steps, 3, 0);
  }

  /** The value of a channel at a step of the series with an id. */
  static float value(long id, long step, int channel) {
    return (id * 31 + step * 7 + channel) % 8191;
  }

  @Override
  public void read(List<String> values, List<String> floats, Sink sink) {
    long total = (long) series * steps;
    FloatBuffer[] buffers = new FloatBuffer[floats.size()];
    for (int i = 0; i < buffers.length; i++) {
      buffers[i] =
          ByteBuffer.allocateDirect(BATCH * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
    }
    for (long from = 0; from < total; from += BATCH) {
      int count = (int) Math.min(BATCH, total - from);
      long[] ids = new long[count];
      long[] times = new long[count];
      for (int i = 0; i < count; i++) {
        long row = order.at(from + i);
        ids[i] = row % series;
        times[i] = row / series;
        for (int c = 0; c < buffers.length; c++) {
          buffers[c].put(i, value(ids[i], times[i], c));
        }
      }
      List<ColumnVector> vectors = new ArrayList<>();
      vectors.add(new ColumnVector.Longs(ids, null));
      vectors.add(new ColumnVector.Longs(times, null));
      for (FloatBuffer buffer : buffers) {
        vectors.add(new ColumnVector.Floats(buffer.slice(0, count)));
      }
      sink.accept(from, new ColumnBatch(count, vectors));
    }
  }

  /** What does not hold what it should, or nothing. */
  String wrong(SeriesStore store) {
    if (store.seriesCount() != series) {
      return store.seriesCount() + " series";
    }
    for (int s = 0; s < series; s++) {
      for (int step = 0; step < steps; step++) {
        for (int c = 0; c < 4; c++) {
          if (store.value(s, step, c) != value(s, step, c)) {
            return "series " + s + ", step " + step + ", channel " + c;
          }
        }
      }
    }
    return "";
  }
}
