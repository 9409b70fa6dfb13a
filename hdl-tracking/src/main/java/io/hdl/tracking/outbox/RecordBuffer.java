package io.hdl.tracking.outbox;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Records on their way to a file. Not thread-safe. */
final class RecordBuffer {
  private ByteBuffer bytes;
  private int start;

  RecordBuffer(int size) {
    bytes = Frames.buffer(size);
  }

  /** Starts a record of a run. */
  RecordBuffer begin(int run) {
    start = bytes.position();
    room(Frames.HEADER + Integer.BYTES);
    bytes.position(start + Frames.HEADER);
    bytes.putInt(run);
    return this;
  }

  /** Ends the record that was started. */
  void end(byte kind) {
    Frames.close(bytes, start, kind);
  }

  RecordBuffer number(long number) {
    room(Long.BYTES);
    bytes.putLong(number);
    return this;
  }

  RecordBuffer real(double number) {
    return number(Double.doubleToRawLongBits(number));
  }

  RecordBuffer text(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    room(Integer.BYTES + utf8.length);
    bytes.putInt(utf8.length);
    bytes.put(utf8);
    return this;
  }

  RecordBuffer texts(Collection<String> texts) {
    number(texts.size());
    texts.forEach(this::text);
    return this;
  }

  RecordBuffer texts(Map<String, String> texts) {
    number(texts.size());
    texts.forEach((key, value) -> text(key).text(value));
    return this;
  }

  RecordBuffer text(Optional<String> text) {
    return texts(text.stream().toList());
  }

  private void room(int size) {
    if (bytes.remaining() < size) {
      ByteBuffer larger =
          ByteBuffer.allocate(Math.max(2 * bytes.capacity(), bytes.position() + size))
              .order(ByteOrder.LITTLE_ENDIAN);
      bytes.flip();
      larger.put(bytes);
      bytes = larger;
    }
  }

  /** How many bytes the ended records take. */
  int size() {
    return bytes.position();
  }

  /** Where the record that was started last begins. */
  int lastStart() {
    return start;
  }

  /** The ended records, to be read once. */
  ByteBuffer toWrite() {
    return bytes.duplicate().flip();
  }

  /** Forgets the records. */
  void clear() {
    bytes.clear();
    start = 0;
  }
}
