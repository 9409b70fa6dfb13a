package io.hdl.data.scan;

import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.DeletedRows;
import io.hdl.data.delta.DataFile;
import io.hdl.data.parquet.ColumnDecoder.DataFileReader;
import io.hdl.data.parquet.FileColumn;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Reads a file that is held only while it is decoded. What the footer tells is known without.
 *
 * @param footer a reader of the file where it lay when it was opened
 */
record HeldReader(FileReaders readers, DataFile file, DataFileReader footer)
    implements DataFileReader {
  @Override
  public int rowGroups() {
    return footer.rowGroups();
  }

  @Override
  public long rows(int rowGroup) {
    return footer.rows(rowGroup);
  }

  @Override
  public void decode(
      int rowGroup,
      long fromRow,
      long toRow,
      List<FileColumn> columns,
      DeletedRows deleted,
      Consumer<ColumnBatch> sink) {
    readers.with(
        file,
        reader -> {
          reader.decode(rowGroup, fromRow, toRow, columns, deleted, sink);
          return toRow - fromRow;
        });
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
    return readers.with(
        file, reader -> reader.floats(rowGroup, fromRow, toRow, column, deleted, into, at));
  }

  @Override
  public DataFileReader at(Path other) {
    return footer.at(other);
  }

  @Override
  public Optional<String> fallback(FileColumn column) {
    return footer.fallback(column);
  }
}
