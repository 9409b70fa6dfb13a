package io.hdl.data.storage;

import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** A range's body as a stream. */
final class RangeStream extends InputStream {
  private final RangeResponse response;

  RangeStream(RangeResponse response) {
    this.response = response;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] b, int off, int len) {
    Objects.checkFromIndexSize(off, len, b.length);
    return len == 0 ? 0 : response.read(ByteBuffer.wrap(b, off, len));
  }

  @Override
  public void close() {
    response.close();
  }
}
