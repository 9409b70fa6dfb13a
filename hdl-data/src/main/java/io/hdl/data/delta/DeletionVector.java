package io.hdl.data.delta;

import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.DeletedRows;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * Names the rows of a data file that are deleted; they are read when they are asked for. A file may
 * hold the deletion vectors of many data files: only the part of this one is read. Immutable and
 * thread-safe.
 */
public final class DeletionVector {
  private static final int AROUND = 2 * Integer.BYTES;

  private final TableFiles table;
  private final String tableRoot;
  private final DeletionVectorDescriptor descriptor;

  DeletionVector(TableFiles table, DeletionVectorDescriptor descriptor) {
    this.table = table;
    this.tableRoot = LogRoot.of(table);
    this.descriptor = descriptor;
  }

  /** Number of deleted rows. */
  public long count() {
    return descriptor.getCardinality();
  }

  /**
   * The address of the file that it is kept in, unless the log itself holds it.
   *
   * @throws HdlException with {@link ErrorCode#CORRUPT_DATA} if the log gives no valid name
   */
  public Optional<String> file() {
    try {
      return descriptor.isOnDisk()
          ? Optional.of(LogRoot.address(table, descriptor.getAbsolutePath(tableRoot)))
          : Optional.empty();
    } catch (RuntimeException e) {
      throw unreadable("the log names no file for it", e);
    }
  }

  /** As {@link #load(long, Runnable)}, without being stopped. */
  public DeletedRows load(long fileRows) {
    return load(fileRows, () -> {});
  }

  /**
   * Reads the deleted rows.
   *
   * @param fileRows number of rows in the data file
   * @param checkpoint called now and then while its file is on its way; may throw
   * @throws HdlException with {@link ErrorCode#CORRUPT_DATA} if they cannot be read, or are not
   *     rows of the file
   */
  public DeletedRows load(long fileRows, Runnable checkpoint) {
    try {
      if (count() > fileRows) {
        throw new IllegalArgumentException(
            "the log says " + count() + " rows, the data file has " + fileRows);
      }
      Optional<String> file = file();
      byte[] bytes = file.isPresent() ? stored(file.get(), checkpoint) : descriptor.inlineData();
      long[] rows = RoaringRows.read(bytes, Math.toIntExact(count()));
      if (rows.length > 0 && rows[rows.length - 1] >= fileRows) {
        throw new IllegalArgumentException(
            "it holds row " + rows[rows.length - 1] + ", the data file has " + fileRows + " rows");
      }
      return DeletedRows.at(rows);
    } catch (HdlException e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw unreadable(FailureText.of(e), e);
    }
  }

  /**
   * Its part of a file: length, bytes, checksum (Delta protocol, "Deletion Vector File Format").
   */
  private byte[] stored(String file, Runnable checkpoint) throws IOException {
    int size = descriptor.getSizeInBytes();
    int offset = descriptor.getOffset().orElse(0);
    try (TableFiles.Held held = table.hold(file, TableFiles.UNKNOWN_SIZE, checkpoint);
        FileChannel channel = FileChannel.open(held.path(), StandardOpenOption.READ)) {
      if (size < 0 || offset < 0 || (long) offset + size + AROUND > channel.size()) {
        throw new EOFException(
            file + " has " + channel.size() + " bytes, the log asks for " + size + " at " + offset);
      }
      ByteBuffer part = ByteBuffer.allocate(size + AROUND);
      while (part.hasRemaining()) {
        if (channel.read(part, (long) offset + part.position()) < 0) {
          throw new EOFException(file + " has become shorter");
        }
      }
      part.flip();
      if (part.getInt() != size) {
        throw new IOException(file + " has something else at " + offset);
      }
      byte[] bytes = new byte[size];
      part.get(bytes);
      CRC32 checksum = new CRC32();
      checksum.update(bytes);
      if ((int) checksum.getValue() != part.getInt()) {
        throw new IOException("its checksum in " + file + " does not match");
      }
      return bytes;
    }
  }

  private HdlException unreadable(String why, Exception e) {
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot read the deletion vector "
            + this
            + " of "
            + table.address()
            + ": "
            + why
            + ". Restore the table or read an earlier version.",
        e);
  }

  @Override
  public String toString() {
    return descriptor.getUniqueId();
  }
}
