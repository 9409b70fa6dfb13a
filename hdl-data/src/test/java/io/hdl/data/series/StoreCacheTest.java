package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.cache.CacheTiers;
import io.hdl.data.cache.TierSpace;
import io.hdl.data.series.SampleRows.Order;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class StoreCacheTest {
  private static final long SEED = 4;
  private static final SampleRows ROWS = SampleRows.of(SEED, Order.SHUFFLED);
  private static final StoreKey KEY = StoreProcess.key("4");

  @TempDir Path home;
  private final AtomicInteger built = new AtomicInteger();

  private StoredSeries open() {
    return StoreProcess.open(
        home, KEY, SampleRows.SPEC, SampleRows.TYPES, ROWS, built::incrementAndGet);
  }

  private Path file() {
    return home.resolve("cache/series").resolve(KEY.folder()).resolve(KEY.file() + ".series");
  }

  private static StoreContents expected() {
    return StoreContents.of(ROWS.inMemory(SampleRows.SPEC));
  }

  @ParameterizedTest
  @EnumSource(Order.class)
  void holdsTheSameBitsAsAStoreInMemory(Order order) {
    for (long seed = 0; seed < 12; seed++) {
      SampleRows rows = SampleRows.of(seed, order);
      StoreKey key = StoreProcess.key(order + "-" + seed);
      for (int opening = 0; opening < 2; opening++) {
        try (SeriesStore store =
            StoreProcess.open(
                    home, key, SampleRows.SPEC, SampleRows.TYPES, rows, built::incrementAndGet)
                .store()) {
          assertThat(StoreContents.of(store))
              .as("seed %d, opening %d", seed, opening)
              .isEqualTo(StoreContents.of(rows.inMemory(SampleRows.SPEC)));
        }
      }
    }
    assertThat(built).hasValue(12);
  }

  @Test
  void keepsWhatWasToldWhenTheStoreWasMade() {
    StoredSeries first = open();
    StoredSeries second = open();
    assertThat(built).hasValue(1);
    assertThat(second.provenance()).isEqualTo(first.provenance());
    assertThat(second.provenance().timestamp()).isEqualTo("2024-05-06T07:08:09.123456789Z");
    assertThat(second.facts()).isEqualTo(first.facts()).containsKey("steps");
    assertThat(second.commit()).isEqualTo(new CommitMark(5, 6));
    assertThat(StoreCache.below(home, 1).find(KEY)).isPresent();
    StoreKey other = new StoreKey(KEY.table(), KEY.version() + 1, KEY.settings());
    assertThat(StoreCache.below(home, 1).find(other)).isEmpty();
  }

  @Test
  void aSecondProcessMapsWhatTheFirstHasWritten() throws Exception {
    int contents;
    try (SeriesStore store = open().store()) {
      contents = StoreContents.of(store).digest();
    }
    Path out = Files.createDirectory(home.resolve("out"));
    Process child = StoreProcess.start(out, List.of(), "sample", home.toString(), "4");
    assertThat(StoreProcess.end(out, child))
        .isEqualTo(new StoreProcess.Ended(0, List.of("mapped " + contents)));
  }

  @Test
  void ofProcessesThatNeedAStoreAtTheSameTimeOneBuildsIt() throws Exception {
    List<Path> folders = new ArrayList<>();
    List<Process> children = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      folders.add(Files.createDirectory(home.resolve("out" + i)));
      children.add(StoreProcess.start(folders.get(i), List.of(), "sample", home.toString(), "4"));
    }
    int contents = expected().digest();
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      StoreProcess.Ended ended = StoreProcess.end(folders.get(i), children.get(i));
      assertThat(ended.exit()).as("%s", ended.lines()).isZero();
      lines.addAll(ended.lines());
    }
    assertThat(lines)
        .containsExactlyInAnyOrder("built " + contents, "mapped " + contents, "mapped " + contents);
  }

  @Test
  void ofThreadsThatNeedAStoreAtTheSameTimeOneBuildsIt() throws Exception {
    CountDownLatch begin = new CountDownLatch(1);
    List<StoreContents> contents = java.util.Collections.synchronizedList(new ArrayList<>());
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Thread thread =
          new Thread(
              () -> {
                try {
                  begin.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
                contents.add(StoreContents.of(open().store()));
              });
      thread.start();
      threads.add(thread);
    }
    begin.countDown();
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(contents).hasSize(4).allMatch(expected()::equals);
    assertThat(built).hasValue(1);
  }

  @Test
  void waitingForAnotherBuilderCanBeEnded() throws Exception {
    CountDownLatch building = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Thread builder =
        new Thread(
            () ->
                StoreProcess.open(
                    home,
                    KEY,
                    SampleRows.SPEC,
                    SampleRows.TYPES,
                    ROWS,
                    () -> {
                      building.countDown();
                      try {
                        release.await();
                      } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                      }
                    }));
    builder.start();
    building.await();
    assertThatThrownBy(
            () ->
                StoreCache.below(home, 1)
                    .findOrBuild(
                        KEY,
                        store -> true,
                        () -> {
                          throw new IllegalStateException("cancelled");
                        },
                        target -> {
                          throw new AssertionError("built by the second one");
                        }))
        .hasMessage("cancelled");
    release.countDown();
    builder.join();
    assertThat(file()).exists();
  }

  /** Changes a file and says how. */
  private interface Damage {
    byte[] of(byte[] whole);
  }

  private void rebuilds(String what, Damage damage) throws IOException {
    byte[] whole = Files.readAllBytes(file());
    Path changed = home.resolve("changed");
    Files.write(changed, damage.of(whole.clone()));
    Files.move(changed, file(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    int before = built.get();
    try (SeriesStore store = open().store()) {
      assertThat(StoreContents.of(store)).as(what).isEqualTo(expected());
    }
    assertThat(built.get()).as(what).isEqualTo(before + 1);
  }

  @Test
  void rebuildsAFileThatIsCutOffAtAnyPlace() throws IOException {
    open().store().close();
    int length = (int) Files.size(file());
    for (int kept : new int[] {0, 1, 63, 64, 4095, 4096, 5000, length / 2, length - 1}) {
      rebuilds("cut off at " + kept, whole -> Arrays.copyOf(whole, kept));
    }
    rebuilds("one byte too many", whole -> Arrays.copyOf(whole, whole.length + 1));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void rebuildsAFileInWhichAnyBitIsWrong(long seed) throws IOException {
    open().store().close();
    Random random = new Random(seed);
    int length = (int) Files.size(file());
    int index = (length - 4096) / 2;
    List<Integer> places = new ArrayList<>(List.of(0, 8, 12, 16, 24, 32, 40, 60, 63));
    for (int i = 0; i < 15; i++) {
      // All over the file, and more of them at its end, where index and description lie.
      places.add(4096 + random.nextInt(length - 4096));
      places.add(length - 1 - random.nextInt(Math.min(3000, index)));
    }
    for (int place : places) {
      if (place < 52 || place >= 60) {
        int bit = 1 << random.nextInt(8);
        boolean padding = isPadding(place);
        if (!padding) {
          rebuilds(
              "seed " + seed + ", bit " + bit + " at " + place + " of " + length,
              whole -> {
                whole[place] ^= (byte) bit;
                return whole;
              });
        }
      }
    }
  }

  /** Bytes between the segments and the index hold nothing. */
  private boolean isPadding(int place) throws IOException {
    long values;
    try (SeriesStore store = open().store()) {
      values = 4096 + store.bytes();
    }
    return place >= values && place < StoreFile.pageAfter(values);
  }

  @Test
  void rebuildsAFileOfAnotherFormatOrByteOrder() throws IOException {
    open().store().close();
    for (int place : new int[] {8, 12}) {
      rebuilds(
          "field at " + place,
          whole -> {
            java.nio.ByteBuffer buffer =
                java.nio.ByteBuffer.wrap(whole).order(java.nio.ByteOrder.nativeOrder());
            buffer.putInt(place, buffer.getInt(place) + 1);
            // A preamble that is right but for this.
            buffer.putInt(60, StoreFile.checksum(buffer.slice(0, 60)));
            return whole;
          });
    }
  }

  @Test
  void rebuildsWhatSomebodyElsePutThere() throws IOException {
    open().store().close();
    rebuilds(
        "another file", whole -> "PAR1 and so on".repeat(1000).getBytes(StandardCharsets.US_ASCII));
    rebuilds("zeros", whole -> new byte[whole.length]);
    StoreKey other = StoreProcess.key("5");
    StoreProcess.open(home, other, SampleRows.SPEC, SampleRows.TYPES, ROWS, () -> {});
    Path foreign =
        home.resolve("cache/series").resolve(other.folder()).resolve(other.file() + ".series");
    byte[] bytes = Files.readAllBytes(foreign);
    rebuilds("the store of another table", whole -> bytes);
  }

  @Test
  void removesWhatABuilderLeftWhenItDied() throws IOException {
    Path folder = Files.createDirectories(file().getParent());
    Path own = folder.resolve(".hdl-" + file().getFileName() + "-1234.tmp");
    Path fresh = folder.resolve(".hdl-someother-v7.series-1234.tmp");
    Path old = folder.resolve(".hdl-another-v7.series-1234.tmp");
    Files.writeString(own, "half");
    Files.writeString(fresh, "half");
    Files.writeString(old, "half");
    Files.setLastModifiedTime(old, FileTime.from(Instant.parse("2020-01-01T00:00:00Z")));
    open().store().close();
    assertThat(own).doesNotExist();
    assertThat(old).doesNotExist();
    assertThat(fresh).exists();
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder(
              fresh.getFileName().toString(), KEY.file() + ".series", KEY.file() + ".lock");
    }
  }

  @Test
  void aBuilderThatFailsLeavesNothingAndTheNextOneSucceeds() throws IOException {
    List<SampleRows.Row> twice = new ArrayList<>(ROWS.rows());
    twice.add(twice.get(0));
    assertThatThrownBy(
            () ->
                StoreProcess.open(
                    home,
                    KEY,
                    SampleRows.SPEC,
                    SampleRows.TYPES,
                    new SampleRows(twice, 100, 1),
                    () -> {}))
        .hasMessageContaining("repeats the key and time");
    try (Stream<Path> files = Files.list(file().getParent())) {
      assertThat(files.map(f -> f.getFileName().toString())).containsExactly(KEY.file() + ".lock");
    }
    try (SeriesStore store = open().store()) {
      assertThat(StoreContents.of(store)).isEqualTo(expected());
    }
  }

  @Test
  void keepsTheStoresOfATableThatWereOpenedLast() throws IOException {
    List<StoreKey> keys = new ArrayList<>();
    for (int version = 0; version < StoreCache.KEPT + 2; version++) {
      StoreKey key = new StoreKey("/tables/sales", version, Map.of("rows", "4"));
      keys.add(key);
      StoreProcess.open(home, key, SampleRows.SPEC, SampleRows.TYPES, ROWS, () -> {});
      Path written =
          home.resolve("cache/series").resolve(key.folder()).resolve(key.file() + ".series");
      // An hour ago and a minute later for each; the first is opened again and again.
      Files.setLastModifiedTime(
          written, FileTime.from(Instant.parse("2024-01-01T00:00:00Z").plusSeconds(60L * version)));
      assertThat(StoreCache.below(home, 1).find(keys.get(0))).isPresent();
    }
    List<Boolean> kept = new ArrayList<>();
    for (StoreKey key : keys) {
      kept.add(StoreCache.below(home, 1).find(key).isPresent());
    }
    assertThat(kept).containsExactly(true, false, false, true, true, true);
  }

  @Test
  void keepsAsManyStoresAsTheQuotaOfTheHotTierHasRoomFor() throws IOException {
    long bytes;
    try (SeriesStore store = open().store()) {
      bytes = Files.size(file());
      assertThat(store.seriesCount()).isPositive();
    }
    // Descriptions differ by a few bytes from version to version.
    CacheTiers tiers = CacheTiers.hot(home.resolve("hot"), 7 * bytes + bytes / 2).keepFree(0);
    StoreCache cache = StoreCache.in(TierSpace.of(tiers.hot().orElseThrow(), tiers), 2);
    List<StoreKey> keys = new ArrayList<>();
    for (int version = 0; version < 9; version++) {
      StoreKey key = new StoreKey("/tables/sales", version, Map.of("rows", "4"));
      keys.add(key);
      cache
          .findOrBuild(
              key,
              store -> true,
              () -> {},
              target -> StoreProcess.made(target, SampleRows.SPEC, SampleRows.TYPES, ROWS))
          .store()
          .close();
      Path written =
          home.resolve("hot/series").resolve(key.folder()).resolve(key.file() + ".series");
      Files.setLastModifiedTime(
          written, FileTime.from(Instant.parse("2024-01-01T00:00:00Z").plusSeconds(60L * version)));
      assertThat(cache.find(keys.get(0))).isPresent();
    }
    List<Boolean> kept = new ArrayList<>();
    for (StoreKey key : keys) {
      kept.add(cache.find(key).isPresent());
    }
    assertThat(kept).containsExactly(true, false, false, true, true, true, true, true, true);
  }

  @Test
  void aStoreThatIsOpenOutlivesItsFile() throws IOException {
    try (SeriesStore store = open().store()) {
      Files.delete(file());
      assertThat(StoreContents.of(store)).isEqualTo(expected());
    }
  }

  @Test
  void aSeriesOfALargeStoreIsVerifiedBeforeItIsRead() throws Exception {
    open().store().close();
    byte[] whole = Files.readAllBytes(file());
    SeriesStore good = StoreFile.open(file(), KEY, 1, 0).store();
    assertThat(StoreContents.of(good)).isEqualTo(expected());
    // The last byte of the values lies in the last series.
    int last = (int) (4096 + good.bytes()) - 1;
    whole[last] ^= 1;
    Files.delete(file());
    Files.write(file(), whole);
    SeriesStore store = StoreFile.open(file(), KEY, 1, 0).store();
    assertThat(store.value(0, 0, 0)).isEqualTo(good.value(0, 0, 0));
    int series = store.seriesCount() - 1;
    assertThatThrownBy(() -> store.value(series, 0, 0))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
        .hasMessageContaining("its values fail their checksum")
        .hasMessageContaining("The file was removed; open the data again");
    assertThatThrownBy(() -> Scaler.fit(store, Split.last(1, 1), Scaling.MEAN))
        .isInstanceOf(HdlException.class);
    assertThat(file()).doesNotExist();
    assertThat(StoreContents.of(open().store())).isEqualTo(expected());
  }

  @Test
  void needsNoHeapForRowsAndLittleForSeries() throws Exception {
    List<String> small = List.of("-Xmx24m", "-XX:MaxDirectMemorySize=16m");
    for (String[] size : new String[][] {{"2500", "800"}, {"200000", "3"}}) {
      Path out = Files.createDirectory(home.resolve("out" + size[0]));
      Process child =
          StoreProcess.start(
              out, small, "generated", home.resolve(size[0]).toString(), size[0], size[1]);
      StoreProcess.Ended ended = StoreProcess.end(out, child);
      assertThat(ended.lines()).first().isEqualTo("wrong: ");
      long bytes = Long.parseLong(ended.lines().get(1).substring("bytes: ".length()));
      assertThat(bytes).isGreaterThan(9_000_000);
    }
  }

  @Test
  void refusesAFolderThatCannotBeWritten() throws IOException {
    Path blocked = Files.createFile(home.resolve("cache"));
    assertThatThrownBy(this::open)
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILURE))
        .hasMessageContaining("Cannot write to")
        .hasMessageContaining(blocked.toString());
  }
}
