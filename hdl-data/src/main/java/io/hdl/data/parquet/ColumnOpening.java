package io.hdl.data.parquet;

import io.hdl.data.column.ColumnForm;
import io.hdl.data.column.ColumnType;
import java.math.BigDecimal;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.apache.parquet.column.ColumnDescriptor;
import org.jspecify.annotations.Nullable;

/** How a column of a file is read in the type and form that are wanted. */
final class ColumnOpening {
  private final FileColumn column;
  private final ColumnDescriptor leaf;
  private final Path file;
  private final Conversions conversions;

  private ColumnOpening(FileColumn column, ColumnDescriptor leaf, Path file) {
    this.column = column;
    this.leaf = leaf;
    this.file = file;
    this.conversions = new Conversions(leaf.getPrimitiveType());
  }

  /**
   * How to read a column.
   *
   * @throws IllegalArgumentException if floats are wanted of texts or bytes
   */
  static ColumnOpening of(FileColumn column, ColumnDescriptor leaf, Path file) {
    ColumnType.Kind kind = column.type().kind();
    if (column.form() == ColumnForm.FLOAT
        && (kind == ColumnType.Kind.STRING || kind == ColumnType.Kind.BINARY)) {
      throw new IllegalArgumentException(
          "column \""
              + column.name()
              + "\" as floats: "
              + column.type()
              + " (expected: a number, a boolean, a date or a timestamp)");
    }
    return new ColumnOpening(column, leaf, file);
  }

  /**
   * The column as floats.
   *
   * @throws io.hdl.core.error.HdlException with {@code SCHEMA_MISMATCH} if the file's type cannot
   *     be turned into the table's
   */
  LaneColumn<float[]> floats(Chunk chunk, FileChannel channel) {
    Converter<float[]> converter = known(conversions.floats(column.type()));
    return new LaneColumn<>(chunk, channel, Lanes.FLOATS, converter);
  }

  /** The column in batches of a number of rows at most; throws as {@link #floats}. */
  ColumnBatches batches(Chunk chunk, FileChannel channel, int maxRows) {
    if (column.form() == ColumnForm.FLOAT) {
      return ColumnBatches.floats(floats(chunk, channel), maxRows);
    }
    ColumnType type = column.type();
    return switch (type.kind()) {
      case BOOLEAN, BYTE, SHORT, INTEGER, LONG, DATE, TIMESTAMP, TIMESTAMP_NTZ -> {
        Converter<long[]> longs = known(conversions.longs(type.kind()));
        yield ColumnBatches.longs(new LaneColumn<>(chunk, channel, Lanes.LONGS, longs), maxRows);
      }
      case FLOAT, DOUBLE -> {
        Converter<double[]> doubles = known(conversions.doubles(type.kind()));
        yield ColumnBatches.doubles(
            new LaneColumn<>(chunk, channel, Lanes.DOUBLES, doubles), maxRows);
      }
      case DECIMAL -> {
        Converter<BigDecimal[]> decimals = known(conversions.decimals(type.scale()));
        yield ColumnBatches.decimals(
            new LaneColumn<>(chunk, channel, Lanes.DECIMALS, decimals), maxRows);
      }
      case STRING -> {
        known(conversions.isBinary() ? this : null);
        yield ColumnBatches.texts(new TextColumn(chunk, channel, type), maxRows);
      }
      case BINARY -> {
        Converter<byte[][]> bytes = known(conversions.isBinary() ? ToBytes.ofBytes() : null);
        yield ColumnBatches.binaries(
            new LaneColumn<>(chunk, channel, Lanes.BINARIES, bytes), maxRows);
      }
      case STRUCT, OTHER -> throw VectorReader.mismatch(column, leaf, file);
    };
  }

  private <T> T known(@Nullable T conversion) {
    if (conversion == null) {
      throw VectorReader.mismatch(column, leaf, file);
    }
    return conversion;
  }
}
