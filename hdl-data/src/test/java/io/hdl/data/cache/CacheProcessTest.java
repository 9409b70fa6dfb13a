package io.hdl.data.cache;

import static io.hdl.data.cache.MadeUpLake.GO_ON;
import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.data.hostile.ChildJvm;
import io.hdl.data.transfer.RemoteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What processes share, and what is left when one is killed. */
class CacheProcessTest {
  private static final List<String> SMALL =
      List.of("-Xmx64m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC");
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir Path folder;
  private Path log;
  private Path out;

  @BeforeEach
  void makeFolders() throws IOException {
    log = Files.createDirectory(folder.resolve("log"));
    out = Files.createDirectory(folder.resolve("out"));
  }

  private ChildJvm start(String mode, String hot, String warm, long seed) throws IOException {
    return ChildJvm.start(
        out,
        SMALL,
        CacheProcess.class,
        mode,
        log.toString(),
        place(hot),
        place(warm),
        Long.toString(seed));
  }

  private String place(String name) {
    return name.equals("-") ? name : folder.resolve(name).toString();
  }

  private List<String> fetched() throws IOException {
    try (Stream<Path> notes = Files.list(log)) {
      return notes.map(note -> note.getFileName().toString().split("=", 2)[0]).toList();
    }
  }

  @ParameterizedTest
  @CsvSource({"hot, hot, -, -", "-, -, warm, warm", "hot, other, warm, warm"})
  void eightProcessesFetchEachFileOnce(String hot, String otherHot, String warm, String otherWarm)
      throws Exception {
    List<ChildJvm> processes = new ArrayList<>();
    try {
      for (int i = 0; i < 8; i++) {
        // Two machines with a disk each are two hot tiers over one warm.
        processes.add(start("once", i % 2 == 0 ? hot : otherHot, i < 4 ? warm : otherWarm, i));
      }
      for (ChildJvm process : processes) {
        assertThat(process.join(LIMIT)).as(process.output()).isZero();
        assertThat(process.output().lines()).containsExactly("ready", "done");
      }
    } finally {
      processes.forEach(ChildJvm::close);
    }
    assertThat(fetched()).hasSize(CacheProcess.FILES).doesNotHaveDuplicates();
  }

  @Test
  void goesOnWhenTheHolderOfALockDies() throws Exception {
    RemoteFile file = CacheProcess.files().get(0);
    try (ChildJvm stuck = start("stuck", "hot", "warm", 1)) {
      Awaitility.await().atMost(LIMIT).until(() -> fetched().contains("stuck"));
      assertThat(stuck.isRunning()).isTrue();
    }
    CacheTiers tiers = CacheProcess.tiers(place("hot"), place("warm"), CacheProcess.QUOTA);
    try (LakeCache cache = LakeCache.open(tiers, CacheProcess.noting(log, 0), new Heard())) {
      for (RemoteFile each : CacheProcess.files()) {
        CacheProcess.check(cache, each);
      }
      assertThat(cache.has(file)).isIn(true, false);
    }
    assertThat(fetched()).contains("part-0.parquet");
  }

  @Test
  void killedAtAnyMomentLeavesNothingWrong() throws Exception {
    long seed = 20261122;
    SplittableRandom random = new SplittableRandom(seed);
    for (int kill = 0; kill < 8; kill++) {
      // Two at a time, so that one makes room under the other's hands.
      try (ChildJvm one = start("churn", "hot", "warm", random.nextLong());
          ChildJvm other = start("churn", "hot", "warm", random.nextLong())) {
        Awaitility.await()
            .atMost(LIMIT)
            .until(() -> one.output().contains("ready") && other.output().contains("ready"));
        LockSupport.parkNanos(random.nextLong(400_000_000));
        assertThat(one.isRunning()).as(one.output()).isTrue();
        assertThat(other.isRunning()).as(other.output()).isTrue();
      }
    }
    CacheTiers tiers = CacheProcess.tiers(place("hot"), place("warm"), CacheProcess.QUOTA);
    Heard heard = new Heard();
    try (LakeCache cache = LakeCache.open(tiers, CacheProcess.noting(log, 0), heard)) {
      for (RemoteFile file : CacheProcess.files()) {
        CacheProcess.check(cache, file);
        cache.hold(file, GO_ON).close();
      }
      CacheStatistics statistics = cache.statistics();
      assertThat(statistics.of(Tier.HOT).corrupt()).isZero();
      assertThat(statistics.of(Tier.WARM).corrupt()).isZero();
      assertThat(statistics.of(Tier.HOT).failures()).isZero();
    }
    assertThat(heard.warnings).isEmpty();
    for (String tier : List.of("hot", "warm")) {
      assertThat(bytesIn(folder.resolve(tier))).isLessThanOrEqualTo(CacheProcess.QUOTA);
      try (Stream<Path> holders = Files.list(folder.resolve(tier + "/lake/.hdl/held"))) {
        assertThat(holders).isEmpty();
      }
    }
  }

  private static long bytesIn(Path tier) throws IOException {
    try (Stream<Path> all = Files.walk(tier)) {
      return all.filter(each -> each.getFileName().toString().matches("\\d+~.*|\\.hdl-.*"))
          .mapToLong(each -> each.toFile().length())
          .sum();
    }
  }
}
