package io.hdl.data.parquet;

import java.io.IOException;

/**
 * Decompresses one LZ4 block (LZ4 Block Format Description, github.com/lz4/lz4). In plain Java: the
 * library that parquet-java brings for it needs {@code sun.misc.Unsafe}.
 */
final class Lz4 {
  private static final int MIN_MATCH = 4;
  private static final int NIBBLE = 15;

  private Lz4() {}

  /** Fills the output and returns its length. */
  static int decompress(byte[] input, byte[] output) throws IOException {
    int in = 0;
    int out = 0;
    try {
      while (true) {
        int token = input[in++] & 0xFF;
        int literals = token >>> 4;
        if (literals == NIBBLE) {
          int more;
          do {
            more = input[in++] & 0xFF;
            literals += more;
          } while (more == 255);
        }
        System.arraycopy(input, in, output, out, literals);
        in += literals;
        out += literals;
        if (in == input.length) {
          return out;
        }
        int distance = (input[in] & 0xFF) | (input[in + 1] & 0xFF) << 8;
        in += 2;
        int match = token & NIBBLE;
        if (match == NIBBLE) {
          int more;
          do {
            more = input[in++] & 0xFF;
            match += more;
          } while (more == 255);
        }
        match += MIN_MATCH;
        if (distance == 0 || distance > out) {
          throw new IOException("LZ4 block refers to " + distance + " bytes before " + out);
        }
        // Byte by byte where the match overlaps what it writes.
        if (distance >= match) {
          System.arraycopy(output, out - distance, output, out, match);
          out += match;
        } else {
          for (int i = 0; i < match; i++, out++) {
            output[out] = output[out - distance];
          }
        }
      }
    } catch (IndexOutOfBoundsException e) {
      throw new IOException("LZ4 block ends too early or is too long", e);
    }
  }
}
