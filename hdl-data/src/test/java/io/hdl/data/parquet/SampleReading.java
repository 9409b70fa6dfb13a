package io.hdl.data.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.data.column.ColumnForm;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.column.DeletedRows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** Reads a sample file in every way and compares with what was written. */
@NullUnmarked
final class SampleReading {
  private static final int MARGIN = 3;

  private final SampleFile sample;
  private final ColumnDecoder.DataFileReader reader;
  private final DeletedRows deleted;

  SampleReading(SampleFile sample, Path file, ColumnDecoder decoder, DeletedRows deleted) {
    this.sample = sample;
    this.reader = decoder.open(file);
    this.deleted = deleted;
  }

  /** The whole file. */
  void check() {
    long first = 0;
    for (int group = 0; group < reader.rowGroups(); group++) {
      check(group, first, 0, reader.rows(group));
      first += reader.rows(group);
    }
    assertThat(first).isEqualTo(sample.rows());
  }

  /** A range of rows of a row group. */
  void check(int group, long firstRow, long from, long to) {
    List<Integer> kept = new ArrayList<>();
    for (int row = (int) (firstRow + from); row < firstRow + to; row++) {
      if (deleted.countBetween(row, row + 1) == 0) {
        kept.add(row);
      }
    }
    checkValues(group, from, to, kept);
    checkFloats(group, from, to, kept);
  }

  private void checkValues(int group, long from, long to, List<Integer> kept) {
    List<FileColumn> columns =
        IntStream.range(0, sample.columns().size())
            .mapToObj(c -> sample.fileColumn(c, ColumnForm.VALUE))
            .toList();
    List<List<String>> read = new ArrayList<>();
    columns.forEach(column -> read.add(new ArrayList<>()));
    reader.decode(
        group,
        from,
        to,
        columns,
        deleted,
        batch -> {
          for (int c = 0; c < columns.size(); c++) {
            ColumnVector vector = batch.columns().get(c);
            for (int row = 0; row < batch.rows(); row++) {
              read.get(c).add(vector.isNull(row) ? "null" : text(value(vector, row)));
            }
          }
        });
    for (int c = 0; c < columns.size(); c++) {
      List<SampleColumn.@Nullable Value> values = sample.columns().get(c).values();
      List<String> expected =
          kept.stream()
              .map(values::get)
              .map(value -> value == null ? "null" : text(value.read()))
              .toList();
      assertThat(read.get(c)).as("values of %s", describe(c)).isEqualTo(expected);
    }
  }

  private String describe(int column) {
    return sample.columns().get(column).column() + " of " + reader.getClass().getSimpleName();
  }

  private static @Nullable Object value(ColumnVector vector, int row) {
    if (vector instanceof ColumnVector.Longs longs) {
      return longs.value(row);
    } else if (vector instanceof ColumnVector.Doubles doubles) {
      return doubles.value(row);
    } else if (vector instanceof ColumnVector.Decimals decimals) {
      return decimals.value(row);
    } else if (vector instanceof ColumnVector.Texts texts) {
      return texts.dictionary().get(texts.code(row));
    }
    return ((ColumnVector.Binaries) vector).value(row);
  }

  private static String text(@Nullable Object value) {
    return value instanceof byte[] bytes ? HexFormat.of().formatHex(bytes) : String.valueOf(value);
  }

  private void checkFloats(int group, long from, long to, List<Integer> kept) {
    for (int c = 0; c < sample.columns().size(); c++) {
      if (!sample.columns().get(c).column().isNumber()) {
        continue;
      }
      List<SampleColumn.@Nullable Value> values = sample.columns().get(c).values();
      float[] expected = new float[kept.size()];
      for (int i = 0; i < expected.length; i++) {
        SampleColumn.Value value = values.get(kept.get(i));
        expected[i] = value == null ? Float.NaN : SampleColumn.asFloat(value.read());
      }
      FloatBuffer into =
          ByteBuffer.allocateDirect((expected.length + 2 * MARGIN) * Float.BYTES)
              .order(ByteOrder.nativeOrder())
              .asFloatBuffer();
      FileColumn column = sample.fileColumn(c, ColumnForm.FLOAT);
      for (int i = 0; i < into.limit(); i++) {
        into.put(i, 7.5f);
      }
      assertThat(reader.floats(group, from, to, column, deleted, into, MARGIN))
          .isEqualTo(expected.length);
      float[] read = new float[expected.length];
      into.get(MARGIN, read);
      assertThat(read).as("floats of %s", describe(c)).isEqualTo(expected);
      for (int i = 0; i < MARGIN; i++) {
        assertThat(into.get(i)).isEqualTo(7.5f);
        assertThat(into.get(MARGIN + expected.length + i)).isEqualTo(7.5f);
      }
      List<Float> batches = new ArrayList<>();
      reader.decode(
          group,
          from,
          to,
          List.of(column),
          deleted,
          batch -> {
            ColumnVector.Floats floats = (ColumnVector.Floats) batch.columns().get(0);
            for (int row = 0; row < batch.rows(); row++) {
              batches.add(floats.value(row));
            }
          });
      for (int i = 0; i < expected.length; i++) {
        read[i] = batches.get(i);
      }
      assertThat(batches).hasSize(expected.length);
      assertThat(read).as("batches of floats of %s", describe(c)).isEqualTo(expected);
    }
  }
}
