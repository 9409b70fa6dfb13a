package io.hdl.data.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.kernel.internal.actions.DeletionVectorDescriptor;
import io.delta.kernel.internal.deletionvectors.Base85Codec;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.roaringbitmap.RoaringBitmap;

/** Deletion vectors: in the log, in files of many, damaged. */
class DeletionVectorTest {
  @TempDir Path folder;
  private Path table;

  @BeforeEach
  void writeATable() {
    table = folder.resolve("t b%20l#e");
    DeltaTableWriter.create(
            table,
            List.of(Column.of("id", ColumnType.INTEGER), Column.of("part", ColumnType.STRING)),
            "part")
        .append(
            IntStream.range(0, 10)
                .mapToObj(i -> new Object[] {i, i % 2 == 0 ? "a/b" : null})
                .toList());
  }

  private TableSnapshot latest() {
    return TableSnapshot.open(table, TableVersion.latest());
  }

  @Test
  void readsADeletionVectorThatTheLogHolds() {
    long[] rows = {0, 3, 4};
    deleteFrom(latest().files().get(0), rows, 3);
    TableSnapshot snapshot = latest();
    assertThat(snapshot.rows()).hasValue(7);
    DeletionVector vector =
        snapshot.files().stream()
            .flatMap(file -> file.deletionVector().stream())
            .findFirst()
            .orElseThrow();
    assertThat(vector.load(5).left(0, 5)).containsExactly(1, 2);
    assertThatThrownBy(() -> vector.load(4))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
        .hasMessageContaining("it holds row 4, the data file has 4 rows");
  }

  @Test
  void refusesADeletionVectorThatHoldsOtherRowsThanTheLogSays() {
    deleteFrom(latest().files().get(0), new long[] {0, 3}, 3);
    DeletionVector vector =
        latest().files().stream()
            .flatMap(file -> file.deletionVector().stream())
            .findFirst()
            .orElseThrow();
    assertThatThrownBy(() -> vector.load(5))
        .hasMessageContaining("it holds 2 rows, the log says 3")
        .hasMessageContaining("Restore the table or read an earlier version.");
  }

  private void deleteFrom(DataFile file, long[] rows, int cardinality) {
    byte[] serialized = serialized(rows);
    ByteBuffer padded = ByteBuffer.allocate((serialized.length + 3) / 4 * 4).put(serialized);
    String name = table.toAbsolutePath().relativize(Path.of(file.address())).toString();
    String path = name.replace("%", "%25").replace(" ", "%20");
    LogFiles.write(
        table,
        2,
        LogFiles.protocol("deletionVectors"),
        "{\"remove\":{\"path\":\"" + path + "\",\"deletionTimestamp\":1,\"dataChange\":true}}",
        "{\"add\":{\"path\":\""
            + path
            + "\",\"partitionValues\":{},\"size\":"
            + file.size()
            + ",\"modificationTime\":1,\"dataChange\":true,\"stats\":\"{\\\"numRecords\\\":5}\","
            + "\"deletionVector\":{\"storageType\":\"i\",\"pathOrInlineDv\":\""
            + Base85Codec.encodeBytes(padded.array()).replace("\\", "\\\\").replace("\"", "\\\"")
            + "\",\"sizeInBytes\":"
            + serialized.length
            + ",\"cardinality\":"
            + cardinality
            + "}}}");
  }

  private static byte[] serialized(long... rows) {
    Map<Integer, RoaringBitmap> bitmaps = new TreeMap<>();
    for (long row : rows) {
      bitmaps.computeIfAbsent((int) (row >>> 32), key -> new RoaringBitmap()).add((int) row);
    }
    bitmaps.values().forEach(RoaringBitmap::runOptimize);
    int size = 12 + bitmaps.values().stream().mapToInt(b -> 4 + b.serializedSizeInBytes()).sum();
    ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    buffer.putInt(1681511377).putLong(bitmaps.size());
    bitmaps.forEach(
        (key, bitmap) -> {
          buffer.putInt(key);
          ByteBuffer part = ByteBuffer.allocate(bitmap.serializedSizeInBytes());
          bitmap.serialize(part);
          buffer.put(part.array());
        });
    return buffer.array();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void readsRoaringBitmapsOfAllKinds(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    LongStream rows = LongStream.empty();
    for (int part = 0; part < 12; part++) {
      long base = random.nextLong(3) << 32 | (random.nextLong(5) << 16);
      int count = 1 + random.nextInt(20_000);
      long start = base + random.nextInt(30_000);
      rows =
          LongStream.concat(
              rows,
              switch (random.nextInt(3)) {
                case 0 -> LongStream.range(start, start + count);
                case 1 -> random.longs(count, base, base + 60_000);
                default -> random.longs(30, base, base + 1_000_000);
              });
    }
    long[] all = rows.sorted().distinct().toArray();
    byte[] bytes = serialized(all);
    assertThat(RoaringRows.read(bytes, all.length)).as("seed %d", seed).isEqualTo(all);
    // Damaged in any way it is refused, or read as as many rows in ascending order.
    for (int i = 0; i < 2000; i++) {
      byte[] damaged =
          Arrays.copyOf(
              bytes, random.nextInt(10) == 0 ? random.nextInt(bytes.length) : bytes.length);
      for (int flips = random.nextInt(4); flips >= 0 && damaged.length > 0; flips--) {
        int limit = random.nextBoolean() ? Math.min(80, damaged.length) : damaged.length;
        damaged[random.nextInt(limit)] ^= (byte) (1 << random.nextInt(8));
      }
      try {
        long[] read = RoaringRows.read(damaged, all.length);
        for (int row = 1; row < read.length; row++) {
          assertThat(read[row]).isGreaterThan(read[row - 1]);
        }
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageMatching("(?s).+");
      }
    }
  }

  @Test
  void readsOnlyItsOwnPartOfAFileWithManyDeletionVectors() throws IOException {
    Path file = folder.resolve("deletion_vector.bin");
    byte[] first = serialized(1, 2);
    byte[] second = serialized(7, 70_000, 5_000_000_000L);
    ByteBuffer content = ByteBuffer.allocate(1 + first.length + 8 + second.length + 8);
    content.put((byte) 1);
    put(content, first);
    int offset = content.position();
    put(content, second);
    Files.write(file, content.array());
    assertThat(stored(file, offset, second.length, 3).load(6_000_000_000L).count()).isEqualTo(3);
    assertThat(stored(file, 1, first.length, 2).load(3).left(0, 3)).containsExactly(0);
    refusesToLoad(stored(file, 2, first.length, 2), "something else at 2");
    refusesToLoad(stored(file, offset, Integer.MAX_VALUE - 8, 3), "the log asks for 2147483639");
    refusesToLoad(stored(file, offset, -5, 3), "the log asks for -5");
    refusesToLoad(stored(file, offset, second.length, Integer.MAX_VALUE), "hold fewer");
    content.put(offset + 6, (byte) 99);
    Files.write(file, content.array());
    refusesToLoad(stored(file, offset, second.length, 3), "its checksum in");
    assertThat(stored(file, 1, first.length, 2).load(3).count()).isEqualTo(2);
    Files.delete(file);
    refusesToLoad(stored(file, 1, first.length, 2), "deletion_vector.bin");
  }

  private static void put(ByteBuffer content, byte[] vector) {
    CRC32 checksum = new CRC32();
    checksum.update(vector);
    content.putInt(vector.length).put(vector).putInt((int) checksum.getValue());
  }

  private static DeletionVector stored(Path file, int offset, int size, long rows) {
    return new DeletionVector(
        TableFiles.local(Path.of("/nowhere")),
        new DeletionVectorDescriptor(
            "p", file.toUri().toString(), Optional.of(offset), size, rows));
  }

  private static void refusesToLoad(DeletionVector vector, String part) {
    assertThatThrownBy(() -> vector.load(Long.MAX_VALUE))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
        .hasMessageContaining(part);
  }
}
