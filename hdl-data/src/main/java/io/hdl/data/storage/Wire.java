package io.hdl.data.storage;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Bytes to a server and back. For one thread; any thread may close it, which ends what waits. An
 * interrupt ends it, too: with an {@link java.io.InterruptedIOException}, the flag left set.
 */
interface Wire extends Closeable {
  /**
   * Reads what has arrived, waiting for at least one byte.
   *
   * @param into must have room
   * @return how many bytes; -1 if the server closed
   * @throws java.net.SocketTimeoutException if nothing arrives for the idle time
   */
  int read(ByteBuffer into) throws IOException;

  /** Writes everything. */
  void write(ByteBuffer from) throws IOException;

  /** Whether the server is still there and has sent nothing unasked, as far as can be told. */
  boolean quiet();

  @Override
  void close();
}
