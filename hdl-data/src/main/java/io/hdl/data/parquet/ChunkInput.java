package io.hdl.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * The bytes of one column chunk, read through a window that moves forward: position reads, never a
 * map, since a file that shrinks under a map ends the JVM. Belongs to one thread, which closes it.
 */
final class ChunkInput implements AutoCloseable {
  private static final int WINDOW = 1 << 18;

  private final FileChannel channel;
  private final long end;
  private ByteBuffer window;
  private long base;
  private int filled;
  private boolean closed;

  /** The bytes up to a position of the file. */
  ChunkInput(FileChannel channel, long end) {
    this.channel = channel;
    this.end = end;
    this.window = Memory.take(WINDOW);
  }

  /** The window; what lies where in it changes with each {@link #load}. */
  ByteBuffer window() {
    return window;
  }

  long end() {
    return end;
  }

  /** How many bytes from an index of the window on are there. */
  int available(int index) {
    return filled - index;
  }

  /**
   * Brings bytes of the file into the window.
   *
   * @param offset position in the file
   * @param length how many at least
   * @param ahead how many it should try to read at a time
   * @return index in the window of the first one
   * @throws CorruptPage if the chunk or the file ends before
   */
  int load(long offset, int length, int ahead) throws IOException {
    if (offset >= base && offset + length <= base + filled) {
      return (int) (offset - base);
    }
    if (length > end - offset) {
      throw new CorruptPage(
          length + " bytes at " + offset + " reach beyond the column chunk's end at " + end);
    }
    int kept = offset >= base && offset < base + filled ? (int) (base + filled - offset) : 0;
    int room = Math.max(length, WINDOW);
    if (window.capacity() - Memory.SLACK < room) {
      ByteBuffer larger = Memory.take(room);
      if (kept > 0) {
        larger.put(0, window, (int) (offset - base), kept);
      }
      Memory.give(window);
      window = larger;
    } else if (kept > 0) {
      window.put(0, window, (int) (offset - base), kept);
    }
    base = offset;
    filled = kept;
    long most = Math.min(Math.max(length, Math.min(ahead, WINDOW)), end - offset);
    while (filled < length) {
      window.limit((int) most).position(filled);
      int read = channel.read(window, base + filled);
      window.clear();
      if (read < 0) {
        throw new CorruptPage(
            "the file ends at byte "
                + (base + filled)
                + ", within the column chunk that should reach to "
                + end);
      }
      filled += read;
    }
    return 0;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      Memory.give(window);
    }
  }
}
