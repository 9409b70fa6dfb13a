package io.hdl.core.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;

/**
 * The one way in which hdl writes files and folders that must appear whole or not at all.
 *
 * <p>The content is written under a temporary name in the target's own folder, its CRC-32C taken on
 * the way, its length checked, forced to the disk, and renamed over the target; then the folder is
 * forced to the disk too. A reader sees the old content or the new one; so does whoever comes after
 * a crash. When anything fails the temporary file is removed and the target is as it was. Parent
 * folders are created.
 *
 * <pre>{@code
 * AtomicPublish.text(run.resolve("run.json"), json);
 * AtomicPublish.folder(run.resolve("model"), folder -> model.save(folder));
 * }</pre>
 *
 * <p>Failures carry {@link ErrorCode#NO_SPACE}, {@link ErrorCode#NOT_FOUND} or {@link
 * ErrorCode#IO_FAILURE} and name the path. Thread-safe: of two threads that publish under one path,
 * the later rename stays.
 */
public final class AtomicPublish {
  /**
   * What was published.
   *
   * @param path where it lies
   * @param bytes its length
   * @param crc32c the CRC-32C (Castagnoli) of its content, an unsigned 32-bit number
   */
  public record Published(Path path, long bytes, long crc32c) {}

  /** Writes the content of a file. */
  @FunctionalInterface
  public interface Content {
    /** Writes everything to the stream; need not buffer, must not close it. */
    void writeTo(OutputStream out) throws IOException;
  }

  /** Writes the content of a file by position, or through a map of it. */
  @FunctionalInterface
  public interface ChannelContent {
    /** Writes everything to a channel that is open for reading too; must not close it. */
    void writeTo(FileChannel channel) throws IOException;
  }

  /** Writes the content of a folder. */
  @FunctionalInterface
  public interface FolderContent {
    /** Writes files and subfolders into an existing, empty folder. */
    void writeTo(Path folder) throws IOException;
  }

  private static final int BUFFER = 1 << 16;

  private AtomicPublish() {}

  /** Publishes bytes as a file, replacing what was there. */
  public static Published bytes(Path target, byte[] content) {
    return file(target, out -> out.write(content));
  }

  /** Publishes text as a UTF-8 file, replacing what was there. */
  public static Published text(Path target, String content) {
    return bytes(target, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Publishes what a writer writes as a file, replacing what was there. */
  public static Published file(Path target, Content content) {
    Path absolute = target.toAbsolutePath().normalize();
    Path temporary = TemporaryName.beside(absolute);
    CRC32C crc = new CRC32C();
    long bytes;
    try {
      Files.createDirectories(parentOf(absolute));
      bytes = write(temporary, content, crc);
      Files.move(
          temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw discard(temporary, FileFailure.of("write", absolute, e));
    } catch (RuntimeException e) {
      throw discard(temporary, e);
    }
    forceParent(absolute);
    return new Published(absolute, bytes, crc.getValue());
  }

  /**
   * Publishes what a writer writes by position as a file, replacing what was there: for files that
   * are mapped while they are written. No checksum is taken; such files bring their own.
   */
  public static Path channel(Path target, ChannelContent content) {
    Path absolute = target.toAbsolutePath().normalize();
    Path temporary = TemporaryName.beside(absolute);
    try {
      Files.createDirectories(parentOf(absolute));
      try (FileChannel channel =
          FileChannel.open(
              temporary,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE)) {
        content.writeTo(channel);
        channel.force(true);
      }
      Files.move(
          temporary, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw discard(temporary, FileFailure.of("write", absolute, e));
    } catch (RuntimeException e) {
      throw discard(temporary, e);
    }
    forceParent(absolute);
    return absolute;
  }

  /**
   * Publishes a file that lies finished beside its target, replacing what was there. When that
   * fails it is left where it is.
   *
   * @param written the file, in the target's own folder
   * @param bytes how long it has to be
   */
  public static void finished(Path written, long bytes, Path target) {
    Path absolute = target.toAbsolutePath().normalize();
    try {
      try (FileChannel channel = FileChannel.open(written, StandardOpenOption.WRITE)) {
        if (channel.size() != bytes) {
          throw new IOException("it has " + channel.size() + " bytes, not " + bytes);
        }
        channel.force(true);
      }
      Files.move(
          written, absolute, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw FileFailure.of("write", absolute, e);
    }
    forceParent(absolute);
  }

  /**
   * Publishes a folder. Where one lies already it is renamed away first and removed afterwards;
   * between the two renames, a moment, there is none. A crash in that moment leaves the old folder
   * beside the target under a name that begins with {@code .hdl-} and ends with {@code .old}.
   */
  public static void folder(Path target, FolderContent content) {
    Path absolute = target.toAbsolutePath().normalize();
    Path temporary = TemporaryName.beside(absolute);
    Path old = TemporaryName.old(temporary);
    try {
      Files.createDirectories(parentOf(absolute));
      Files.createDirectory(temporary);
      content.writeTo(temporary);
      FolderTree.force(temporary);
      boolean replaces = Files.isDirectory(absolute);
      if (replaces) {
        Files.move(absolute, old, StandardCopyOption.ATOMIC_MOVE);
      }
      try {
        Files.move(temporary, absolute, StandardCopyOption.ATOMIC_MOVE);
      } catch (IOException e) {
        if (replaces) {
          Files.move(old, absolute, StandardCopyOption.ATOMIC_MOVE);
        }
        throw e;
      }
    } catch (IOException e) {
      throw discard(temporary, FileFailure.of("write", absolute, e));
    } catch (RuntimeException e) {
      throw discard(temporary, e);
    }
    forceParent(absolute);
    try {
      FolderTree.delete(old);
    } catch (IOException e) {
      throw FileFailure.of("remove the replaced folder", old, e);
    }
  }

  private static long write(Path temporary, Content content, CRC32C crc) throws IOException {
    try (FileChannel channel =
        FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      Counting counting = new Counting(channel, crc);
      BufferedOutputStream out = new BufferedOutputStream(counting, BUFFER);
      content.writeTo(out);
      out.flush();
      channel.force(true);
      if (channel.size() != counting.bytes) {
        throw new IOException(
            "wrote " + counting.bytes + " bytes, but the file has " + channel.size());
      }
      return counting.bytes;
    }
  }

  private static Path parentOf(Path absolute) throws IOException {
    Path parent = absolute.getParent();
    if (parent == null) {
      throw new IOException("the root of a file system is no file");
    }
    return parent;
  }

  private static void forceParent(Path absolute) {
    try {
      FolderTree.forceFolder(parentOf(absolute));
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.UNKNOWN_OUTCOME,
          "Published "
              + absolute
              + ", but its folder could not be forced to the disk ("
              + e.getMessage()
              + "): a power failure now may undo it. Check the disk and publish again.",
          e);
    }
  }

  private static RuntimeException discard(Path temporary, RuntimeException failure) {
    try {
      FolderTree.delete(temporary);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
    return failure;
  }

  /** Counts and sums what goes through; closing it leaves the channel open. */
  private static final class Counting extends OutputStream {
    private final FileChannel channel;
    private final CRC32C crc;
    private long bytes;

    Counting(FileChannel channel, CRC32C crc) {
      this.channel = channel;
      this.crc = crc;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] b, int off, int len) throws IOException {
      ByteBuffer buffer = ByteBuffer.wrap(b, off, len);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      crc.update(b, off, len);
      bytes += len;
    }
  }
}
