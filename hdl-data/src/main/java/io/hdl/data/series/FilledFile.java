package io.hdl.data.series;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/** Writes one word over a range of a file, so that the disk holds it before it is mapped. */
final class FilledFile {
  private static final int BUFFER_BYTES = 1 << 18;

  private FilledFile() {}

  /**
   * Fills a range.
   *
   * @param bytes a multiple of four
   * @param word what every four bytes hold
   */
  static void extend(FileChannel channel, long from, long bytes, int word) throws IOException {
    ByteBuffer buffer =
        ByteBuffer.allocateDirect((int) Math.min(bytes, BUFFER_BYTES))
            .order(ByteOrder.nativeOrder());
    for (int i = 0; i < buffer.capacity(); i += Integer.BYTES) {
      buffer.putInt(i, word);
    }
    long at = from;
    while (at < from + bytes) {
      buffer.clear().limit((int) Math.min(buffer.capacity(), from + bytes - at));
      while (buffer.hasRemaining()) {
        at += channel.write(buffer, at);
      }
    }
  }
}
