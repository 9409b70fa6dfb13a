package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.CRC32C;

/**
 * Holds each series of a mapped store against its checksum before its first value is read. A store
 * that fails is removed, so that it is built anew when it is opened again. Thread-safe: two threads
 * may look at one series at the same time, to the same end.
 */
final class UnreadSeries {
  private final StoreIndex index;
  private final StoreLayout layout;
  private final Path file;
  private final byte[] read;

  UnreadSeries(StoreIndex index, StoreLayout layout, Path file) {
    this.index = index;
    this.layout = layout;
    this.file = file;
    this.read = new byte[index.count()];
  }

  void check(int series, Segments segments) {
    if (read[series] != 0) {
      return;
    }
    if (!matches(index, layout, segments, series, new CRC32C())) {
      throw damaged(series);
    }
    read[series] = 1;
  }

  static boolean matches(
      StoreIndex index, StoreLayout layout, Segments segments, int series, CRC32C crc) {
    int bytes = (int) layout.recordBytes(index.length(series));
    ByteBuffer record = segments.slice(index.address(series), bytes);
    crc.reset();
    crc.update(record);
    return (int) crc.getValue() == index.checksum(series);
  }

  private HdlException damaged(int series) {
    HdlException failure =
        new HdlException(
            ErrorCode.CORRUPT_DATA,
            "Cannot read series number "
                + series
                + " of the series store "
                + file
                + ": its values fail their checksum. The file was removed; open the data again, and"
                + " it is built anew from the table. Check the disk that holds it.");
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }
}
