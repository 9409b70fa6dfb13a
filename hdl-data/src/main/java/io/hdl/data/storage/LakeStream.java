package io.hdl.data.storage;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FileStatus;
import org.jspecify.annotations.Nullable;

/**
 * A range of an object that is opened again where it broke off. Failures that stay are {@link
 * io.hdl.core.error.HdlException}s. Not thread-safe.
 */
final class LakeStream extends InputStream {
  /** Where the bytes come from. */
  interface Source {
    /** The object as it is now. */
    FileStatus current();

    /** Opens one version of it from a position on. */
    FSDataInputStream open(FileStatus version, long position) throws IOException;

    /** Repeats what may pass by itself. */
    int repeat(HadoopFiles.Call<Integer> read);
  }

  /** How often a reader that has seen nothing yet takes a newer version. */
  private static final int NEWER = 20;

  private final Source source;
  private final long from;
  private final long length;
  private FileStatus version;
  private long position;
  private @Nullable FSDataInputStream in;

  LakeStream(long from, long length, Source source) {
    this.source = source;
    this.from = from;
    this.length = length;
    position = from;
    version = source.current();
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] b, int off, int len) {
    Objects.checkFromIndexSize(off, len, b.length);
    for (int newer = 0; ; newer++) {
      if (len == 0) {
        return 0;
      }
      if (position >= end()) {
        return -1;
      }
      int wanted = (int) Math.min(len, end() - position);
      try {
        int read = source.repeat(() -> readOnce(b, off, wanted));
        position += read;
        return read;
      } catch (ObjectChangedException e) {
        if (position > from || newer == NEWER) {
          throw e;
        }
        // Nothing of the replaced one was handed out: its successor will do.
        version = source.current();
      }
    }
  }

  private long end() {
    return length > version.getLen() - from ? version.getLen() : from + length;
  }

  private int readOnce(byte[] b, int off, int wanted) throws IOException {
    try {
      if (in == null) {
        in = source.open(version, position);
      }
      int read = in.read(b, off, wanted);
      if (read < 0) {
        throw new IOException("it ended at byte " + position + " of " + version.getLen());
      }
      return read;
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  @Override
  public int available() throws IOException {
    return in == null ? 0 : (int) Math.min(in.available(), end() - position);
  }

  @Override
  public void close() throws IOException {
    FSDataInputStream open = in;
    in = null;
    if (open != null) {
      open.close();
    }
  }
}
