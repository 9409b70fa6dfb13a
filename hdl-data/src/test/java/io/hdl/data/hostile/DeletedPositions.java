package io.hdl.data.hostile;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;

/**
 * Writes deletion vectors (Delta protocol, "Deletion Vector Format") with positions below 65,536:
 * one container of the portable format of Roaring bitmaps.
 */
final class DeletedPositions {
  private static final int MAGIC = 1681511377;
  private static final int NO_RUNS = 12346;
  private static final String ALPHABET =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

  private DeletedPositions() {}

  /** The bitmap, as it stands within a file or, encoded, within the log. */
  static byte[] bitmap(int... positions) {
    ByteBuffer bytes =
        ByteBuffer.allocate(4 + 8 + 4 + 4 + 4 + 4 + 4 + 2 * positions.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(MAGIC).putLong(1).putInt(0);
    bytes.putInt(NO_RUNS).putInt(1).putShort((short) 0).putShort((short) (positions.length - 1));
    bytes.putInt(16);
    for (int position : positions) {
      bytes.putShort((short) position);
    }
    return bytes.array();
  }

  /** A file that holds one bitmap: it begins at offset 1. */
  static byte[] file(byte[] bitmap) {
    CRC32 crc = new CRC32();
    crc.update(bitmap);
    return ByteBuffer.allocate(1 + 4 + bitmap.length + 4)
        .put((byte) 1)
        .putInt(bitmap.length)
        .put(bitmap)
        .putInt((int) crc.getValue())
        .array();
  }

  /** Base85 as ZeroMQ has it; the length is filled up to a multiple of four. */
  static String base85(byte[] bytes) {
    ByteBuffer words = ByteBuffer.allocate((bytes.length + 3) / 4 * 4).put(bytes).rewind();
    StringBuilder text = new StringBuilder();
    while (words.hasRemaining()) {
      long word = words.getInt() & 0xFFFFFFFFL;
      char[] digits = new char[5];
      for (int i = 4; i >= 0; i--) {
        digits[i] = ALPHABET.charAt((int) (word % 85));
        word /= 85;
      }
      text.append(digits);
    }
    return text.toString();
  }
}
