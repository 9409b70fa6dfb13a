package io.hdl.data.parquet;

import java.nio.ByteBuffer;

/**
 * Decompresses one LZ4 block (LZ4 Block Format Description, github.com/lz4/lz4). In plain Java: the
 * library that parquet-java brings for it needs {@code sun.misc.Unsafe}.
 *
 * <p>Copies go in words, so both buffers must be readable and the output writable {@link
 * Memory#SLACK} bytes beyond what they hold.
 */
final class Lz4 {
  private static final int MIN_MATCH = 4;
  private static final int NIBBLE = 15;
  private static final int SHORT = 64;

  private Lz4() {}

  /**
   * Decompresses to the start of the output.
   *
   * @param size number of bytes that the block holds
   */
  static void decompress(ByteBuffer input, int from, int to, ByteBuffer output, int size) {
    int in = from;
    int out = 0;
    while (in < to) {
      int token = input.get(in++) & 0xFF;
      int literals = token >>> 4;
      if (literals == NIBBLE) {
        int more;
        do {
          if (in >= to) {
            throw tooShort();
          }
          more = input.get(in++) & 0xFF;
          literals += more;
        } while (more == 255 && literals >= 0);
      }
      if (literals < 0 || literals > to - in || literals > size - out) {
        throw tooShort();
      }
      copy(input, in, output, out, literals);
      in += literals;
      out += literals;
      if (in == to) {
        break;
      }
      if (to - in < 2) {
        throw tooShort();
      }
      int distance = (input.get(in) & 0xFF) | (input.get(in + 1) & 0xFF) << 8;
      in += 2;
      int match = token & NIBBLE;
      if (match == NIBBLE) {
        int more;
        do {
          if (in >= to) {
            throw tooShort();
          }
          more = input.get(in++) & 0xFF;
          match += more;
        } while (more == 255 && match >= 0);
      }
      match += MIN_MATCH;
      if (distance == 0 || distance > out) {
        throw new CorruptPage("an LZ4 block refers to " + distance + " bytes before byte " + out);
      }
      if (match < 0 || match > size - out) {
        throw tooShort();
      }
      repeat(output, out, distance, match);
      out += match;
    }
    if (out != size) {
      throw new CorruptPage("an LZ4 block holds " + out + " bytes instead of " + size);
    }
  }

  private static CorruptPage tooShort() {
    return new CorruptPage("an LZ4 block ends too early or is too long");
  }

  private static void copy(ByteBuffer input, int in, ByteBuffer output, int out, int count) {
    if (count > SHORT) {
      output.put(out, input, in, count);
    } else {
      for (int i = 0; i < count; i += Long.BYTES) {
        output.putLong(out + i, input.getLong(in + i));
      }
    }
  }

  /** Copies what was written before; in words, unless it overlaps what a word writes. */
  private static void repeat(ByteBuffer output, int out, int distance, int count) {
    if (distance >= Long.BYTES) {
      for (int i = 0; i < count; i += Long.BYTES) {
        output.putLong(out + i, output.getLong(out + i - distance));
      }
    } else {
      for (int i = 0; i < count; i++) {
        output.put(out + i, output.get(out + i - distance));
      }
    }
  }
}
