package io.hdl.data.parquet;

import java.util.Arrays;

/** Conversion to byte strings of their own. */
final class ToBytes {
  /** Bytes that a batch can hold. */
  private static final long MAX_BYTES = 1L << 30;

  private ToBytes() {}

  static Converter<byte[][]> ofBytes() {
    ByteStrings strings = new ByteStrings();
    return (values, into, at, count) -> {
      int done = 0;
      while (done < count) {
        int some = values.bytes(strings, count - done);
        long bytes = 0;
        for (int i = 0; i < some; i++) {
          bytes += strings.lengths[i];
        }
        if (bytes > MAX_BYTES) {
          throw new CorruptPage(
              some + " rows hold " + bytes + " bytes, which is more than is read");
        }
        for (int i = 0; i < some; i++) {
          int offset = strings.offsets[i];
          into[at + done + i] =
              Arrays.copyOfRange(strings.bytes, offset, offset + strings.lengths[i]);
        }
        done += some;
      }
    };
  }
}
