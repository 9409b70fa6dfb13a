package io.hdl.data.cache;

import static io.hdl.data.cache.MadeUpLake.GO_ON;
import static io.hdl.data.cache.MadeUpLake.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.data.transfer.Fetched;
import io.hdl.data.transfer.RemoteFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LakeCacheTest {
  private static final long MIB = 1 << 20;

  @TempDir Path folder;
  private final MadeUpLake lake = new MadeUpLake();
  private final Heard heard = new Heard();

  private CacheTiers hot() {
    return CacheTiers.hot(folder.resolve("hot"), 64 * MIB).keepFree(0);
  }

  private CacheTiers both() {
    return hot().warm(folder.resolve("warm"), 64 * MIB);
  }

  private LakeCache open(CacheTiers tiers) {
    return LakeCache.open(tiers, lake, heard);
  }

  private static void reads(LakeCache cache, RemoteFile file) {
    try (HeldFile held = cache.hold(file, GO_ON)) {
      assertThat(held.path()).hasBinaryContent(MadeUpLake.content(file));
    }
  }

  @Test
  void fetchesAFileOnceAndKeepsItForLaterProcesses() {
    RemoteFile file = file("part-0.parquet", 300_000);
    try (LakeCache cache = open(hot())) {
      assertThat(cache.has(file)).isFalse();
      reads(cache, file);
      reads(cache, file);
      assertThat(cache.has(file)).isTrue();
    }
    try (LakeCache cache = open(hot())) {
      reads(cache, file);
      assertThat(cache.statistics().of(Tier.HOT).hits()).isEqualTo(1);
      assertThat(cache.statistics().of(Tier.HOT).misses()).isZero();
      assertThat(cache.statistics().of(Tier.HOT).bytesRead()).isEqualTo(300_000);
      assertThat(cache.statistics().of(Tier.HOT).waited()).isPositive();
      assertThat(cache.statistics().of(Tier.LAKE).waited()).isZero();
      assertThat(cache.statistics().of(Tier.LAKE).hits()).isZero();
    }
    assertThat(lake.fetches()).containsExactly("part-0.parquet");
    assertThat(heard.warnings).isEmpty();
  }

  @Test
  void liesAsAMirrorOfTheLake() {
    try (LakeCache cache = open(hot())) {
      reads(cache, file("year=2024/part-0.parquet", 1234));
    }
    Path place = folder.resolve("hot/lake/contoso/curated/retail/sales/year=2024");
    assertThat(place.resolve("1234~part-0.parquet")).exists();
    assertThat(place.resolve(".1234~part-0.parquet.hdl"))
        .content()
        .contains("length 1234", "etag \"etag-year=2024/part-0.parquet\"", "crc32c ");
  }

  @Test
  void leavesNothingBehindButFilesAndTheirRecords() throws IOException {
    try (LakeCache cache = open(both())) {
      reads(cache, file("part-0.parquet", 1234));
    }
    for (String tier : List.of("hot", "warm")) {
      try (Stream<Path> all = Files.walk(folder.resolve(tier))) {
        assertThat(all.filter(Files::isRegularFile).map(each -> each.getFileName().toString()))
            .containsExactlyInAnyOrder(
                "1234~part-0.parquet", ".1234~part-0.parquet.hdl", "locks", "usage");
      }
    }
  }

  @Test
  void takesAnotherSizeForAnotherFile() {
    RemoteFile before = file("part-0.parquet", 1000);
    RemoteFile after = file("part-0.parquet", 1001);
    try (LakeCache cache = open(hot());
        HeldFile held = cache.hold(before, GO_ON)) {
      reads(cache, after);
      assertThat(held.path()).hasBinaryContent(MadeUpLake.content(before));
      reads(cache, before);
      assertThat(lake.fetches()).hasSize(2);
    }
  }

  @Test
  void fetchesAnewWhatHasAnotherEtagThanIsAskedFor() {
    RemoteFile any = file("part-0.parquet", 1000);
    RemoteFile same = new RemoteFile(any.uri(), 1000, Optional.of("etag-part-0.parquet"));
    RemoteFile other = new RemoteFile(any.uri(), 1000, Optional.of("\"another\""));
    try (LakeCache cache = open(hot())) {
      reads(cache, any);
      reads(cache, same);
      assertThat(lake.fetches()).hasSize(1);
      reads(cache, other);
      assertThat(lake.fetches()).hasSize(2);
    }
  }

  @Test
  void fillsTheWarmTierBehindTheReader() {
    RemoteFile file = file("part-0.parquet", 2 * MIB);
    try (LakeCache cache = open(both())) {
      reads(cache, file);
    }
    assertThat(folder.resolve("warm/lake/contoso/curated/retail/sales/2097152~part-0.parquet"))
        .hasBinaryContent(MadeUpLake.content(file));
    CacheStatistics end = heard.reports.get(heard.reports.size() - 1);
    assertThat(end.of(Tier.WARM).bytesWritten()).isEqualTo(2 * MIB);
    assertThat(end.of(Tier.WARM).misses()).isEqualTo(1);
    assertThat(end.of(Tier.LAKE).bytesRead()).isEqualTo(2 * MIB);
  }

  @Test
  void copiesFromWarmToHotWithoutTheLake() throws IOException {
    RemoteFile file = file("part-0.parquet", 2 * MIB);
    try (LakeCache cache = open(CacheTiers.warmOnly(folder.resolve("warm"), 64 * MIB).keepFree(0));
        HeldFile held = cache.hold(file, GO_ON)) {
      assertThat(held.tier()).isEqualTo(Tier.WARM);
    }
    try (LakeCache cache = open(both());
        HeldFile held = cache.hold(file, GO_ON)) {
      assertThat(held.tier()).isEqualTo(Tier.HOT);
      assertThat(held.path()).hasBinaryContent(MadeUpLake.content(file));
      assertThat(cache.statistics().of(Tier.WARM).hits()).isEqualTo(1);
      assertThat(cache.statistics().of(Tier.WARM).bytesRead()).isEqualTo(2 * MIB);
    }
    assertThat(lake.fetches()).hasSize(1);
  }

  @Test
  void readsWithoutAnyTier() throws IOException {
    RemoteFile file = file("part-0.parquet", 100_000);
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    try (LakeCache cache = openIn(CacheTiers.none(), temporary)) {
      try (HeldFile held = cache.hold(file, GO_ON);
          HeldFile again = cache.hold(file, GO_ON)) {
        assertThat(held.tier()).isEqualTo(Tier.SCRATCH);
        assertThat(again.path()).hasBinaryContent(MadeUpLake.content(file));
      }
      assertThat(lake.fetches()).hasSize(1);
      assertThat(filesBelow(temporary)).noneMatch(name -> name.contains("part-0"));
      reads(cache, file);
      assertThat(lake.fetches()).hasSize(2);
    }
    assertThat(temporary).isEmptyDirectory();
  }

  private LakeCache openIn(CacheTiers tiers, Path temporary) {
    return LakeCache.open(tiers, lake, heard, Clock.systemUTC(), temporary);
  }

  private static List<String> filesBelow(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.map(Path::toString).toList();
    }
  }

  @ParameterizedTest
  @EnumSource(Verification.class)
  void findsWhatItsLevelLooksFor(Verification level) throws IOException {
    RemoteFile cut = file("cut.parquet", 5000);
    RemoteFile changed = file("changed.parquet", 5000);
    try (LakeCache cache = open(hot())) {
      reads(cache, cut);
      reads(cache, changed);
    }
    Path place = folder.resolve("hot/lake/contoso/curated/retail/sales");
    Files.write(place.resolve("5000~cut.parquet"), new byte[4999]);
    byte[] bytes = MadeUpLake.content(changed);
    bytes[4321] ^= 1;
    Files.write(place.resolve("5000~changed.parquet"), bytes);
    try (LakeCache cache = open(hot().verify(level))) {
      try (HeldFile one = cache.hold(cut, GO_ON);
          HeldFile other = cache.hold(changed, GO_ON)) {
        assertThat(Files.size(one.path())).isEqualTo(level == Verification.NONE ? 4999 : 5000);
        if (level == Verification.CHECKSUM) {
          assertThat(other.path()).hasBinaryContent(MadeUpLake.content(changed));
        }
      }
      int found = level == Verification.NONE ? 0 : level == Verification.LENGTH ? 1 : 2;
      assertThat(cache.statistics().of(Tier.HOT).corrupt()).isEqualTo(found);
      assertThat(lake.fetches()).hasSize(2 + found);
      assertThat(heard.warnings).hasSize(found);
    }
    if (level == Verification.CHECKSUM) {
      assertThat(heard.warnings.get(1))
          .startsWith("The file of abfss://curated@contoso.dfs.core.windows.net/retail/sales/")
          .contains("its content fails its checksum", "it is fetched anew");
    }
  }

  @Test
  void doesNotTrustADamagedRecord() throws IOException {
    RemoteFile file = file("part-0.parquet", 5000);
    try (LakeCache cache = open(hot())) {
      reads(cache, file);
    }
    Path record = folder.resolve("hot/lake/contoso/curated/retail/sales/.5000~part-0.parquet.hdl");
    Files.writeString(record, Files.readString(record).replace("crc32c", "crc32d"));
    try (LakeCache cache = open(hot())) {
      reads(cache, file);
      assertThat(cache.statistics().of(Tier.HOT).corrupt()).isEqualTo(1);
    }
    assertThat(lake.fetches()).hasSize(2);
  }

  @Test
  void replacesADamagedFileOfTheWarmTier() throws IOException {
    RemoteFile file = file("part-0.parquet", 5000);
    try (LakeCache cache = open(both())) {
      reads(cache, file);
    }
    Holder.delete(folder.resolve("hot"));
    Path warm = folder.resolve("warm/lake/contoso/curated/retail/sales/5000~part-0.parquet");
    byte[] bytes = Files.readAllBytes(warm);
    bytes[7] ^= 1;
    Files.write(warm, bytes);
    try (LakeCache cache = open(both())) {
      reads(cache, file);
      assertThat(cache.statistics().of(Tier.WARM).corrupt()).isEqualTo(1);
    }
    assertThat(lake.fetches()).hasSize(2);
    assertThat(warm).hasBinaryContent(MadeUpLake.content(file));
  }

  @Test
  void givesTheLakesFailureToWhoeverAsks() {
    RemoteFile file = file("gone.parquet", 10);
    lake.fail("gone.parquet", new HdlException(ErrorCode.NOT_FOUND, "Cannot read it: gone"));
    try (LakeCache cache = open(both())) {
      assertThatThrownBy(() -> cache.hold(file, GO_ON))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
          .hasMessage("Cannot read it: gone");
      assertThat(cache.statistics().of(Tier.LAKE).misses()).isEqualTo(1);
      lake.heal();
      reads(cache, file);
    }
    assertThat(heard.warnings).isEmpty();
  }

  @Test
  void refusesWhatIsNotAsLongAsItShouldBe() {
    RemoteFile wanted = file("part-0.parquet", 10);
    CacheOrigin shorter =
        (file, partial, checkpoint) ->
            MadeUpLake.write(file("part-0.parquet", 9), partial, checkpoint, GO_ON);
    try (LakeCache cache = LakeCache.open(hot(), shorter, heard)) {
      assertThatThrownBy(() -> cache.hold(wanted, GO_ON))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
          .hasMessageContaining("it has 9 bytes in the lake, and 10 were expected");
      assertThat(cache.has(wanted)).isFalse();
    }
    CacheOrigin lying =
        (file, partial, checkpoint) -> {
          Fetched fetched = MadeUpLake.write(file("part-0.parquet", 9), partial, checkpoint, GO_ON);
          return new Fetched(10, fetched.etag(), fetched.crc32c(), 9, 1);
        };
    try (LakeCache cache = LakeCache.open(hot(), lying, heard)) {
      assertThatThrownBy(() -> cache.hold(wanted, GO_ON)).isInstanceOf(HdlException.class);
      assertThat(cache.has(wanted)).isFalse();
    }
  }

  @Test
  void fetchesOnceForManyThreads() throws Exception {
    int threads = 8;
    RemoteFile file = file("part-0.parquet", 200_000);
    CountDownLatch begun = new CountDownLatch(threads);
    lake.whileFetching(() -> await(begun));
    try (LakeCache cache = open(both())) {
      inThreads(
          threads,
          () -> {
            begun.countDown();
            reads(cache, file);
            return null;
          });
      assertThat(lake.fetches()).hasSize(1);
      assertThat(cache.statistics().of(Tier.HOT).misses()).isBetween(1L, (long) threads);
      assertThat(cache.statistics().of(Tier.LAKE).waited().toNanos()).isPositive();
    }
  }

  @Test
  void fetchesOnceForManyCachesOfAProcess() throws Exception {
    RemoteFile file = file("part-0.parquet", 200_000);
    inThreads(
        4,
        () -> {
          try (LakeCache cache = open(both())) {
            reads(cache, file);
          }
          return null;
        });
    assertThat(lake.fetches()).hasSize(1);
  }

  @Test
  void leavesTheFetchToAnotherThreadWhenOneIsCancelled() throws Exception {
    RemoteFile file = file("part-0.parquet", 200_000);
    CountDownLatch fetching = new CountDownLatch(1);
    CountDownLatch go = new CountDownLatch(1);
    lake.whileFetching(
        () -> {
          fetching.countDown();
          await(go);
        });
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try (LakeCache cache = open(hot())) {
      boolean[] cancelled = new boolean[1];
      Future<?> first =
          pool.submit(
              () ->
                  cache.hold(
                      file,
                      () -> {
                        if (cancelled[0]) {
                          throw new JobCancelledException("stop");
                        }
                      }));
      fetching.await();
      Future<?> second = pool.submit(() -> reads(cache, file));
      cancelled[0] = true;
      go.countDown();
      assertThatThrownBy(first::get).hasCauseInstanceOf(JobCancelledException.class);
      second.get();
      assertThat(lake.fetches()).hasSize(2);
    } finally {
      pool.shutdownNow();
    }
  }

  @Test
  void goesOnWithWhatAnEarlierFetchLeft() {
    RemoteFile file = file("part-0.parquet", 200_000);
    List<Long> found = new ArrayList<>();
    CacheOrigin resuming =
        (wanted, partial, checkpoint) -> {
          found.add(partial.toFile().length());
          if (found.size() == 1) {
            write(partial, new byte[70_000]);
            write(partial.resolveSibling(partial.getFileName() + ".journal"), new byte[1]);
            throw new HdlException(ErrorCode.UNAVAILABLE, "the link is down");
          }
          return MadeUpLake.write(wanted, partial, checkpoint, GO_ON);
        };
    try (LakeCache cache = LakeCache.open(hot(), resuming, heard)) {
      assertThatThrownBy(() -> cache.hold(file, GO_ON)).hasMessage("the link is down");
    }
    try (LakeCache cache = LakeCache.open(hot(), resuming, heard)) {
      reads(cache, file);
    }
    assertThat(found).containsExactly(0L, 70_000L);
    assertThat(folder.resolve("hot/lake/contoso/curated/retail/sales"))
        .isDirectoryNotContaining("glob:**journal")
        .isDirectoryNotContaining("glob:**tmp");
  }

  @Test
  void givesUpNoTierForAnInterrupt() throws Exception {
    RemoteFile file = file("part-0.parquet", 200_000);
    try (LakeCache cache = open(both())) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> cache.hold(file, GO_ON))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
      assertThat(Thread.interrupted()).isTrue();
      reads(cache, file);
      Thread.currentThread().interrupt();
      try (HeldFile held = cache.hold(file, GO_ON)) {
        assertThat(Thread.interrupted()).isTrue();
        assertThat(held.tier()).isEqualTo(Tier.HOT);
      }
    } finally {
      Thread.interrupted();
    }
    assertThat(heard.warnings).isEmpty();
  }

  @Test
  void keepsAHeldFileWhateverHappensToTheTier() throws IOException {
    RemoteFile file = file("part-0.parquet", 5000);
    try (LakeCache cache = open(hot());
        HeldFile held = cache.hold(file, GO_ON)) {
      Files.delete(folder.resolve("hot/lake/contoso/curated/retail/sales/5000~part-0.parquet"));
      assertThat(held.path()).hasBinaryContent(MadeUpLake.content(file));
      held.close();
      held.close();
      assertThat(held.path()).doesNotExist();
    }
  }

  @Test
  void tellsWhatIsKnownOfAFolder() {
    RemoteFile one = file("_delta_log/00000000000000000000.json", 100);
    RemoteFile other = file("_delta_log/00000000000000000001.json", 200);
    try (LakeCache cache = open(both())) {
      reads(cache, other);
      reads(cache, one);
      reads(cache, file("part-0.parquet", 300));
    }
    try (LakeCache cache = open(both())) {
      List<CachedFile> known = cache.known(MadeUpLake.table().resolve("_delta_log"));
      assertThat(known)
          .extracting(each -> each.file().uri())
          .containsExactly(one.uri(), other.uri());
      assertThat(known).extracting(each -> each.file().size()).containsExactly(100L, 200L);
      assertThat(known.get(0).file().etag())
          .contains("\"etag-_delta_log/00000000000000000000.json\"");
      assertThat(cache.known(URI.create("abfss://none@contoso.dfs.core.windows.net/"))).isEmpty();
    }
  }

  @Test
  void refusesToBeUsedWhenClosed() {
    LakeCache cache = open(hot());
    cache.close();
    cache.close();
    assertThatThrownBy(() -> cache.hold(file("a", 1), GO_ON))
        .isInstanceOf(IllegalStateException.class);
    assertThat(heard.reports).hasSize(1);
  }

  @Test
  void leavesNoThreadBehind() {
    try (LakeCache cache = open(both());
        FetchAhead ahead = cache.ahead(List.of(file("a", 10), file("b", 10)))) {
      reads(cache, file("a", 10));
    }
    Awaitility.await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().startsWith("hdl-cache")));
  }

  @Test
  void readsAnEmptyFile() {
    try (LakeCache cache = open(both())) {
      reads(cache, file("empty", 0));
      reads(cache, file("empty", 0));
    }
    assertThat(lake.fetches()).hasSize(1);
  }

  private static void write(Path path, byte[] bytes) {
    try {
      Files.write(path, bytes);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  static void inThreads(int threads, Callable<?> work) throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(pool.submit(work));
      }
      for (Future<?> each : all) {
        each.get();
      }
    } finally {
      pool.shutdownNow();
    }
  }
}
