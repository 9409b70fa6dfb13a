package io.hdl.data.hostile;

import java.util.Arrays;
import java.util.Random;

/** Damages bytes without knowing what they mean. */
final class ByteMutation {
  private ByteMutation() {}

  /** Flips one to four bits, sets one to four bytes, or overwrites a stretch; the length stays. */
  static byte[] inPlace(byte[] bytes, int from, int to, Random random) {
    byte[] damaged = bytes.clone();
    if (to <= from) {
      return damaged;
    }
    int kind = random.nextInt(4);
    int times = 1 + random.nextInt(4);
    for (int i = 0; i < (kind == 3 ? 1 : times); i++) {
      int at = from + random.nextInt(to - from);
      switch (kind) {
        case 0 -> damaged[at] ^= (byte) (1 << random.nextInt(8));
        case 1 -> damaged[at] = (byte) random.nextInt(256);
        case 2 -> damaged[at] = (byte) (random.nextBoolean() ? 0xFF : 0);
        default -> {
          int length = Math.min(to - at, 1 + random.nextInt(32));
          int source = from + random.nextInt(to - from);
          for (int k = 0; k < length; k++) {
            damaged[at + k] = bytes[Math.min(source + k, to - 1)];
          }
        }
      }
    }
    return damaged;
  }

  /** Cuts the end off. */
  static byte[] truncated(byte[] bytes, Random random) {
    return Arrays.copyOf(bytes, random.nextInt(bytes.length));
  }

  /** Takes a stretch out, puts one in, or does both. */
  static byte[] spliced(byte[] bytes, Random random) {
    int at = random.nextInt(bytes.length);
    int out = Math.min(bytes.length - at, random.nextInt(40));
    int from = random.nextInt(bytes.length);
    int in = Math.min(bytes.length - from, random.nextInt(40));
    byte[] damaged = new byte[bytes.length - out + in];
    System.arraycopy(bytes, 0, damaged, 0, at);
    System.arraycopy(bytes, from, damaged, at, in);
    System.arraycopy(bytes, at + out, damaged, at + in, bytes.length - at - out);
    return damaged;
  }
}
