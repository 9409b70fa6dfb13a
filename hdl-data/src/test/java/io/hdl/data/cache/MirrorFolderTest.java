package io.hdl.data.cache;

import static io.hdl.data.cache.MadeUpLake.GO_ON;
import static io.hdl.data.cache.MadeUpLake.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.data.transfer.RemoteFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MirrorFolderTest {
  private static final Instant MODIFIED = Instant.parse("2024-05-06T07:08:09Z");

  @TempDir Path folder;
  private final MadeUpLake lake = new MadeUpLake();

  private LakeCache open(CacheTiers tiers) {
    return LakeCache.open(tiers, lake, new Heard());
  }

  private CacheTiers hot(long bytes) {
    return CacheTiers.hot(folder.resolve("hot"), bytes).keepFree(0);
  }

  @Test
  void showsFilesUnderTheirOwnNamesAndTimes() throws IOException {
    RemoteFile commit = file("_delta_log/00000000000000000000.json", 100);
    RemoteFile sidecar = file("_delta_log/_sidecars/a%20b.parquet", 200);
    try (LakeCache cache = open(hot(5000).warm(folder.resolve("warm"), 5000));
        MirrorFolder mirror = cache.mirror(MadeUpLake.table())) {
      Path one = mirror.add(commit, MODIFIED, GO_ON);
      Path other = mirror.add(sidecar, MODIFIED, GO_ON);
      assertThat(one)
          .isEqualTo(mirror.path().resolve("_delta_log/00000000000000000000.json"))
          .hasBinaryContent(MadeUpLake.content(commit));
      assertThat(other).isEqualTo(mirror.path().resolve("_delta_log/_sidecars/a b.parquet"));
      assertThat(Files.getLastModifiedTime(one).toInstant()).isEqualTo(MODIFIED);
      try (Stream<Path> log = Files.list(mirror.path().resolve("_delta_log"))) {
        assertThat(log).hasSize(2);
      }
      assertThat(mirror.add(commit, MODIFIED, GO_ON)).isEqualTo(one);
    }
    assertThat(lake.fetches()).hasSize(2);
    // The time is known without the lake, too, from either tier.
    for (CacheTiers tiers :
        new CacheTiers[] {hot(5000), CacheTiers.warmOnly(folder.resolve("warm"), 5000)}) {
      try (LakeCache cache = open(tiers.keepFree(0))) {
        assertThat(cache.known(MadeUpLake.table().resolve("_delta_log/")))
            .singleElement()
            .satisfies(known -> assertThat(known.modified()).isEqualTo(MODIFIED))
            .satisfies(known -> assertThat(known.file().uri()).isEqualTo(commit.uri()));
      }
    }
  }

  @Test
  void replacesAFileOfAnotherSize() throws IOException {
    RemoteFile before = file("_delta_log/00000000000000000000.json", 100);
    RemoteFile after = file("_delta_log/00000000000000000000.json", 101);
    try (LakeCache cache = open(hot(5000));
        MirrorFolder mirror = cache.mirror(MadeUpLake.table())) {
      mirror.add(before, MODIFIED, GO_ON);
      assertThat(mirror.add(after, MODIFIED, GO_ON)).hasBinaryContent(MadeUpLake.content(after));
    }
  }

  @Test
  void holdsItsFilesUntilItIsClosed() throws IOException {
    RemoteFile commit = file("_delta_log/00000000000000000000.json", 600);
    try (LakeCache cache = open(hot(1000))) {
      Path local;
      try (MirrorFolder mirror = cache.mirror(MadeUpLake.table())) {
        local = mirror.add(commit, MODIFIED, GO_ON);
        for (int i = 0; i < 10; i++) {
          cache.hold(file("other-" + i, 300), GO_ON).close();
        }
        assertThat(local).hasBinaryContent(MadeUpLake.content(commit));
        assertThat(cache.has(commit)).isTrue();
      }
      assertThat(local).doesNotExist();
      for (int i = 0; i < 10; i++) {
        cache.hold(file("other-" + i, 300), GO_ON).close();
      }
      assertThat(cache.has(commit)).isFalse();
    }
  }

  @Test
  void showsWhatLiesInAnotherTier() throws IOException {
    RemoteFile large = file("_delta_log/00000000000000000010.checkpoint.parquet", 600);
    try (LakeCache cache = open(hot(500));
        MirrorFolder mirror = cache.mirror(MadeUpLake.table())) {
      assertThat(mirror.add(large, MODIFIED, GO_ON)).hasBinaryContent(MadeUpLake.content(large));
    }
  }

  @Test
  void worksWithoutAnyTier() {
    RemoteFile commit = file("_delta_log/00000000000000000000.json", 600);
    try (LakeCache cache = open(CacheTiers.none());
        MirrorFolder mirror = cache.mirror(MadeUpLake.table())) {
      assertThat(mirror.add(commit, MODIFIED, GO_ON)).hasBinaryContent(MadeUpLake.content(commit));
    }
  }

  @Test
  void takesFilesOfItsFolderAlone() {
    RemoteFile other = RemoteFile.of(URI.create("abfss://c@a.dfs.core.windows.net/x"), 1);
    try (LakeCache cache = open(hot(1000));
        MirrorFolder mirror = cache.mirror(MadeUpLake.table())) {
      assertThatThrownBy(() -> mirror.add(other, MODIFIED, GO_ON))
          .hasMessageContaining("expected: a file below " + MadeUpLake.table());
    }
  }
}
