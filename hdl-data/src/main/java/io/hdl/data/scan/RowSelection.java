package io.hdl.data.scan;

import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.column.FloatForm;
import io.hdl.data.delta.DataFile;
import io.hdl.data.filter.RowMatcher;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes what a read asked for out of the batches of one range of rows: adds partition values, takes
 * the rows that pass the filter, and gives columns their form. Belongs to one task.
 */
final class RowSelection {
  private final ReadPlan plan;
  private final DataFile file;
  private final Optional<RowMatcher> matcher;
  private long filtered;

  RowSelection(ReadPlan plan, DataFile file, Optional<RowMatcher> matcher) {
    this.plan = plan;
    this.file = file;
    this.matcher = matcher;
  }

  /** Rows that did not pass, so far. */
  long filtered() {
    return filtered;
  }

  /** The rows of a batch that pass; perhaps none. */
  ColumnBatch apply(ColumnBatch batch) {
    if (plan.asDecoded()) {
      return batch;
    }
    int[] rows = matcher.isPresent() ? passing(batch, matcher.get()) : null;
    int count = rows == null ? batch.rows() : rows.length;
    filtered += batch.rows() - count;
    List<ColumnVector> vectors = new ArrayList<>(plan.given().size());
    for (ReadPlan.Source source : plan.given()) {
      ColumnVector vector =
          source.index() < 0
              ? constant(source, count)
              : rows == null
                  ? batch.columns().get(source.index())
                  : selected(batch.columns().get(source.index()), rows);
      vectors.add(FloatForm.of(vector, source.column().form()));
    }
    return new ColumnBatch(count, vectors);
  }

  /** The rows that pass, or null if all do. */
  private int @Nullable [] passing(ColumnBatch batch, RowMatcher test) {
    List<ColumnVector> tested = new ArrayList<>(plan.tested().size());
    for (ReadPlan.Source source : plan.tested()) {
      tested.add(
          source.index() < 0
              ? constant(source, batch.rows())
              : batch.columns().get(source.index()));
    }
    boolean[] passes = test.match(tested, batch.rows());
    int count = 0;
    for (int row = 0; row < batch.rows(); row++) {
      count += passes[row] ? 1 : 0;
    }
    if (count == batch.rows()) {
      return null;
    }
    int[] rows = new int[count];
    int used = 0;
    for (int row = 0; row < batch.rows(); row++) {
      if (passes[row]) {
        rows[used++] = row;
      }
    }
    return rows;
  }

  private ColumnVector constant(ReadPlan.Source source, int rows) {
    return PartitionValue.vector(
        source.column().name(),
        source.column().type(),
        file.partitionValues().get(source.column().path().get(0)),
        rows);
  }

  private static ColumnVector selected(ColumnVector vector, int[] rows) {
    if (vector instanceof ColumnVector.Longs longs) {
      long[] values = new long[rows.length];
      for (int i = 0; i < rows.length; i++) {
        values[i] = longs.value(rows[i]);
      }
      return new ColumnVector.Longs(values, nulls(vector, rows));
    }
    if (vector instanceof ColumnVector.Doubles doubles) {
      double[] values = new double[rows.length];
      for (int i = 0; i < rows.length; i++) {
        values[i] = doubles.value(rows[i]);
      }
      return new ColumnVector.Doubles(values, nulls(vector, rows));
    }
    if (vector instanceof ColumnVector.Floats floats) {
      FloatBuffer values =
          ByteBuffer.allocateDirect(rows.length * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      for (int i = 0; i < rows.length; i++) {
        values.put(i, floats.value(rows[i]));
      }
      return new ColumnVector.Floats(values);
    }
    if (vector instanceof ColumnVector.Texts texts) {
      return selected(texts, rows);
    }
    if (vector instanceof ColumnVector.Decimals decimals) {
      @Nullable BigDecimal[] values = new @Nullable BigDecimal[rows.length];
      for (int i = 0; i < rows.length; i++) {
        values[i] = decimals.value(rows[i]);
      }
      return new ColumnVector.Decimals(values);
    }
    ColumnVector.Binaries binaries = (ColumnVector.Binaries) vector;
    byte[] @Nullable [] values = new byte[rows.length][];
    for (int i = 0; i < rows.length; i++) {
      values[i] = binaries.value(rows[i]);
    }
    return new ColumnVector.Binaries(values);
  }

  /** Texts with a dictionary of nothing but themselves: what a filter took out leaves no trace. */
  private static ColumnVector selected(ColumnVector.Texts texts, int[] rows) {
    int[] codes = new int[rows.length];
    int[] renamed = new int[texts.dictionary().size()];
    List<String> dictionary = new ArrayList<>();
    for (int i = 0; i < rows.length; i++) {
      int code = texts.code(rows[i]);
      if (code < 0) {
        codes[i] = -1;
        continue;
      }
      if (renamed[code] == 0) {
        dictionary.add(texts.dictionary().get(code));
        renamed[code] = dictionary.size();
      }
      codes[i] = renamed[code] - 1;
    }
    return new ColumnVector.Texts(codes, dictionary);
  }

  private static boolean @Nullable [] nulls(ColumnVector vector, int[] rows) {
    boolean[] nulls = new boolean[rows.length];
    boolean any = false;
    for (int i = 0; i < rows.length; i++) {
      nulls[i] = vector.isNull(rows[i]);
      any |= nulls[i];
    }
    return any ? nulls : null;
  }
}
