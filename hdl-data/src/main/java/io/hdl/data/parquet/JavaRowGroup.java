package io.hdl.data.parquet;

import io.hdl.data.column.ColumnVector;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Columns of a row group in parquet-java's reader. Belongs to one thread, which closes it. */
final class JavaRowGroup implements AutoCloseable {
  private final Path file;
  private final ParquetFileReader reader;
  private final List<VectorReader> columns = new ArrayList<>();
  private @Nullable PageReadStore pages;

  /** Reads the column chunks into memory. */
  JavaRowGroup(
      Path file,
      InputFile input,
      ParquetMetadata footer,
      ParquetReadOptions options,
      int rowGroup,
      List<FileColumn> wanted)
      throws IOException {
    this.file = file;
    MessageType schema = footer.getFileMetaData().getSchema();
    List<@Nullable ColumnDescriptor> found = new ArrayList<>();
    for (FileColumn column : wanted) {
      found.add(LeafColumns.find(schema, column, file));
    }
    this.reader = ParquetFileReader.open(input, footer, options, input.newStream());
    try {
      MessageType projection = LeafColumns.projection(schema, found);
      reader.setRequestedSchema(projection);
      PageReadStore read = reader.readRowGroup(rowGroup);
      pages = read;
      ColumnReadStoreImpl store =
          new ColumnReadStoreImpl(
              read, LeafColumns.NO_CONVERTER, projection, footer.getFileMetaData().getCreatedBy());
      for (int i = 0; i < wanted.size(); i++) {
        ColumnDescriptor descriptor = found.get(i);
        FileColumn column = wanted.get(i);
        columns.add(
            descriptor == null
                ? VectorReader.absent(column)
                : new Guarded(
                    VectorReader.of(column, descriptor, store.getColumnReader(descriptor), file)));
      }
    } catch (IOException | RuntimeException e) {
      close();
      throw e;
    }
  }

  /** A reader for each column that was wanted, at the first row. */
  List<VectorReader> columns() {
    return columns;
  }

  @Override
  public void close() throws IOException {
    try (ParquetFileReader closing = reader) {
      if (pages != null) {
        pages.close();
      }
    }
  }

  /** Tells what goes wrong as what is wrong with the file. */
  private final class Guarded extends VectorReader {
    private final VectorReader inner;

    Guarded(VectorReader inner) {
      this.inner = inner;
    }

    @Override
    ColumnVector read(int rows, int @Nullable [] left) {
      try {
        return inner.read(rows, left);
      } catch (RuntimeException e) {
        throw JavaDecoder.unreadable(file, e);
      }
    }
  }
}
