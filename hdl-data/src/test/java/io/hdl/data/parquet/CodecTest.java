package io.hdl.data.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.format.CompressionCodec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.xerial.snappy.Snappy;

class CodecTest {
  private static final int SIZE = 100_000;

  /** Bytes that repeat themselves at all distances. */
  private static byte[] sample() {
    Random random = new Random(5);
    byte[] bytes = new byte[SIZE];
    int at = 0;
    while (at < SIZE) {
      int length = Math.min(1 + random.nextInt(300), SIZE - at);
      int distance = 1 + random.nextInt(random.nextBoolean() ? 12 : 2000);
      if (at > distance && random.nextInt(3) > 0) {
        for (int i = 0; i < length; i++) {
          bytes[at + i] = bytes[at + i - distance];
        }
      } else {
        for (int i = 0; i < length; i++) {
          bytes[at + i] = (byte) random.nextInt(40);
        }
      }
      at += length;
    }
    return bytes;
  }

  private static byte[] compressed(CompressionCodec codec, byte[] bytes) throws IOException {
    return switch (codec) {
      case UNCOMPRESSED -> bytes;
      case SNAPPY -> Snappy.compress(bytes);
      case ZSTD -> Zstd.compress(bytes);
      case GZIP -> gzip(bytes);
      default -> throw new IllegalArgumentException(codec.toString());
    };
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }

  private static byte[] decompressed(CompressionCodec name, byte[] input, int size) {
    ByteBuffer from = Memory.take(input.length + 7).put(7, input);
    ByteBuffer to = Memory.take(size + 64);
    byte guard = 77;
    for (int i = size + Memory.SLACK; i < size + 64; i++) {
      to.put(i, guard);
    }
    try (Codec codec = Codec.of(name)) {
      codec.decompress(from, 7, 7 + input.length, to, size);
    }
    for (int i = size + Memory.SLACK; i < size + 64; i++) {
      assertThat(to.get(i)).isEqualTo(guard);
    }
    byte[] bytes = new byte[size];
    to.get(0, bytes);
    return bytes;
  }

  @ParameterizedTest
  @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "ZSTD", "GZIP"})
  void givesTheSameBytes(CompressionCodec codec) throws IOException {
    byte[] bytes = sample();
    assertThat(decompressed(codec, compressed(codec, bytes), SIZE)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @EnumSource(names = {"UNCOMPRESSED", "SNAPPY", "ZSTD", "GZIP"})
  void refusesAnotherSizeThanAnnounced(CompressionCodec codec) throws IOException {
    byte[] input = compressed(codec, sample());
    for (int size : new int[] {0, 1, SIZE - 1, SIZE + 1, 2 * SIZE}) {
      assertThatThrownBy(() -> decompressed(codec, input, size)).isInstanceOf(CorruptPage.class);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SNAPPY", "ZSTD", "GZIP", "LZ4_RAW"})
  void damagedBytesGiveAnErrorOrBytes(CompressionCodec codec) throws IOException {
    byte[] good = codec == CompressionCodec.LZ4_RAW ? lz4(sample()) : compressed(codec, sample());
    Random random = new Random(3);
    int refused = 0;
    for (int i = 0; i < 2000; i++) {
      byte[] bad =
          Arrays.copyOf(good, random.nextInt(4) == 0 ? random.nextInt(good.length) : good.length);
      for (int flips = random.nextInt(4); flips >= 0 && bad.length > 0; flips--) {
        bad[random.nextInt(Math.min(bad.length, 1 << random.nextInt(17)))] ^=
            (byte) (1 + random.nextInt(255));
      }
      try {
        decompressed(codec, bad, SIZE);
      } catch (CorruptPage e) {
        refused++;
      }
    }
    assertThat(refused).isGreaterThan(100);
  }

  @Test
  void readsGzipOfSeveralMembers() throws IOException {
    byte[] bytes = sample();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(gzip(Arrays.copyOf(bytes, 1000)));
    out.write(gzip(Arrays.copyOfRange(bytes, 1000, SIZE)));
    assertThat(decompressed(CompressionCodec.GZIP, out.toByteArray(), SIZE)).isEqualTo(bytes);
  }

  /** Literals and matches as the format describes them, found without much of a search. */
  private static byte[] lz4(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    int literal = 0;
    int at = 4;
    while (at < bytes.length - 20) {
      int best = 0;
      int distance = 0;
      for (int d = 1; d <= Math.min(at, 40); d++) {
        int length = 0;
        while (at + length < bytes.length - 5 && bytes[at + length] == bytes[at + length - d]) {
          length++;
        }
        if (length > best) {
          best = length;
          distance = d;
        }
      }
      if (best < 4) {
        at++;
        continue;
      }
      lz4(out, bytes, literal, at - literal, best);
      out.write(distance);
      out.write(distance >>> 8);
      more(out, best - 4);
      at += best;
      literal = at;
    }
    lz4(out, bytes, literal, bytes.length - literal, 4);
    return out.toByteArray();
  }

  private static void lz4(ByteArrayOutputStream out, byte[] bytes, int from, int count, int match) {
    out.write(Math.min(15, count) << 4 | Math.min(15, match - 4));
    more(out, count);
    out.write(bytes, from, count);
  }

  private static void more(ByteArrayOutputStream out, int length) {
    if (length >= 15) {
      for (int rest = length - 15; rest >= 0; rest -= 255) {
        out.write(Math.min(255, rest));
      }
    }
  }

  @Test
  void readsLz4() {
    byte[] bytes = sample();
    byte[] input = lz4(bytes);
    assertThat(input.length).isLessThan(SIZE);
    assertThat(decompressed(CompressionCodec.LZ4_RAW, input, SIZE)).isEqualTo(bytes);
    assertThatThrownBy(() -> decompressed(CompressionCodec.LZ4_RAW, input, SIZE - 1))
        .isInstanceOf(CorruptPage.class);
    assertThatThrownBy(() -> decompressed(CompressionCodec.LZ4_RAW, input, SIZE + 1))
        .isInstanceOf(CorruptPage.class);
  }

  @Test
  void refusesOthersByName() {
    for (CompressionCodec codec :
        EnumSet.of(CompressionCodec.LZO, CompressionCodec.BROTLI, CompressionCodec.LZ4)) {
      assertThatThrownBy(() -> Codec.of(codec))
          .isInstanceOfSatisfying(
              HdlException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_FEATURE))
          .hasMessageContaining("compressed with " + codec);
    }
  }

  @Test
  void refusesImpossibleRatiosBeforeMemoryIsReserved() {
    try (Codec codec = Codec.of(CompressionCodec.SNAPPY)) {
      codec.check(1000, 20_000);
      assertThatThrownBy(() -> codec.check(1000, 1 << 30))
          .hasMessage("1000 compressed bytes cannot make a page of 1073741824");
    }
  }
}
