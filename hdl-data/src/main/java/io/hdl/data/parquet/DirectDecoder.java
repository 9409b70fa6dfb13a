package io.hdl.data.parquet;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * hdl's own decoder: from pages straight to columns, one pass over each page in direct memory. What
 * a column needs beyond that, {@link JavaDecoder} reads.
 */
enum DirectDecoder implements ColumnDecoder {
  INSTANCE;

  @Override
  public DataFileReader open(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return new DirectFile(file, Footer.read(channel, file));
    } catch (NoSuchFileException e) {
      throw new HdlException(
          ErrorCode.NOT_FOUND, "Cannot read the data file " + file + ": it does not exist.", e);
    } catch (IOException | RuntimeException e) {
      throw DirectFile.failed(file, e);
    }
  }
}
