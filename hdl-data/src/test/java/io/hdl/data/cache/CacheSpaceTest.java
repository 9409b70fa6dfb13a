package io.hdl.data.cache;

import static io.hdl.data.cache.MadeUpLake.GO_ON;
import static io.hdl.data.cache.MadeUpLake.file;
import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.data.transfer.RemoteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Quotas, what is removed for them, and what is not. */
class CacheSpaceTest {
  @TempDir Path folder;
  private final MadeUpLake lake = new MadeUpLake();
  private final Heard heard = new Heard();
  private final Ticking clock = new Ticking();

  /** Moves on by a second each time it is read. */
  static final class Ticking extends Clock {
    private long millis = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    @Override
    public synchronized Instant instant() {
      millis += 1000;
      return Instant.ofEpochMilli(millis);
    }

    synchronized void pass(Duration time) {
      millis += time.toMillis();
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private CacheTiers hot(long bytes) {
    return CacheTiers.hot(folder.resolve("hot"), bytes).keepFree(0);
  }

  private LakeCache open(CacheTiers tiers) throws IOException {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    return LakeCache.open(tiers, lake, heard, clock, temporary);
  }

  private static void read(LakeCache cache, RemoteFile file) {
    cache.hold(file, GO_ON).close();
  }

  private static long bytesIn(Path tier) throws IOException {
    try (Stream<Path> all = Files.walk(tier)) {
      return all.filter(each -> each.getFileName().toString().matches("\\d+~.*"))
          .mapToLong(each -> each.toFile().length())
          .sum();
    }
  }

  @Test
  void removesWhatWasNotUsedForTheLongestTime() throws IOException {
    try (LakeCache cache = open(hot(1000))) {
      read(cache, file("a", 300));
      read(cache, file("b", 300));
      read(cache, file("c", 300));
      read(cache, file("a", 300));
      read(cache, file("d", 300));
      assertThat(cache.has(file("a", 300))).isTrue();
      assertThat(cache.has(file("b", 300))).isFalse();
      assertThat(cache.has(file("c", 300))).isTrue();
      assertThat(cache.statistics().of(Tier.HOT).evictions()).isEqualTo(1);
    }
    assertThat(bytesIn(folder.resolve("hot"))).isEqualTo(900);
    assertThat(heard.warnings).isEmpty();
  }

  @Test
  void leavesWhatIsHeldEvenByAnotherCache() throws IOException {
    try (LakeCache one = open(hot(1000));
        LakeCache other = open(hot(1000));
        HeldFile held = other.hold(file("a", 600), GO_ON)) {
      read(one, file("b", 300));
      read(one, file("c", 300));
      assertThat(one.has(file("a", 600))).isTrue();
      assertThat(one.has(file("b", 300))).isFalse();
      assertThat(held.path()).hasBinaryContent(MadeUpLake.content(file("a", 600)));
    }
  }

  @Test
  void readsOnWhenAllIsHeld() throws IOException {
    try (LakeCache cache = open(hot(1000));
        HeldFile a = cache.hold(file("a", 600), GO_ON);
        HeldFile b = cache.hold(file("b", 600), GO_ON);
        HeldFile c = cache.hold(file("c", 600), GO_ON)) {
      assertThat(List.of(a.tier(), b.tier(), c.tier()))
          .containsExactly(Tier.HOT, Tier.SCRATCH, Tier.SCRATCH);
      assertThat(c.path()).hasBinaryContent(MadeUpLake.content(file("c", 600)));
      assertThat(heard.warnings)
          .singleElement()
          .asString()
          .contains(
              "The hot tier " + folder.resolve("hot") + " cannot take",
              "what it holds is in use or leased");
      a.close();
      try (HeldFile d = cache.hold(file("d", 600), GO_ON)) {
        assertThat(d.tier()).isEqualTo(Tier.HOT);
      }
    }
  }

  @Test
  void putsWhatTheHotTierCannotTakeIntoTheWarmOne() throws IOException {
    CacheTiers tiers = hot(1000).warm(folder.resolve("warm"), 5000);
    RemoteFile large = file("large", 2000);
    try (LakeCache cache = open(tiers)) {
      try (HeldFile held = cache.hold(large, GO_ON)) {
        assertThat(held.tier()).isEqualTo(Tier.WARM);
      }
      try (HeldFile held = cache.hold(large, GO_ON)) {
        assertThat(held.tier()).isEqualTo(Tier.WARM);
        assertThat(held.path()).hasBinaryContent(MadeUpLake.content(large));
      }
      assertThat(lake.fetches()).hasSize(1);
      assertThat(cache.statistics().of(Tier.WARM).hits()).isEqualTo(1);
    }
    assertThat(heard.warnings)
        .singleElement()
        .asString()
        .contains("cannot take", "(2,000 bytes)", "larger than its quota of 1,000 bytes");
  }

  @Test
  void readsAFileThatIsLargerThanAllQuotas() throws IOException {
    RemoteFile large = file("large", 2000);
    try (LakeCache cache = open(hot(1000).warm(folder.resolve("warm"), 1500));
        HeldFile held = cache.hold(large, GO_ON)) {
      assertThat(held.tier()).isEqualTo(Tier.SCRATCH);
      assertThat(held.path()).hasBinaryContent(MadeUpLake.content(large));
    }
    assertThat(heard.warnings).hasSize(2);
  }

  @Test
  void keepsTheDiskFromFillingUp() throws IOException {
    long free = folder.toFile().getUsableSpace();
    try (LakeCache cache = open(hot(Long.MAX_VALUE).keepFree(free + (1L << 40)));
        HeldFile held = cache.hold(file("a", 600), GO_ON)) {
      assertThat(held.tier()).isEqualTo(Tier.SCRATCH);
    }
    assertThat(heard.warnings).singleElement().asString().contains("its disk has no more to spare");
    assertThat(bytesIn(folder.resolve("hot"))).isZero();
  }

  @Test
  void removesWhatADeadProcessLeft() throws IOException {
    Path place = Files.createDirectories(folder.resolve("hot/lake/contoso/curated/retail/sales"));
    CacheKey key = CacheKey.of(file("dead", 600));
    Path partial = Partial.of(key, folder.resolve("hot/lake"), Tier.HOT, true).path();
    Files.write(partial, new byte[400]);
    Files.write(partial.resolveSibling(partial.getFileName() + ".journal"), new byte[4]);
    try (LakeCache cache = open(hot(1000))) {
      read(cache, file("a", 600));
      assertThat(cache.has(file("a", 600))).isTrue();
    }
    assertThat(place).isDirectoryNotContaining("glob:**tmp*");
    assertThat(heard.warnings).isEmpty();
  }

  @Test
  void buriesTheHoldsOfADeadProcess() throws IOException {
    RemoteFile a = file("a", 600);
    try (LakeCache cache = open(hot(1000))) {
      read(cache, a);
    }
    Path dead =
        Files.createDirectories(folder.resolve("hot/lake/.hdl/held/" + Machine.ID + "-4711-dead"));
    Files.createLink(
        dead.resolve("1-600~a"), folder.resolve("hot/lake/contoso/curated/retail/sales/600~a"));
    try (LakeCache cache = open(hot(1000))) {
      read(cache, file("b", 600));
      assertThat(cache.has(a)).isFalse();
    }
    assertThat(dead).doesNotExist();
  }

  @Test
  void leavesTheHoldsOfAnotherMachineAloneUntilItWasSilentForLong() throws IOException {
    CacheTiers warm = CacheTiers.warmOnly(folder.resolve("warm"), 1000).keepFree(0);
    RemoteFile a = file("a", 600);
    try (LakeCache cache = open(warm)) {
      read(cache, a);
    }
    Path other =
        Files.createDirectories(folder.resolve("warm/lake/.hdl/held/0123456789abcdef-4711-other"));
    Files.createLink(
        other.resolve("1-600~a"), folder.resolve("warm/lake/contoso/curated/retail/sales/600~a"));
    Files.setLastModifiedTime(other, FileTime.from(clock.instant()));
    try (LakeCache cache = open(warm)) {
      read(cache, file("b", 600));
      assertThat(cache.has(a)).isTrue();
      clock.pass(Holder.SILENCE);
      read(cache, file("b", 600));
      assertThat(cache.has(a)).isFalse();
      assertThat(cache.has(file("b", 600))).isTrue();
    }
  }

  @Test
  void countsAnewWhereTheLedgerIsWrong() throws IOException {
    try (LakeCache cache = open(hot(1000))) {
      read(cache, file("a", 600));
      Files.delete(folder.resolve("hot/lake/.hdl/usage"));
      read(cache, file("b", 600));
      assertThat(cache.has(file("a", 600))).isFalse();
      assertThat(cache.has(file("b", 600))).isTrue();
    }
  }

  @Test
  void countsSeriesStoresAgainstTheSameQuota() throws IOException {
    Path stores = Files.createDirectories(folder.resolve("hot/series/table"));
    Path old = Files.write(stores.resolve("old.series"), new byte[400]);
    Files.write(stores.resolve("old.lock"), new byte[0]);
    Path young = Files.write(stores.resolve("young.series"), new byte[200]);
    Files.setLastModifiedTime(old, FileTime.from(clock.instant()));
    CacheTiers tiers = hot(1000);
    try (LakeCache cache = open(tiers)) {
      read(cache, file("a.series", 300));
      Files.setLastModifiedTime(young, FileTime.from(clock.instant()));
      read(cache, file("b", 300));
      assertThat(old).doesNotExist();
      assertThat(stores.resolve("old.lock")).doesNotExist();
      assertThat(cache.has(file("a.series", 300))).isTrue();
      read(cache, file("b", 300));
      // A store that is added pushes out files of the lake.
      Path added = Files.write(stores.resolve("added.series"), new byte[500]);
      Files.setLastModifiedTime(added, FileTime.from(clock.instant()));
      try (HeldFile held = cache.hold(file("b", 300), GO_ON)) {
        assertThat(TierSpace.of(tiers.hot().orElseThrow(), tiers).makeRoom()).isTrue();
        assertThat(added).exists();
        assertThat(held.path()).hasBinaryContent(MadeUpLake.content(file("b", 300)));
      }
      assertThat(cache.has(file("a.series", 300))).isFalse();
      assertThat(cache.has(file("b", 300))).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {11, 12, 13, 14})
  void keepsQuotaPinsAndOrderWhateverIsAskedFor(long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    long quota = 10_000;
    List<RemoteFile> all = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      all.add(file("f" + i, 100 + random.nextInt(2500)));
    }
    Map<RemoteFile, Integer> used = new LinkedHashMap<>();
    List<HeldFile> held = new ArrayList<>();
    try (LakeCache cache = open(hot(quota));
        SnapshotHolder lease = new SnapshotHolder(cache, clock)) {
      for (int step = 0; step < 400; step++) {
        int choice = random.nextInt(10);
        if (choice < 3 && !held.isEmpty()) {
          held.remove(random.nextInt(held.size())).close();
        } else if (choice == 3) {
          lease.move(List.of(all.get(random.nextInt(all.size()))));
        } else {
          RemoteFile wanted = all.get(random.nextInt(all.size()));
          List<RemoteFile> before = present(cache, all);
          HeldFile got = cache.hold(wanted, GO_ON);
          assertThat(got.path()).hasBinaryContent(MadeUpLake.content(wanted));
          List<RemoteFile> gone = new ArrayList<>(before);
          gone.removeAll(present(cache, all));
          check(seed, step, used, held, lease.files, before, gone);
          used.put(wanted, step);
          if (choice < 6 && held.size() < 6) {
            held.add(got);
          } else {
            got.close();
          }
        }
        assertThat(bytesIn(folder.resolve("hot")))
            .as("seed %s, step %s", seed, step)
            .isLessThanOrEqualTo(quota);
      }
      held.forEach(HeldFile::close);
    }
    try (LakeCache cache = open(hot(quota))) {
      long counted = bytesIn(folder.resolve("hot"));
      assertThat(Files.readString(folder.resolve("hot/lake/.hdl/usage")))
          .startsWith(String.format("%019d ", counted));
      assertThat(cache.statistics().of(Tier.HOT).failures()).isZero();
    }
  }

  /**
   * What is gone was neither held nor leased, and nothing that stayed could have gone before it.
   */
  private static void check(
      long seed,
      int step,
      Map<RemoteFile, Integer> used,
      List<HeldFile> held,
      List<RemoteFile> leased,
      List<RemoteFile> before,
      List<RemoteFile> gone) {
    List<RemoteFile> pinned = new ArrayList<>(leased);
    held.forEach(each -> pinned.add(each.file()));
    assertThat(gone).as("seed %s, step %s", seed, step).noneMatch(pinned::contains);
    for (RemoteFile each : gone) {
      for (RemoteFile stayed : before) {
        if (!gone.contains(stayed) && !pinned.contains(stayed)) {
          assertThat(used.get(each))
              .as("seed %s, step %s: %s went before %s", seed, step, each, stayed)
              .isLessThan(used.get(stayed));
        }
      }
    }
  }

  private static List<RemoteFile> present(LakeCache cache, List<RemoteFile> all) {
    return all.stream().filter(cache::has).toList();
  }

  /** One lease that moves from file to file. */
  private static final class SnapshotHolder implements AutoCloseable {
    private final LakeCache cache;
    private final Ticking clock;
    private List<RemoteFile> files = List.of();

    SnapshotHolder(LakeCache cache, Ticking clock) {
      this.cache = cache;
      this.clock = clock;
    }

    void move(List<RemoteFile> to) {
      cache.lease("job", "table", 1, to, clock.instant().plus(Duration.ofDays(1)));
      files = to;
    }

    @Override
    public void close() {}
  }
}
