package io.hdl.data.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.parquet.bytes.HeapByteBufferAllocator;
import org.apache.parquet.column.values.ValuesWriter;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForInteger;
import org.apache.parquet.column.values.delta.DeltaBinaryPackingValuesWriterForLong;
import org.apache.parquet.column.values.deltalengthbytearray.DeltaLengthByteArrayValuesWriter;
import org.apache.parquet.column.values.deltastrings.DeltaByteArrayWriter;
import org.apache.parquet.column.values.rle.RunLengthBitPackingHybridEncoder;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages that parquet-java's writers make, decoded some values at a time. */
class ValuesTest {
  private static final int SLAB = 64;
  private static final int PAGE = 1 << 20;

  /** The bytes in direct memory, behind some that do not belong to them. */
  private static ByteBuffer page(byte[] bytes) {
    return Memory.take(bytes.length + 3).put(3, bytes);
  }

  private static byte[] bytes(ValuesWriter writer) throws IOException {
    return writer.getBytes().toByteArray();
  }

  private static HeapByteBufferAllocator heap() {
    return HeapByteBufferAllocator.getInstance();
  }

  @Test
  void hybridRunsOfEveryWidth() throws IOException {
    for (int width = 0; width <= 32; width++) {
      Random random = new Random(width);
      RunLengthBitPackingHybridEncoder encoder =
          new RunLengthBitPackingHybridEncoder(width, SLAB, PAGE, heap());
      int[] values = new int[5000];
      int value = 0;
      for (int i = 0; i < values.length; i++) {
        if (random.nextInt(i < 2500 ? 2 : 40) == 0) {
          value = width == 0 ? 0 : random.nextInt() >>> (32 - width);
        }
        values[i] = value;
        encoder.writeInt(value);
      }
      byte[] bytes = encoder.toBytes().toByteArray();
      Hybrid hybrid = new Hybrid("indices");
      hybrid.start(page(bytes), 3, 3 + bytes.length, width);
      int[] read = new int[values.length];
      for (int done = 0; done < read.length; ) {
        int some = Math.min(1 + random.nextInt(300), read.length - done);
        hybrid.ints(read, done, some);
        done += some;
      }
      assertThat(read).as("width %d", width).isEqualTo(values);
    }
  }

  @Test
  void hybridRunsThatEndEarlyAreRefused() {
    Hybrid hybrid = new Hybrid("indices");
    hybrid.start(page(new byte[] {4, 1}), 3, 5, 1);
    assertThatThrownBy(() -> hybrid.ints(new int[3], 0, 3)).hasMessage("indices end too early");
    // Runs of no values at all, and a run header of more than 32 bits.
    hybrid.start(page(new byte[] {0, 1, 0, 1, 0, 1}), 3, 9, 1);
    assertThatThrownBy(() -> hybrid.ints(new int[3], 0, 1)).hasMessage("indices end too early");
    hybrid.start(page(new byte[] {-1, -1, -1, -1, -1, 1}), 3, 9, 1);
    assertThatThrownBy(() -> hybrid.ints(new int[3], 0, 1))
        .hasMessage("indices have a run that is too long");
    assertThatThrownBy(() -> hybrid.start(page(new byte[1]), 3, 4, 33))
        .hasMessage("indices have 33 bits each (expected: 0 to 32)");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 127, 128, 129, 1000, 5000})
  void deltasOfLongs(int count) throws IOException {
    Random random = new Random(count);
    for (int shift = 0; shift < 64; shift += 7) {
      var writer = new DeltaBinaryPackingValuesWriterForLong(SLAB, PAGE, heap());
      long[] values = new long[count];
      for (int i = 0; i < count; i++) {
        values[i] = random.nextLong() >> shift;
        writer.writeLong(values[i]);
      }
      Values decoder = new DeltaValues();
      byte[] bytes = bytes(writer);
      decoder.start(page(bytes), 3, 3 + bytes.length, count);
      long[] read = new long[count];
      for (int done = 0; done < count; ) {
        int some = Math.min(1 + random.nextInt(200), count - done);
        decoder.longs(read, done, some);
        done += some;
      }
      assertThat(read).isEqualTo(values);
      assertThatThrownBy(() -> decoder.longs(new long[1], 0, 1))
          .hasMessage("the values of a page end too early");
      assertThatThrownBy(() -> decoder.start(page(bytes), 3, 3 + bytes.length, count - 1))
          .hasMessage(count + " deltas in a page of " + (count - 1) + " values");
    }
  }

  @Test
  void deltasOfIntsWrapAround() throws IOException {
    var writer = new DeltaBinaryPackingValuesWriterForInteger(SLAB, PAGE, heap());
    int[] values = {Integer.MAX_VALUE, Integer.MIN_VALUE, 0, -1, Integer.MAX_VALUE, 5};
    for (int value : values) {
      writer.writeInteger(value);
    }
    byte[] bytes = bytes(writer);
    Values decoder = new DeltaValues();
    decoder.start(page(bytes), 3, 3 + bytes.length, values.length);
    int[] read = new int[values.length];
    decoder.ints(read, 0, read.length);
    assertThat(read).isEqualTo(values);
  }

  @Test
  void stringsWithDeltas() throws IOException {
    Random random = new Random(1);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 7000; i++) {
      texts.add(i % 9 == 0 ? "" : "common/prefix/" + "ab".repeat(random.nextInt(30)) + i);
    }
    for (ValuesWriter writer :
        List.of(
            new DeltaLengthByteArrayValuesWriter(SLAB, PAGE, heap()),
            new DeltaByteArrayWriter(SLAB, PAGE, heap()))) {
      texts.forEach(text -> writer.writeBytes(Binary.fromString(text)));
      byte[] bytes = bytes(writer);
      Values decoder =
          writer instanceof DeltaByteArrayWriter
              ? new DeltaStrings(0)
              : new ByteValues.DeltaLength();
      decoder.start(page(bytes), 3, 3 + bytes.length, texts.size());
      ByteStrings strings = new ByteStrings();
      List<String> read = new ArrayList<>();
      while (read.size() < texts.size()) {
        int wanted = Math.min(1 + random.nextInt(Values.BLOCK), texts.size() - read.size());
        int some = decoder.bytes(strings, wanted);
        for (int i = 0; i < some; i++) {
          read.add(
              new String(
                  strings.bytes, strings.offsets[i], strings.lengths[i], StandardCharsets.UTF_8));
        }
      }
      assertThat(read).isEqualTo(texts);
      assertThatThrownBy(() -> decoder.bytes(strings, 1)).isInstanceOf(CorruptPage.class);
    }
  }

  @Test
  void largeStringsComeFewAtATime() throws IOException {
    ValuesWriter writer = new DeltaByteArrayWriter(SLAB, 1 << 24, heap());
    String large = "x".repeat(700_000);
    for (int i = 0; i < 20; i++) {
      writer.writeBytes(Binary.fromString(large + i));
    }
    byte[] bytes = bytes(writer);
    Values decoder = new DeltaStrings(0);
    decoder.start(page(bytes), 3, 3 + bytes.length, 20);
    ByteStrings strings = new ByteStrings();
    int read = 0;
    while (read < 20) {
      int some = decoder.bytes(strings, 20 - read);
      assertThat(some).isEqualTo(1);
      assertThat(strings.lengths[0]).isEqualTo(700_000 + (read < 10 ? 1 : 2));
      read += some;
    }
    assertThat(strings.bytes.length).isLessThan(4 << 20);
  }

  @Test
  void levelsInTheOldPacking() {
    // Two bits each, most significant first: 3 2 3 3 | 0 3 1 3
    byte[] bytes = {(byte) 0b11101111, (byte) 0b00110111};
    Levels levels = new Levels(3);
    levels.startPacked(page(bytes), 3, 8);
    byte[] marks = new byte[Values.BLOCK];
    assertThat(levels.allPresent(8)).isFalse();
    assertThat(levels.packedLength(8)).isEqualTo(2);
    assertThat(levels.marks(marks, 8)).isEqualTo(5);
    assertThat(Arrays.copyOf(marks, 8)).containsExactly(1, 0, 1, 1, 0, 1, 0, 1);
    assertThatThrownBy(() -> levels.marks(marks, 1)).isInstanceOf(CorruptPage.class);
  }

  @Test
  void textsAreNumberedInTheOrderInWhichTheyOccur() {
    TextNumbers numbers = new TextNumbers();
    for (int round = 0; round < 2; round++) {
      for (int i = 0; i < 20_000; i++) {
        byte[] text = ("#text " + i % 10_000).getBytes(StandardCharsets.UTF_8);
        assertThat(numbers.number(text, 1, text.length - 1)).isEqualTo(i % 10_000);
      }
      assertThat(numbers.size()).isEqualTo(10_000);
      assertThat(numbers.text(9_999)).isEqualTo("text 9999");
      numbers.clear();
    }
  }
}
