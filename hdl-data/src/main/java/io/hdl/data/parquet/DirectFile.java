package io.hdl.data.parquet;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.FileFailure;
import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnForm;
import io.hdl.data.column.DeletedRows;
import java.io.IOException;
import java.lang.ref.SoftReference;
import java.nio.FloatBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/** A data file whose footer was read. Thread-safe; opens the file anew for each call. */
final class DirectFile implements ColumnDecoder.DataFileReader {
  private static final long BATCH = ColumnDecoder.BATCH_ROWS;

  private final Path file;
  private final Footer footer;
  // Where pages lie is found out once, unless memory is short.
  private final Map<Long, SoftReference<PageIndex>> indices;

  DirectFile(Path file, Footer footer) {
    this(file, footer, new ConcurrentHashMap<>());
  }

  private DirectFile(Path file, Footer footer, Map<Long, SoftReference<PageIndex>> indices) {
    this.file = file;
    this.footer = footer;
    this.indices = indices;
  }

  @Override
  public ColumnDecoder.DataFileReader at(Path other) {
    return other.equals(file) ? this : new DirectFile(other, footer, indices);
  }

  static HdlException failed(Path file, Exception e) {
    if (e instanceof HdlException already) {
      return already;
    }
    if (e instanceof ClosedByInterruptException) {
      return new HdlException(
          ErrorCode.CANCELLED, "Reading the data file " + file + " was interrupted.", e);
    }
    if (e instanceof IOException io) {
      return FileFailure.of("read the data file", file, io);
    }
    String what =
        e.getMessage() == null || e instanceof NullPointerException
            ? "its metadata contradict each other"
            : e.getMessage();
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot read the data file "
            + file
            + ": "
            + what
            + ". Restore the file, or read a version of the table without it.",
        e);
  }

  @Override
  public int rowGroups() {
    return footer.rowGroups();
  }

  @Override
  public long rows(int rowGroup) {
    return footer.rows(rowGroup);
  }

  @Override
  public Optional<String> fallback(FileColumn column) {
    ColumnDescriptor leaf = LeafColumns.find(footer.schema(), column, file);
    for (int group = 0; leaf != null && group < rowGroups(); group++) {
      Optional<String> reason = fallback(group, leaf, column);
      if (reason.isPresent()) {
        return reason;
      }
    }
    return Optional.empty();
  }

  private Optional<String> fallback(int rowGroup, ColumnDescriptor leaf, FileColumn column) {
    try {
      List<Encoding> encodings =
          footer.metaData(rowGroup, footer.leaf(leaf), column.name()).getEncodings();
      return encodings.stream().allMatch(ValueDecoders::knows)
          ? Optional.empty()
          : Optional.of("its values are encoded as " + encodings);
    } catch (CorruptPage e) {
      throw corrupt(rowGroup, column, e);
    }
  }

  private HdlException corrupt(int rowGroup, FileColumn column, CorruptPage e) {
    return failed(
        file,
        new CorruptPage(
            "column \"" + column.name() + "\" in row group " + rowGroup + ": " + e.getMessage(),
            e));
  }

  private void checkNames(int rowGroup) {
    try {
      footer.checkNames(rowGroup);
    } catch (CorruptPage e) {
      throw failed(file, e);
    }
  }

  private long firstRow(int rowGroup) {
    long first = 0;
    for (int group = 0; group < rowGroup; group++) {
      first += rows(group);
    }
    return first;
  }

  private FileChannel channel() {
    try {
      return FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private Chunk chunk(int rowGroup, ColumnDescriptor leaf, FileColumn column) {
    try {
      return footer.chunk(rowGroup, leaf, column.name());
    } catch (CorruptPage e) {
      throw corrupt(rowGroup, column, e);
    }
  }

  @Override
  public void decode(
      int rowGroup,
      long fromRow,
      long toRow,
      List<FileColumn> columns,
      DeletedRows deleted,
      Consumer<ColumnBatch> sink) {
    RowRange.check(fromRow, toRow, rows(rowGroup));
    try (FileChannel channel = channel();
        OpenColumns open = new OpenColumns()) {
      int batch = (int) Math.min(ColumnDecoder.BATCH_ROWS, toRow - fromRow);
      for (FileColumn column : columns) {
        open.add(reader(channel, rowGroup, fromRow, batch, column, open));
      }
      if (fromRow == toRow) {
        return;
      }
      Batches.read(
          columns, open.readers(), firstRow(rowGroup) + fromRow, toRow - fromRow, deleted, sink);
      open.finish();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  private VectorReader reader(
      FileChannel channel,
      int rowGroup,
      long fromRow,
      int batch,
      FileColumn column,
      OpenColumns open) {
    ColumnDescriptor leaf = LeafColumns.find(footer.schema(), column, file);
    if (leaf == null) {
      checkNames(rowGroup);
      return VectorReader.absent(column);
    }
    PrimitiveTypeName stored = leaf.getPrimitiveType().getPrimitiveTypeName();
    if (fallback(rowGroup, leaf, column).isPresent()) {
      JavaRowGroup group = JavaDecoder.INSTANCE.open(file).open(rowGroup, List.of(column));
      open.owned(group);
      VectorReader reader = group.columns().get(0);
      reader.skip(fromRow);
      return footer.calendar().guard(reader, column, stored, file);
    }
    VectorReader reader =
        ColumnOpening.of(column, leaf, file)
            .batches(chunk(rowGroup, leaf, column), channel, batch)
            .at(fromRow, () -> index(channel, rowGroup, leaf, column));
    return footer.calendar().guard(reader, column, stored, file);
  }

  /** Where the pages of a column chunk lie. */
  private PageIndex index(
      FileChannel channel, int rowGroup, ColumnDescriptor leaf, FileColumn column)
      throws IOException {
    long key = (long) rowGroup << Integer.SIZE | footer.leaf(leaf);
    SoftReference<PageIndex> known = indices.get(key);
    PageIndex index = known == null ? null : known.get();
    if (index == null) {
      try (ChunkPages pages =
          new ChunkPages(chunk(rowGroup, leaf, column), channel, (page, from, to, count) -> {})) {
        index = pages.index();
      }
      indices.put(key, new SoftReference<>(index));
    }
    return index;
  }

  @Override
  public long floats(
      int rowGroup,
      long fromRow,
      long toRow,
      FileColumn column,
      DeletedRows deleted,
      FloatBuffer into,
      int at) {
    RowRange.check(fromRow, toRow, rows(rowGroup));
    long first = firstRow(rowGroup);
    long expected = toRow - fromRow - deleted.countBetween(first + fromRow, first + toRow);
    if (at < 0 || expected > into.limit() - (long) at) {
      throw new IllegalArgumentException(
          "at: " + at + " (expected: room for " + expected + " values in " + into.limit() + ")");
    }
    ColumnDescriptor leaf = LeafColumns.find(footer.schema(), column, file);
    if (leaf == null) {
      checkNames(rowGroup);
      for (int i = 0; i < expected; i++) {
        into.put(at + i, Float.NaN);
      }
      return expected;
    }
    FileColumn wanted = column.as(ColumnForm.FLOAT);
    if (fromRow == toRow) {
      return 0;
    }
    if (fallback(rowGroup, leaf, column).isPresent()) {
      long read =
          JavaDecoder.INSTANCE
              .open(file)
              .floats(rowGroup, fromRow, toRow, wanted, deleted, into, at);
      if (footer
          .calendar()
          .concerns(column.type(), leaf.getPrimitiveType().getPrimitiveTypeName())) {
        LegacyCalendar.check(into, at, at + (int) read, column, file);
      }
      return read;
    }
    ColumnOpening opening = ColumnOpening.of(wanted, leaf, file);
    Chunk chunk = chunk(rowGroup, leaf, column);
    try (FileChannel channel = channel();
        LaneColumn<float[]> open = opening.floats(chunk, channel)) {
      if (fromRow > 0) {
        open.seek(fromRow, index(channel, rowGroup, leaf, column));
      }
      FloatRows rows = new FloatRows(open);
      int place = at;
      for (long row = first + fromRow; row < first + toRow; row += BATCH) {
        long to = Math.min(first + toRow, row + BATCH);
        int[] left = deleted.countBetween(row, to) == 0 ? null : deleted.left(row, to);
        place += rows.read((int) (to - row), left, into, place);
      }
      open.pages().finish();
      if (footer.calendar().concerns(column.type(), chunk.type().getPrimitiveTypeName())) {
        LegacyCalendar.check(into, at, place, column, file);
      }
      return place - (long) at;
    } catch (IOException | RuntimeException e) {
      throw chunk.failed(e);
    }
  }

  /** The columns that one call reads. */
  private static final class OpenColumns implements AutoCloseable {
    private final List<VectorReader> readers = new ArrayList<>();
    private final List<AutoCloseable> owned = new ArrayList<>();

    void add(VectorReader reader) {
      readers.add(reader);
    }

    void owned(AutoCloseable closeable) {
      owned.add(closeable);
    }

    List<VectorReader> readers() {
      return readers;
    }

    void finish() {
      for (VectorReader reader : readers) {
        reader.finish();
      }
    }

    @Override
    public void close() throws IOException {
      readers.forEach(VectorReader::close);
      Exception failure = null;
      for (AutoCloseable closeable : owned) {
        try {
          closeable.close();
        } catch (Exception e) {
          failure = e;
        }
      }
      if (failure != null) {
        throw new IOException(failure);
      }
    }
  }
}
