package io.hdl.data.delta;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Local files as delta-standalone wants them, for reading alone. Hadoop's own local file system
 * logs a user in, looks for native code and writes checksum files; this one does none of that.
 * Hadoop makes it by its class.
 */
final class LocalHadoopFiles extends FileSystem {
  private static final URI ROOT = URI.create("file:///");

  @Override
  public String getScheme() {
    return "file";
  }

  @Override
  public URI getUri() {
    return ROOT;
  }

  private static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }

  @Override
  public FSDataInputStream open(Path path, int bufferSize) throws IOException {
    try {
      CheckedFiles.check(local(path));
      return new FSDataInputStream(
          new ChannelStream(FileChannel.open(local(path), StandardOpenOption.READ)));
    } catch (NoSuchFileException e) {
      throw notFound(path, e);
    }
  }

  private static FileNotFoundException notFound(Path path, IOException cause) {
    FileNotFoundException e = new FileNotFoundException(path.toString());
    e.initCause(cause);
    return e;
  }

  @Override
  public FileStatus[] listStatus(Path path) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    try (Stream<java.nio.file.Path> files = Files.list(local(path))) {
      for (java.nio.file.Path file : files.sorted().toList()) {
        found.add(getFileStatus(new Path(path, String.valueOf(file.getFileName()))));
      }
    } catch (NoSuchFileException e) {
      throw notFound(path, e);
    }
    return found.toArray(new FileStatus[0]);
  }

  @Override
  public FileStatus getFileStatus(Path path) throws IOException {
    java.nio.file.Path file = local(path);
    try {
      return new FileStatus(
          Files.size(file),
          Files.isDirectory(file),
          1,
          1,
          Files.getLastModifiedTime(file).toMillis(),
          makeQualified(path));
    } catch (NoSuchFileException e) {
      throw notFound(path, e);
    }
  }

  @Override
  public Path getWorkingDirectory() {
    return new Path(ROOT);
  }

  @Override
  public void setWorkingDirectory(Path path) {
    throw readOnly();
  }

  @Override
  public FSDataOutputStream create(
      Path path,
      FsPermission permission,
      boolean overwrite,
      int bufferSize,
      short replication,
      long blockSize,
      Progressable progress) {
    throw readOnly();
  }

  @Override
  public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) {
    throw readOnly();
  }

  @Override
  public boolean rename(Path from, Path to) {
    throw readOnly();
  }

  @Override
  public boolean delete(Path path, boolean recursive) {
    throw readOnly();
  }

  @Override
  public boolean mkdirs(Path path, FsPermission permission) {
    throw readOnly();
  }

  private static UnsupportedOperationException readOnly() {
    return new UnsupportedOperationException(
        "Tables are read through this file system, not written");
  }

  private static final class ChannelStream extends FSInputStream {
    private final FileChannel channel;

    ChannelStream(FileChannel channel) {
      this.channel = channel;
    }

    @Override
    public void seek(long position) throws IOException {
      if (position < 0 || position > channel.size()) {
        throw new EOFException("Cannot seek to " + position);
      }
      channel.position(position);
    }

    @Override
    public long getPos() throws IOException {
      return channel.position();
    }

    @Override
    public boolean seekToNewSource(long position) {
      return false;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return length == 0 ? 0 : channel.read(ByteBuffer.wrap(bytes, offset, length));
    }

    @Override
    public int read(long position, byte[] bytes, int offset, int length) throws IOException {
      return length == 0 ? 0 : channel.read(ByteBuffer.wrap(bytes, offset, length), position);
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }
}
