package io.hdl.data.parquet;

import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.DeletedRows;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/** Turns data files into columns. Implementations are thread-safe. */
public interface ColumnDecoder {
  /** The decoder on parquet-java's column API. */
  static ColumnDecoder standard() {
    return JavaDecoder.INSTANCE;
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
    void decode(
        int rowGroup, List<FileColumn> columns, DeletedRows deleted, Consumer<ColumnBatch> sink);
  }
}
