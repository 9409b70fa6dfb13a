package io.hdl.data.parquet;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnForm;
import io.hdl.data.column.ColumnVector;
import io.hdl.data.column.DeletedRows;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;

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
  public OpenFile open(Path file) {
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

  static HdlException unreadable(Path file, Exception e) {
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

  /** What parquet-hadoop says, less the identity of the object that it read from. */
  private static String reason(Exception e) {
    if (e.getMessage() == null || e instanceof NullPointerException) {
      return "its metadata contradict each other";
    }
    return e.getMessage().replaceFirst("^\\S+@[0-9a-f]+ is ", "it is ");
  }

  record OpenFile(Path file, InputFile input, ParquetMetadata footer) implements DataFileReader {
    @Override
    public OpenFile at(Path other) {
      return new OpenFile(other, new LocalInputFile(other), footer);
    }

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
      long firstRow = 0;
      for (BlockMetaData block : footer.getBlocks().subList(0, rowGroup)) {
        firstRow += block.getRowCount();
      }
      try (JavaRowGroup group = open(rowGroup, columns)) {
        group.columns().forEach(column -> column.skip(fromRow));
        Batches.read(columns, group.columns(), firstRow + fromRow, toRow - fromRow, deleted, sink);
      } catch (IOException e) {
        throw unreadable(file, e);
      }
    }

    /** Columns of a row group, at its first row. */
    JavaRowGroup open(int rowGroup, List<FileColumn> columns) {
      try {
        return new JavaRowGroup(file, input, footer, options(), rowGroup, columns);
      } catch (IOException | RuntimeException e) {
        throw unreadable(file, e);
      }
    }
  }
}
