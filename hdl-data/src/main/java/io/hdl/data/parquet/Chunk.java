package io.hdl.data.parquet;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.schema.PrimitiveType;

/**
 * One column chunk: where it lies and how it is stored.
 *
 * @param file the file
 * @param column the column's name in the table
 * @param rowGroup number of the row group
 * @param type the type in the file
 * @param maxDefinition the highest definition level
 * @param codec its compression
 * @param start position in the file of the first page
 * @param end position after its last page
 * @param limit position up to which pages may be looked for: old writers gave sizes that were a
 *     little too small
 * @param rows number of rows, nulls included
 */
record Chunk(
    Path file,
    String column,
    int rowGroup,
    PrimitiveType type,
    int maxDefinition,
    CompressionCodec codec,
    long start,
    long end,
    long limit,
    long rows) {
  /** What to tell people about what went wrong while it was read. */
  HdlException failed(Exception e) {
    if (e instanceof HdlException already) {
      return already;
    }
    if (e instanceof ClosedByInterruptException) {
      return new HdlException(
          ErrorCode.CANCELLED, "Reading the data file " + file + " was interrupted.", e);
    }
    if (e instanceof IOException io) {
      return FileFailure.of("read", file, io);
    }
    String what = e.getMessage() == null ? e.toString() : e.getMessage();
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot read column \""
            + column
            + "\" in row group "
            + rowGroup
            + " of the data file "
            + file
            + ": "
            + what
            + ". Restore the file, or read a version of the table without it.",
        e);
  }
}
