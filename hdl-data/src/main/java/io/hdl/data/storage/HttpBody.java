package io.hdl.data.storage;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The body of an answer, however its end is marked (RFC 9112, section 6.3). */
final class HttpBody {
  private static final int MESSAGE_BYTES = 2048;

  private final HttpConnection connection;
  private final boolean chunked;
  private final boolean untilClose;

  /** Bytes to the end of the body, or of the chunk. */
  private long left;

  private boolean ended;
  private boolean begun;

  HttpBody(HttpConnection connection, HttpHead head) throws IOException {
    this.connection = connection;
    chunked = head.chunked();
    if (!chunked && head.header("transfer-encoding").isPresent()) {
      throw new ProtocolException(
          "Transfer-Encoding: " + head.header("transfer-encoding").orElse(""));
    }
    untilClose = !chunked && head.contentLength().isEmpty();
    left = chunked ? 0 : head.contentLength().orElse(Long.MAX_VALUE);
    ended = left == 0 && !chunked;
  }

  /**
   * Reads at least one and at most so many bytes; -1 at the end.
   *
   * @throws EOFException if the connection ends before the body does
   */
  int read(ByteBuffer into, long most) throws IOException {
    if (chunked && left == 0 && !ended) {
      nextChunk();
    }
    if (ended) {
      return -1;
    }
    int count = connection.read(into, Math.min(left, most));
    if (count < 0) {
      if (!untilClose) {
        throw new EOFException("the server closed the connection");
      }
      ended = true;
      return -1;
    }
    if (!untilClose) {
      left -= count;
      ended = left == 0 && !chunked;
    }
    return count;
  }

  /** How the body begins, for messages. */
  String beginning() {
    ByteBuffer text = ByteBuffer.allocate(MESSAGE_BYTES);
    try {
      while (text.hasRemaining() && read(text, text.remaining()) >= 0) {
        // Until it is full or all is read.
      }
    } catch (IOException rest) {
      // What has arrived will do.
    }
    return StandardCharsets.UTF_8.decode(text.flip()).toString();
  }

  /** Whether the connection may take another request now. */
  boolean leavesConnectionClean() {
    return ended && !untilClose;
  }

  private void nextChunk() throws IOException {
    if (begun && !connection.line().isEmpty()) {
      throw new ProtocolException("a chunk that is longer than it says");
    }
    begun = true;
    String size = connection.line().split(";", 2)[0].strip();
    if (!size.matches("[0-9A-Fa-f]{1,15}")) {
      throw new ProtocolException("the size of a chunk is \"" + size + "\"");
    }
    left = Long.parseLong(size, 16);
    if (left == 0) {
      for (String trailer = connection.line(); !trailer.isEmpty(); trailer = connection.line()) {
        // Trailers say nothing here.
      }
      ended = true;
    }
  }
}
