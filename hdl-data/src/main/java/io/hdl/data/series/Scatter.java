package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnVector;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of a table into a store, batch by batch, from any thread and in any order. Values
 * that are not finite become NaN and are counted; a row without a target leaves a mark, so that it
 * can be told from a gap.
 */
final class Scatter {
  /** Stands for the target of a row that has none: a NaN of its own. */
  static final int ROW_WITHOUT_TARGET = Segments.MISSING + 1;

  private static final int BLOCK = 512;
  private static final VarHandle BITS =
      MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());

  private final StoreColumns columns;
  private final RowIndex rows;
  private final StoreIndex index;
  private final Segments segments;
  private final int channels;
  private final int constants;
  private final int constantsAt;
  private final ConcurrentLinkedQueue<Work> spare = new ConcurrentLinkedQueue<>();
  private final LongAdder[] notFinite;
  private final LongAdder written = new LongAdder();
  private final LongAdder withoutTarget = new LongAdder();

  Scatter(StoreColumns columns, RowIndex rows, StoreIndex index, Segments segments) {
    this.columns = columns;
    this.rows = rows;
    this.index = index;
    this.segments = segments;
    this.channels = columns.channels().size();
    this.constants = columns.constants().size();
    this.constantsAt = index.constantsAt();
    this.notFinite = new LongAdder[channels + constants];
    for (int i = 0; i < notFinite.length; i++) {
      notFinite[i] = new LongAdder();
    }
    for (int i = 0; i < index.count() * constants; i++) {
      index.constantBits().put(i, Segments.MISSING);
    }
  }

  /** Values of a column that were not finite: channels first, then constants. */
  long notFinite(int column) {
    return notFinite[column].sum();
  }

  /** Rows of series that are kept. */
  long written() {
    return written.sum();
  }

  /** Whether there were rows without a target. */
  boolean anyWithoutTarget() {
    return withoutTarget.sum() > 0;
  }

  /** What one batch after the other is worked on with. */
  private static final class Work {
    final RowIndex.Places places = new RowIndex.Places();
    long[] cells = new long[0];
    final float[][] block;

    Work(int columns) {
      this.block = new float[columns][BLOCK];
    }
  }

  /** Takes one batch. */
  void add(ColumnBatch batch) {
    Work spared = spare.poll();
    Work work = spared == null ? new Work(channels + constants) : spared;
    add(batch, work);
    spare.add(work);
  }

  private void add(ColumnBatch batch, Work work) {
    int count = batch.rows();
    if (work.cells.length < count) {
      work.cells = new long[count];
    }
    rows.places(batch, work.places);
    int stepBytes = channels * Float.BYTES;
    for (int row = 0; row < count; row++) {
      int series = work.places.series(row);
      work.cells[row] =
          series < 0 ? -1 : index.address(series) + (long) work.places.step(row) * stepBytes;
    }
    ColumnVector[] vectors = new ColumnVector[channels + constants];
    float[] @Nullable [] codes = new float[vectors.length][];
    for (int c = 0; c < vectors.length; c++) {
      vectors[c] = batch.columns().get(columns.source(c));
      CategoryCodes categories = columns.categories(c);
      if (categories != null && vectors[c] instanceof ColumnVector.Texts texts) {
        codes[c] = categories.provisional(texts.dictionary());
      }
    }
    for (int from = 0; from < count; from += BLOCK) {
      int size = Math.min(BLOCK, count - from);
      for (int c = 0; c < vectors.length; c++) {
        read(vectors[c], codes[c], from, size, work.block[c], c);
      }
      values(work.cells, from, size, work.block);
      if (constants > 0) {
        constants(work.places, from, size, work.block);
      }
    }
  }

  private void read(
      ColumnVector vector, float @Nullable [] codes, int from, int size, float[] into, int c) {
    if (vector instanceof ColumnVector.Floats floats) {
      floats.copyTo(from, into, 0, size);
      int wrong = 0;
      for (int i = 0; i < size; i++) {
        float value = into[i];
        if (!Float.isFinite(value)) {
          wrong += Float.isNaN(value) ? 0 : 1;
          into[i] = Float.NaN;
        }
      }
      if (wrong > 0) {
        notFinite[c].add(wrong);
      }
    } else if (vector instanceof ColumnVector.Texts texts && codes != null) {
      int unseen = 0;
      for (int i = 0; i < size; i++) {
        int code = texts.code(from + i);
        into[i] = code < 0 ? Float.NaN : codes[code];
        unseen += code >= 0 && Float.isNaN(into[i]) ? 1 : 0;
      }
      CategoryCodes categories = columns.categories(c);
      if (unseen > 0 && categories != null) {
        categories.addUnseen(unseen);
      }
    } else if (vector instanceof ColumnVector.Longs longs) {
      // A key column that is a constant as well.
      for (int i = 0; i < size; i++) {
        into[i] = longs.value(from + i);
      }
    } else {
      throw new IllegalArgumentException("no numbers in " + vector.getClass().getSimpleName());
    }
  }

  private void values(long[] cells, int from, int size, float[][] block) {
    int kept = 0;
    int without = 0;
    for (int i = 0; i < size; i++) {
      long cell = cells[from + i];
      if (cell < 0) {
        continue;
      }
      kept++;
      FloatBuffer floats = segments.floats(cell);
      int at = Segments.position(cell) / Float.BYTES;
      float target = block[0][i];
      if (Float.isNaN(target)) {
        segments.buffer(cell).putInt(Segments.position(cell), ROW_WITHOUT_TARGET);
        without++;
      } else {
        floats.put(at, target);
      }
      for (int c = 1; c < channels; c++) {
        floats.put(at + c, block[c][i]);
      }
    }
    written.add(kept);
    if (without > 0) {
      withoutTarget.add(without);
    }
  }

  private void constants(RowIndex.Places places, int from, int size, float[][] block) {
    for (int c = 0; c < constants; c++) {
      float[] values = block[channels + c];
      int lastSeries = -1;
      float lastValue = Float.NaN;
      for (int i = 0; i < size; i++) {
        int s = places.series(from + i);
        float value = values[i];
        if (s < 0 || Float.isNaN(value) || (s == lastSeries && value == lastValue)) {
          continue;
        }
        if (index.constant(s, c) != value) {
          setConstant(s, c, value);
        }
        lastSeries = s;
        lastValue = value;
      }
    }
  }

  private void setConstant(int series, int constant, float value) {
    int at = constantsAt + (series * constants + constant) * Integer.BYTES;
    int before =
        (int)
            BITS.compareAndExchange(
                index.memory(), at, Segments.MISSING, Float.floatToRawIntBits(value));
    float present = Float.intBitsToFloat(before);
    if (Float.isNaN(present) || present == value) {
      return;
    }
    List<Constant> all = columns.constants();
    throw new HdlException(
        ErrorCode.INVALID_DATA,
        "Cannot take \""
            + all.get(constant).name()
            + "\" as a constant: in series "
            + KeyBytes.decode(index.key(series), rows.parts())
            + " it is both "
            + shown(constant, present)
            + " and "
            + shown(constant, value)
            + ". Declare it as a known or past covariate, or add it to the key.");
  }

  private String shown(int constant, float value) {
    CategoryCodes codes = columns.categories(channels + constant);
    return codes == null ? Float.toString(value) : "\"" + codes.text(value) + "\"";
  }
}
