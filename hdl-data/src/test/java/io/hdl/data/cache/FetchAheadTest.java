package io.hdl.data.cache;

import static io.hdl.data.cache.MadeUpLake.GO_ON;
import static io.hdl.data.cache.MadeUpLake.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.transfer.RemoteFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FetchAheadTest {
  @TempDir Path folder;
  private final MadeUpLake lake = new MadeUpLake();
  private final Heard heard = new Heard();

  private LakeCache open(long quota) {
    return LakeCache.open(CacheTiers.hot(folder.resolve("hot"), quota).keepFree(0), lake, heard);
  }

  private static List<RemoteFile> files(int number, long size) {
    List<RemoteFile> files = new ArrayList<>();
    for (int i = 0; i < number; i++) {
      files.add(file("f" + i, size));
    }
    return files;
  }

  private void awaitFetches(int number) {
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> lake.fetches().size() >= number);
  }

  @Test
  void fetchesEachFileOnceAheadOfItsReader() {
    List<RemoteFile> files = files(12, 1000);
    try (LakeCache cache = open(1 << 20);
        FetchAhead ahead = cache.ahead(files)) {
      awaitFetches(12);
      Awaitility.await()
          .atMost(Duration.ofMinutes(1))
          .until(() -> files.stream().allMatch(cache::has));
      for (RemoteFile file : files) {
        try (HeldFile held = cache.hold(file, GO_ON)) {
          assertThat(held.path()).hasBinaryContent(MadeUpLake.content(file));
        }
      }
      // For the reader it was as if all had been there.
      assertThat(cache.statistics().of(Tier.HOT).hits()).isEqualTo(12);
      assertThat(cache.statistics().of(Tier.HOT).misses()).isZero();
      assertThat(cache.statistics().of(Tier.LAKE).waited()).isZero();
    }
    assertThat(lake.fetches()).hasSize(12).doesNotHaveDuplicates();
  }

  @Test
  void staysWithinItsSpaceUntilFilesAreAskedFor() {
    List<RemoteFile> files = files(10, 1000);
    try (LakeCache cache = open(1 << 20);
        FetchAhead ahead = cache.ahead(files, 3000)) {
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> cache.has(files.get(2)));
      // It could only fetch on with room for more.
      assertThat(lake.fetches()).containsExactlyInAnyOrder("f0", "f1", "f2");
      cache.hold(files.get(0), GO_ON).close();
      awaitFetches(4);
      Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> cache.has(files.get(3)));
      assertThat(lake.fetches()).hasSize(4).endsWith("f3");
    }
  }

  @Test
  void fetchesAtMostAFewAtATime() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    CountDownLatch full = new CountDownLatch(Background.FETCHES);
    lake.whileFetching(
        () -> {
          most.accumulateAndGet(now.incrementAndGet(), Math::max);
          full.countDown();
          await(full);
          now.decrementAndGet();
        });
    try (LakeCache cache = open(1 << 20);
        FetchAhead ahead = cache.ahead(files(12, 1000))) {
      awaitFetches(12);
    }
    assertThat(most).hasValue(Background.FETCHES);
  }

  @Test
  void neverRemovesWhatItFetchedAndNobodyUsedYet() {
    List<RemoteFile> files = files(10, 1000);
    try (LakeCache cache = open(4000)) {
      try (FetchAhead ahead = cache.ahead(files)) {
        for (RemoteFile file : files) {
          cache.hold(file, GO_ON).close();
        }
        assertThat(lake.fetches()).hasSize(10).doesNotHaveDuplicates();
      }
      assertThat(cache.statistics().of(Tier.HOT).evictions()).isPositive();
    }
    assertThat(heard.warnings).isEmpty();
  }

  @Test
  void leavesFailuresToWhoeverAsks() {
    List<RemoteFile> files = files(3, 1000);
    lake.fail("f1", new HdlException(ErrorCode.NOT_FOUND, "gone"));
    try (LakeCache cache = open(1 << 20);
        FetchAhead ahead = cache.ahead(files)) {
      awaitFetches(3);
      cache.hold(files.get(0), GO_ON).close();
      assertThatThrownBy(() -> cache.hold(files.get(1), GO_ON)).hasMessage("gone");
      cache.hold(files.get(2), GO_ON).close();
    }
    assertThat(heard.warnings).isEmpty();
  }

  @Test
  void joinsTheFetchThatIsUnderWay() throws Exception {
    RemoteFile file = file("f0", 1000);
    CountDownLatch fetching = new CountDownLatch(1);
    CountDownLatch asking = new CountDownLatch(1);
    lake.whileFetching(
        () -> {
          fetching.countDown();
          await(asking);
        });
    try (LakeCache cache = open(1 << 20);
        FetchAhead ahead = cache.ahead(List.of(file))) {
      await(fetching);
      cache.hold(file, asking::countDown).close();
    }
    assertThat(lake.fetches()).hasSize(1);
  }

  @Test
  void endsWhenItIsClosed() throws Exception {
    CountDownLatch fetching = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    lake.whileFetching(
        () -> {
          fetching.countDown();
          await(closed);
        });
    List<RemoteFile> files = files(20, 1000);
    try (LakeCache cache = open(1 << 20)) {
      FetchAhead ahead = cache.ahead(files);
      await(fetching);
      ahead.close();
      closed.countDown();
    }
    assertThat(lake.fetches()).hasSizeLessThanOrEqualTo(Background.FETCHES);
  }

  @Test
  void worksWithoutAnyTier() {
    List<RemoteFile> files = files(5, 1000);
    try (LakeCache cache = LakeCache.open(CacheTiers.none(), lake, heard);
        FetchAhead ahead = cache.ahead(files)) {
      awaitFetches(5);
      for (RemoteFile file : files) {
        try (HeldFile held = cache.hold(file, GO_ON)) {
          assertThat(held.path()).hasBinaryContent(MadeUpLake.content(file));
        }
      }
    }
    assertThat(lake.fetches()).hasSize(5);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
