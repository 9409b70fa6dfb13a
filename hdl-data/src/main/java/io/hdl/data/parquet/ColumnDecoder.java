package io.hdl.data.parquet;

import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.DeletedRows;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Turns data files into columns. Implementations are thread-safe. */
public interface ColumnDecoder {
  /** Largest number of rows in a batch. */
  int BATCH_ROWS = 1 << 16;

  /** hdl's own decoder. */
  static ColumnDecoder standard() {
    return DirectDecoder.INSTANCE;
  }

  /**
   * Reads a file's footer.
   *
   * @throws io.hdl.core.error.HdlException with {@code NOT_FOUND} if there is no such file, with
   *     {@code CORRUPT_DATA} if it is no Parquet file
   */
  DataFileReader open(Path file);

  /** An open data file. Thread-safe; holds memory, but no operating system resources. */
  interface DataFileReader {
    /** Number of row groups. */
    int rowGroups();

    /** Number of rows in a row group, deleted ones included. */
    long rows(int rowGroup);

    /**
     * Decodes columns of a row group on the calling thread, batch by batch, in the order of the
     * rows. The rows of the batches depend on the file and the deleted rows alone, not on the
     * columns asked for: two calls for different columns give batches that line up. A column that
     * the file does not have is null throughout.
     *
     * @param deleted positions in the file, not in the row group
     * @throws io.hdl.core.error.HdlException with {@code SCHEMA_MISMATCH} if the file's type cannot
     *     be turned into the one wanted, with {@code UNSUPPORTED_FEATURE} if the column lies in a
     *     list or map or the compression is not read, with {@code CORRUPT_DATA} if the file is
     *     damaged
     */
    default void decode(
        int rowGroup, List<FileColumn> columns, DeletedRows deleted, Consumer<ColumnBatch> sink) {
      decode(rowGroup, 0, rows(rowGroup), columns, deleted, sink);
    }

    /**
     * Decodes a range of rows of a row group: as the whole, with batches of {@link #BATCH_ROWS}
     * rows, less those deleted, from the range's first row on. Several threads may decode ranges of
     * one row group at the same time.
     *
     * @param fromRow first row, counted within the row group
     * @param toRow row after the last one
     * @throws io.hdl.core.error.HdlException as above
     */
    void decode(
        int rowGroup,
        long fromRow,
        long toRow,
        List<FileColumn> columns,
        DeletedRows deleted,
        Consumer<ColumnBatch> sink);

    /**
     * Decodes one column of a row group on the calling thread as floats, NaN where null, straight
     * to where they are wanted.
     *
     * @param column of numbers, booleans, dates or timestamps; its form is of no account
     * @param deleted positions in the file, not in the row group
     * @param into direct, in native byte order; nothing outside the rows' places is written
     * @param at index in {@code into} of the first value
     * @return number of values written: the rows that are not deleted
     * @throws io.hdl.core.error.HdlException as {@link #decode}
     */
    default long floats(
        int rowGroup, FileColumn column, DeletedRows deleted, FloatBuffer into, int at) {
      return floats(rowGroup, 0, rows(rowGroup), column, deleted, into, at);
    }

    /**
     * Decodes a range of rows of one column as floats, as {@link #floats(int, FileColumn,
     * DeletedRows, FloatBuffer, int)} does a whole row group.
     *
     * @param fromRow first row, counted within the row group
     * @param toRow row after the last one
     */
    long floats(
        int rowGroup,
        long fromRow,
        long toRow,
        FileColumn column,
        DeletedRows deleted,
        FloatBuffer into,
        int at);

    /**
     * A reader of the same file at another path, as a copy or link of it; its footer is not read
     * again.
     */
    DataFileReader at(Path file);

    /**
     * Why a column has to be read through parquet-java's reader, which is slower and takes more
     * memory; empty if hdl's own decoder reads it.
     */
    Optional<String> fallback(FileColumn column);
  }
}
