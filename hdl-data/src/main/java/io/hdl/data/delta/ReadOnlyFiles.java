package io.hdl.data.delta;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FSInputStream;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/** Files as delta-standalone wants them, for reading alone. */
abstract class ReadOnlyFiles extends FileSystem {
  /** A file of this machine, checked, as a stream. */
  static FSDataInputStream stream(java.nio.file.Path file) throws IOException {
    CheckedFiles.check(file);
    return new FSDataInputStream(
        new ChannelStream(FileChannel.open(file, StandardOpenOption.READ)));
  }

  static FileNotFoundException notFound(Path path, Exception cause) {
    FileNotFoundException e = new FileNotFoundException(path.toString());
    e.initCause(cause);
    return e;
  }

  @Override
  public Path getWorkingDirectory() {
    return new Path(getUri());
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
