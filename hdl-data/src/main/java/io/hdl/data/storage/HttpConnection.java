package io.hdl.data.storage;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** One connection to a server, for one request after the other. Any thread may close it. */
final class HttpConnection implements Closeable {
  /** Room for a whole TLS record beside the part of a head. */
  private static final int AHEAD = 1 << 16;

  private final Wire wire;

  /** What arrived with a head and belongs to what follows; ready to be read from. */
  private final ByteBuffer ahead = ByteBuffer.allocate(AHEAD).limit(0);

  private boolean answered;
  private long idleSince;

  HttpConnection(Wire wire) {
    this.wire = wire;
  }

  /** Whether an earlier request was answered: then the server may have closed it since. */
  boolean answered() {
    return answered;
  }

  void idleSince(long nanoTime) {
    idleSince = nanoTime;
  }

  long idleSince() {
    return idleSince;
  }

  boolean quiet() {
    return !ahead.hasRemaining() && wire.quiet();
  }

  void send(String head) throws IOException {
    wire.write(ByteBuffer.wrap(head.getBytes(StandardCharsets.ISO_8859_1)));
  }

  /**
   * The head of the answer, interim ones (1xx) left out.
   *
   * @throws EOFException if the server closed before it answered
   */
  HttpHead head() throws IOException {
    while (true) {
      HttpHead head = HttpHead.parse(headBytes());
      if (head.status() >= 200) {
        answered = true;
        return head;
      }
    }
  }

  /** Reads at least one and at most so many bytes of what follows; -1 if the server closed. */
  int read(ByteBuffer into, long most) throws IOException {
    int count = (int) Math.min(into.remaining(), most);
    if (ahead.hasRemaining()) {
      count = Math.min(count, ahead.remaining());
      into.put(ahead.slice().limit(count));
      ahead.position(ahead.position() + count);
      return count;
    }
    int limit = into.limit();
    into.limit(into.position() + count);
    try {
      return wire.read(into);
    } finally {
      into.limit(limit);
    }
  }

  /** A line of a chunked body. */
  String line() throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      if (!ahead.hasRemaining()) {
        receive();
      }
      int b = ahead.get();
      if (b == '\n') {
        return line.toString().strip();
      }
      line.append((char) b);
      if (line.length() > 8192) {
        throw new ProtocolException("a line of more than 8192 bytes in a chunked body");
      }
    }
  }

  private byte[] headBytes() throws IOException {
    int from = 0;
    while (true) {
      int end = endOfHead(from);
      if (end >= 0) {
        byte[] bytes = new byte[end - ahead.position()];
        ahead.get(bytes);
        return bytes;
      }
      from = Math.max(0, ahead.remaining() - 3);
      receive();
    }
  }

  /** Where the empty line ends, or -1. */
  private int endOfHead(int from) {
    for (int i = ahead.position() + from; i < ahead.limit(); i++) {
      if (ahead.get(i) == '\n'
          && i > ahead.position()
          && (ahead.get(i - 1) == '\n'
              || (ahead.get(i - 1) == '\r'
                  && i - 1 > ahead.position()
                  && ahead.get(i - 2) == '\n'))) {
        return i + 1;
      }
    }
    return -1;
  }

  private void receive() throws IOException {
    ahead.compact();
    try {
      if (!ahead.hasRemaining()) {
        throw new ProtocolException("a head of more than " + AHEAD + " bytes");
      }
      if (wire.read(ahead) < 0) {
        throw new EOFException("the server closed the connection");
      }
    } finally {
      ahead.flip();
    }
  }

  @Override
  public void close() {
    wire.close();
  }
}
