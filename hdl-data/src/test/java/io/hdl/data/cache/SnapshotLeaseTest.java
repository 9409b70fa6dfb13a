package io.hdl.data.cache;

import static io.hdl.data.cache.MadeUpLake.GO_ON;
import static io.hdl.data.cache.MadeUpLake.file;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.transfer.RemoteFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SnapshotLeaseTest {
  private static final String TABLE = "abfss://curated@contoso.dfs.core.windows.net/retail/sales";

  @TempDir Path folder;
  private final MadeUpLake lake = new MadeUpLake();
  private final Heard heard = new Heard();
  private final CacheSpaceTest.Ticking clock = new CacheSpaceTest.Ticking();
  private final List<RemoteFile> version =
      List.of(file("_delta_log/00000000000000000000.json", 100), file("a", 300), file("b", 300));

  private LakeCache open(CacheTiers tiers) throws IOException {
    Path temporary = Files.createDirectories(folder.resolve("tmp"));
    return LakeCache.open(tiers, lake, heard, clock, temporary);
  }

  private CacheTiers warm() {
    return CacheTiers.warmOnly(folder.resolve("warm"), 1000).keepFree(0);
  }

  private Instant tomorrow() {
    return clock.instant().plus(Duration.ofDays(1));
  }

  private void fill(LakeCache cache, int number) {
    for (int i = 0; i < number; i++) {
      cache.hold(file("other-" + i, 250), GO_ON).close();
    }
  }

  @Test
  void keepsItsFilesInTheWarmTierAcrossProcesses() throws IOException {
    try (LakeCache cache = open(warm())) {
      SnapshotLease lease = cache.lease("job", TABLE, 7, version, tomorrow());
      assertThat(lease.missing()).isEqualTo(version);
      assertThat(lease.complete(GO_ON)).isEmpty();
      assertThat(lease.tier()).isEqualTo(Tier.WARM);
    }
    try (LakeCache cache = open(warm())) {
      fill(cache, 10);
      version.forEach(file -> lake.fail(MadeUpLake.name(file), new Vacuumed()));
      for (RemoteFile file : version) {
        try (HeldFile held = cache.hold(file, GO_ON)) {
          assertThat(held.path()).hasBinaryContent(MadeUpLake.content(file));
        }
      }
    }
  }

  /** The lake has removed the version. */
  private static final class Vacuumed extends HdlException {
    private static final long serialVersionUID = 1L;

    Vacuumed() {
      super(ErrorCode.NOT_FOUND, "vacuumed");
    }
  }

  @Test
  void endsByItsTime() throws IOException {
    try (LakeCache cache = open(warm())) {
      cache.lease("job", TABLE, 7, version, tomorrow()).complete(GO_ON);
      assertThat(cache.leases(TABLE)).hasSize(1);
      clock.pass(Duration.ofDays(2));
      assertThat(cache.leases(TABLE)).isEmpty();
      fill(cache, 10);
      assertThat(version).noneMatch(cache::has);
    }
  }

  @Test
  void isRenewedAndReleased() throws IOException {
    try (LakeCache cache = open(warm())) {
      cache.lease("job", TABLE, 7, version, tomorrow()).complete(GO_ON);
      SnapshotLease found = cache.leases(TABLE).get(0);
      assertThat(found.holder()).isEqualTo("job");
      assertThat(found.table()).isEqualTo(TABLE);
      assertThat(found.version()).isEqualTo(7);
      assertThat(found.files()).isEqualTo(version);
      found.renew(clock.instant().plus(Duration.ofDays(9)));
      clock.pass(Duration.ofDays(3));
      fill(cache, 10);
      assertThat(version).allMatch(cache::has);
      found.release();
      found.release();
      fill(cache, 10);
      assertThat(version).noneMatch(cache::has);
    }
  }

  @Test
  void isOnePerHolderAndVersion() throws IOException {
    try (LakeCache cache = open(warm())) {
      cache.lease("job", TABLE, 7, version, tomorrow());
      cache.lease("job", TABLE, 7, version.subList(0, 1), tomorrow());
      cache.lease("job", TABLE, 8, version, tomorrow());
      cache.lease("other", TABLE, 8, version, tomorrow());
      cache.lease("other", TABLE + "2", 8, version, tomorrow());
      assertThat(cache.leases(TABLE)).hasSize(3);
      assertThat(cache.leases(TABLE).stream().filter(each -> each.version() == 7))
          .singleElement()
          .satisfies(each -> assertThat(each.files()).hasSize(1));
    }
  }

  @Test
  void copiesFromTheHotTierWhatIsThere() throws IOException {
    CacheTiers tiers = CacheTiers.hot(folder.resolve("hot"), 5000).keepFree(0);
    try (LakeCache cache = open(tiers)) {
      version.forEach(file -> cache.hold(file, GO_ON).close());
    }
    try (LakeCache cache = open(tiers.warm(folder.resolve("warm"), 1000))) {
      SnapshotLease lease = cache.lease("job", TABLE, 7, version, tomorrow());
      assertThat(lease.complete(GO_ON)).isEmpty();
      assertThat(lake.fetches()).hasSize(3);
    }
    try (LakeCache cache = open(warm())) {
      assertThat(version).allMatch(cache::has);
    }
  }

  @Test
  void saysWhatHasNoRoom() throws IOException {
    List<RemoteFile> tooMuch = List.of(file("a", 600), file("b", 600));
    try (LakeCache cache = open(warm())) {
      SnapshotLease lease = cache.lease("job", TABLE, 7, tooMuch, tomorrow());
      assertThat(lease.complete(GO_ON)).containsExactly(file("b", 600));
    }
    assertThat(heard.warnings).singleElement().asString().contains("in use or leased");
  }

  @Test
  void liesInTheHotTierWhereThereIsNoWarm() throws IOException {
    try (LakeCache cache = open(CacheTiers.hot(folder.resolve("hot"), 1000).keepFree(0))) {
      SnapshotLease lease = cache.lease("job", TABLE, 7, version, tomorrow());
      assertThat(lease.complete(GO_ON)).isEmpty();
      assertThat(lease.tier()).isEqualTo(Tier.HOT);
      fill(cache, 10);
      assertThat(version).allMatch(cache::has);
    }
  }

  @Test
  void needsATier() throws IOException {
    try (LakeCache cache = open(CacheTiers.none())) {
      assertThatThrownBy(() -> cache.lease("job", TABLE, 7, version, tomorrow()))
          .isInstanceOfSatisfying(
              HdlException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.ENVIRONMENT_MISMATCH))
          .hasMessage(
              "Cannot keep version 7 of "
                  + TABLE
                  + " for job: there is no cache tier that can be used. Name one with CacheTiers.");
    }
  }

  @Test
  void aDamagedLeaseKeepsNothing() throws IOException {
    try (LakeCache cache = open(warm())) {
      cache.lease("job", TABLE, 7, version, tomorrow()).complete(GO_ON);
      try (var leases = Files.list(folder.resolve("warm/lake/.hdl/leases"))) {
        Path only = leases.findFirst().orElseThrow();
        Files.writeString(only, "hdl-lease 1\nholder job\n");
      }
      assertThat(cache.leases(TABLE)).isEmpty();
      fill(cache, 10);
      assertThat(version).noneMatch(cache::has);
    }
  }
}
