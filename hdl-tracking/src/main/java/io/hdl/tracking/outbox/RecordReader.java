package io.hdl.tracking.outbox;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the payload of a record in the order in which {@link RecordBuffer} wrote it. */
final class RecordReader {
  private final ByteBuffer bytes;

  /** A record that starts at an index of a buffer. */
  RecordReader(ByteBuffer buffer, int start) {
    bytes = buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    bytes.limit(start + Frames.size(buffer, start));
    bytes.position(start + Frames.HEADER);
  }

  int run() {
    return bytes.getInt();
  }

  long number() {
    return bytes.getLong();
  }

  /** All numbers that are left. */
  long[] numbers() {
    long[] numbers = new long[bytes.remaining() / Long.BYTES];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = bytes.getLong();
    }
    return numbers;
  }

  double real() {
    return Double.longBitsToDouble(bytes.getLong());
  }

  String text() {
    int length = bytes.getInt();
    if (length < 0 || length > bytes.remaining()) {
      throw new BufferUnderflowException();
    }
    String text =
        new String(
            bytes.array(), bytes.arrayOffset() + bytes.position(), length, StandardCharsets.UTF_8);
    bytes.position(bytes.position() + length);
    return text;
  }

  List<String> texts() {
    List<String> texts = new ArrayList<>();
    for (long left = number(); left > 0; left--) {
      texts.add(text());
    }
    return texts;
  }

  Map<String, String> pairs() {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (long left = number(); left > 0; left--) {
      String key = text();
      pairs.put(key, text());
    }
    return pairs;
  }

  Optional<String> optional() {
    return texts().stream().findFirst();
  }
}
