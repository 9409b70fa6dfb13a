package io.hdl.data.storage;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/** A range of an object on its way. For one thread; any thread may {@link #close()} it. */
public interface RangeResponse extends AutoCloseable {
  /** The object's byte with which the body begins: the one that was asked for. */
  long from();

  /** How many bytes the body has: as many as were asked for, or fewer, never more. */
  long length();

  /** The length of the whole object. */
  long objectSize();

  /** The object's version mark; empty if the service gives none. */
  Optional<String> etag();

  /**
   * Reads what has arrived, waiting for at least one byte.
   *
   * @param into takes the bytes; must have room
   * @return how many bytes, or -1 after {@link #length()} bytes
   * @throws io.hdl.core.error.HdlException with {@code UNAVAILABLE} if the body ends early, stalls
   *     or breaks; with {@code CANCELLED} if the thread is interrupted
   */
  int read(ByteBuffer into);

  /** The body as a stream, which fails as {@link #read} does; closing it closes the answer. */
  default InputStream body() {
    return new RangeStream(this);
  }

  /** Ends it, read to its end or not; a read that waits in another thread fails. */
  @Override
  void close();
}
