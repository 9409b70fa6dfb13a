package io.hdl.data.parquet;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnForm;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.column.DeletedRows;
import io.hdl.data.column.FloatForm;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/**
 * Decodes through parquet-java's column API, value by value. Uses neither Hadoop's file systems nor
 * its codecs. Checksums of pages are verified where a file has them.
 */
enum JavaDecoder implements ColumnDecoder {
  INSTANCE;

  private static ParquetReadOptions options() {
    return ParquetReadOptions.builder(new PlainParquetConfiguration())
        .withCodecFactory(new Decompressors())
        .usePageChecksumVerification()
        .build();
  }

  @Override
  public DataFileReader open(Path file) {
    if (!Files.exists(file)) {
      throw new HdlException(
          ErrorCode.NOT_FOUND, "Cannot read the data file " + file + ": it does not exist.");
    }
    InputFile input = new LocalInputFile(file);
    try (ParquetFileReader reader = ParquetFileReader.open(input, options())) {
      return new OpenFile(file, input, reader.getFooter());
    } catch (IOException | RuntimeException e) {
      throw unreadable(file, e);
    }
  }

  private static HdlException unreadable(Path file, Exception e) {
    if (e instanceof HdlException already) {
      return already;
    }
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot read the data file "
            + file
            + ": "
            + reason(e)
            + ". Restore the file, or read a version of the table without it.",
        e);
  }

  /** What a sink threw, so that it is not taken for damage: parquet-java throws anything there. */
  private static final class SinkFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final RuntimeException failure;

    SinkFailure(RuntimeException failure) {
      super(failure);
      this.failure = failure;
    }
  }

  /** What parquet-hadoop says, less the identity of the object that it read from. */
  private static String reason(Exception e) {
    if (e instanceof NullPointerException || e.getMessage() == null) {
      return "its metadata contradict each other";
    }
    return e.getMessage().replaceFirst("^\\S+@[0-9a-f]+ is ", "it is ");
  }

  private record OpenFile(Path file, InputFile input, ParquetMetadata footer)
      implements DataFileReader {
    @Override
    public int rowGroups() {
      return footer.getBlocks().size();
    }

    @Override
    public long rows(int rowGroup) {
      return footer.getBlocks().get(rowGroup).getRowCount();
    }

    @Override
    public Optional<String> fallback(FileColumn column) {
      return Optional.of("parquet-java's reader was chosen");
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
      LongAdder written = new LongAdder();
      decode(
          rowGroup,
          fromRow,
          toRow,
          List.of(column.as(ColumnForm.FLOAT)),
          deleted,
          batch -> {
            ColumnVector.Floats floats = (ColumnVector.Floats) batch.columns().get(0);
            int place = at + written.intValue();
            for (int row = 0; row < batch.rows(); row++) {
              into.put(place + row, floats.value(row));
            }
            written.add(batch.rows());
          });
      return written.sum();
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
      MessageType schema = footer.getFileMetaData().getSchema();
      List<@Nullable ColumnDescriptor> found = new ArrayList<>();
      for (FileColumn column : columns) {
        found.add(LeafColumns.find(schema, column, file));
      }
      long firstRow = 0;
      for (BlockMetaData block : footer.getBlocks().subList(0, rowGroup)) {
        firstRow += block.getRowCount();
      }
      try (ParquetFileReader reader =
          ParquetFileReader.open(input, footer, options(), input.newStream())) {
        MessageType projection = LeafColumns.projection(schema, found);
        reader.setRequestedSchema(projection);
        try (PageReadStore pages = reader.readRowGroup(rowGroup)) {
          List<VectorReader> readers = new ArrayList<>();
          ColumnReadStoreImpl store =
              new ColumnReadStoreImpl(
                  pages,
                  LeafColumns.NO_CONVERTER,
                  projection,
                  footer.getFileMetaData().getCreatedBy());
          for (int i = 0; i < columns.size(); i++) {
            ColumnDescriptor descriptor = found.get(i);
            readers.add(
                descriptor == null
                    ? VectorReader.absent(columns.get(i))
                    : VectorReader.of(
                        columns.get(i), descriptor, store.getColumnReader(descriptor), file));
          }
          skip(readers, fromRow);
          decode(columns, readers, firstRow + fromRow, toRow - fromRow, deleted, sink);
        }
      } catch (SinkFailure e) {
        throw e.failure;
      } catch (IOException | RuntimeException e) {
        throw unreadable(file, e);
      }
    }

    private static void skip(List<VectorReader> readers, long rows) {
      for (long done = 0; done < rows; done += BATCH_ROWS) {
        for (VectorReader reader : readers) {
          reader.read((int) Math.min(BATCH_ROWS, rows - done), new int[0]);
        }
      }
    }

    private static void decode(
        List<FileColumn> columns,
        List<VectorReader> readers,
        long firstRow,
        long rows,
        DeletedRows deleted,
        Consumer<ColumnBatch> sink)
        throws SinkFailure {
      for (long from = firstRow; from < firstRow + rows; from += BATCH_ROWS) {
        long to = Math.min(firstRow + rows, from + BATCH_ROWS);
        int[] left = deleted.countBetween(from, to) == 0 ? null : deleted.left(from, to);
        List<ColumnVector> vectors = new ArrayList<>(readers.size());
        for (VectorReader reader : readers) {
          ColumnVector vector = reader.read((int) (to - from), left);
          vectors.add(FloatForm.of(vector, columns.get(vectors.size()).form()));
        }
        int count = left == null ? (int) (to - from) : left.length;
        if (count > 0) {
          try {
            sink.accept(new ColumnBatch(count, vectors));
          } catch (RuntimeException e) {
            throw new SinkFailure(e);
          }
        }
      }
    }
  }
}
