package io.hdl.data.storage;

import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/** An answer 206. */
final class HttpRangeResponse implements RangeResponse {
  private final URI object;
  private final ContentRange range;
  private final Optional<String> etag;
  private final HttpBody body;
  private final HttpConnection connection;
  private final Consumer<HttpConnection> done;
  private final AtomicBoolean released = new AtomicBoolean();
  private long left;

  HttpRangeResponse(
      URI object,
      ContentRange range,
      Optional<String> etag,
      HttpBody body,
      HttpConnection connection,
      Consumer<HttpConnection> done) {
    this.object = object;
    this.range = range;
    this.etag = etag;
    this.body = body;
    this.connection = connection;
    this.done = done;
    left = range.length();
  }

  @Override
  public long from() {
    return range.from();
  }

  @Override
  public long length() {
    return range.length();
  }

  @Override
  public long objectSize() {
    return range.objectSize();
  }

  @Override
  public Optional<String> etag() {
    return etag;
  }

  @Override
  public int read(ByteBuffer into) {
    try {
      if (left == 0) {
        end();
        return -1;
      }
      int count = body.read(into, left);
      if (count < 0) {
        throw new EOFException("the body ends");
      }
      left -= count;
      if (left == 0 && body.leavesConnectionClean()) {
        release(true);
      }
      return count;
    } catch (IOException e) {
      release(false);
      throw RangeFailure.brokeOff(object, range, range.length() - left, e);
    }
  }

  /** A body whose length only its end tells must end here. */
  private void end() throws IOException {
    if (!released.get()) {
      if (body.read(ByteBuffer.allocate(1), 1) >= 0) {
        throw new ProtocolException("the body has more than the " + range.length() + " bytes");
      }
      release(body.leavesConnectionClean());
    }
  }

  private void release(boolean clean) {
    if (released.compareAndSet(false, true)) {
      if (clean) {
        done.accept(connection);
      } else {
        connection.close();
      }
    }
  }

  @Override
  public void close() {
    release(false);
  }
}
