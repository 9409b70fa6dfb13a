package io.hdl.data.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Crc32cSumTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void sumOfPiecesIsTheSumOfTheWhole(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] bytes = LakeFile.bytes(random.nextInt(1, 300_000), seed);
    Crc32cSum sum = new Crc32cSum();
    for (int at = 0; at < bytes.length; ) {
      // Equal lengths in a row, too, and empty pieces.
      int length = Math.min(bytes.length - at, random.nextBoolean() ? 4096 : random.nextInt(9999));
      sum.append(crc(bytes, at, length), length);
      at += length;
    }
    assertThat(sum.value()).isEqualTo(Integer.toUnsignedLong(crc(bytes, 0, bytes.length)));
  }

  @ParameterizedTest
  @ValueSource(longs = {(1L << 31) + 5, 5_000_000_000L})
  void piecesMayBeLongerThanAnArray(long length) {
    // Appending zeros in two steps or in one is the same.
    Crc32cSum once = new Crc32cSum();
    once.append(0x12345678, 9);
    once.append(0, length);
    Crc32cSum twice = new Crc32cSum();
    twice.append(0x12345678, 9);
    twice.append(0, length / 3);
    twice.append(0, length - length / 3);
    assertThat(twice.value()).isEqualTo(once.value());
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
