package io.hdl.data.lake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.testing.TestData;
import io.hdl.data.cache.CacheListener;
import io.hdl.data.cache.CacheTiers;
import io.hdl.data.cache.SnapshotLease;
import io.hdl.data.cache.Verification;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DataFile;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.profile.ProfileSpec;
import io.hdl.data.profile.TableProfile;
import io.hdl.data.storage.LakeAddress;
import io.hdl.data.transfer.RemoteFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LakeTableTest {
  private static final LakeAddress CONTAINER =
      LakeAddress.parse("abfss://curated@contoso.dfs.core.windows.net");
  private static final LakeAddress SALES = CONTAINER.resolve("retail/sales");

  @TempDir Path folder;
  private final List<String> warnings = new ArrayList<>();

  private FolderLink link() {
    return new FolderLink(CONTAINER, folder.resolve("lake"));
  }

  private CacheTiers tiers() {
    return CacheTiers.hot(folder.resolve("hot")).warm(folder.resolve("warm"));
  }

  private LakeTable open(LakeLink link) {
    return open(link, tiers());
  }

  private LakeTable open(LakeLink link, CacheTiers tiers) {
    return LakeTable.over(
        link,
        SALES,
        tiers,
        new CacheListener() {
          @Override
          public void warning(String text) {
            warnings.add(text);
          }
        });
  }

  private Path sales() {
    return folder.resolve("lake/retail/sales");
  }

  private DeltaTableWriter write(int commits) {
    DeltaTableWriter writer =
        DeltaTableWriter.create(sales(), List.of(Column.of("n", ColumnType.INTEGER)));
    for (int commit = 0; commit < commits; commit++) {
      append(writer, commit);
    }
    return writer;
  }

  private static void append(DeltaTableWriter writer, int number) {
    writer.append(List.<@Nullable Object[]>of(new @Nullable Object[] {number}));
  }

  private static Map<String, Object> profile(TableSnapshot snapshot) {
    return TableProfile.of(snapshot, ProfileSpec.allColumns(), 2, () -> {}).jsonWithChecksums();
  }

  private static void copy(Path from, Path to) {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "retail_plain",
        "retail_dv",
        "retail_colmap_name",
        "retail_v2ckpt_parquet",
        "retail_multipart_ckpt",
        "all_types",
        "empty_table"
      })
  void readsWhatTheFolderItselfHoldsOnceOverTheLinkAndThenWithoutIt(String name) {
    copy(TestData.require("delta/" + name).resolve("table"), sales());
    TableSnapshot local = TableSnapshot.open(sales(), TableVersion.latest());
    Map<String, Object> expected = new HashMap<>(profile(local));
    expected.put("table", SALES.toString());
    FolderLink first = link();
    long version;
    try (LakeTable table = open(first)) {
      TableSnapshot snapshot = table.snapshot(TableVersion.latest());
      version = snapshot.version();
      assertThat(snapshot.uri()).isEqualTo(SALES.toString());
      assertThat(snapshot.timestamp()).isEqualTo(local.timestamp());
      assertThat(profile(snapshot)).isEqualTo(expected);
      assertThat(table.isCached(snapshot)).isTrue();
      assertThat(table.history().versions())
          .isEqualTo(io.hdl.data.delta.TableHistory.open(sales()).versions());
    }
    assertThat(first.fetched).doesNotHaveDuplicates();
    FolderLink second = link();
    second.cut = true;
    try (LakeTable table = open(second)) {
      TableSnapshot snapshot = table.snapshot(TableVersion.number(version));
      assertThat(snapshot.timestamp()).isEqualTo(local.timestamp());
      assertThat(profile(snapshot)).isEqualTo(expected);
    }
    assertThat(second.requests).hasValue(0);
    assertThat(warnings).isEmpty();
  }

  @Test
  void asksNothingOfTheLakeForANumberThatItHas() {
    write(3);
    try (LakeTable table = open(link())) {
      table.snapshot(TableVersion.number(2));
    }
    FolderLink link = link();
    try (LakeTable table = open(link)) {
      assertThat(table.snapshot(TableVersion.number(2)).version()).isEqualTo(2);
      assertThat(link.requests).hasValue(0);
      // Version 1 is made of files that came for version 2.
      assertThat(table.snapshot(TableVersion.number(1)).version()).isEqualTo(1);
      assertThat(link.requests).hasValue(0);
      assertThat(table.snapshot(TableVersion.number(3)).version()).isEqualTo(3);
      assertThat(link.fetched).containsExactly("%020d.json".formatted(3));
    }
  }

  @Test
  void latestNeverComesFromTheCacheAlone() {
    DeltaTableWriter writer = write(2);
    try (LakeTable table = open(link())) {
      assertThat(table.snapshot(TableVersion.latest()).version()).isEqualTo(2);
      append(writer, 7);
      assertThat(table.snapshot(TableVersion.latest()).version()).isEqualTo(3);
      assertThat(table.snapshot(TableVersion.latest().orNewestCached()).version()).isEqualTo(3);
    }
    FolderLink cut = link();
    cut.cut = true;
    try (LakeTable table = open(cut)) {
      assertThatThrownBy(() -> table.snapshot(TableVersion.latest()))
          .isInstanceOfSatisfying(
              HdlException.class,
              e -> {
                assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                assertThat(e.retryable()).isTrue();
              })
          .hasMessage(
              "Cannot find out the newest version of the table "
                  + SALES
                  + ": the lake cannot be reached, and cached here: 3, 2, 1, 0. Restore the link,"
                  + " name a version, or choose TableVersion.latest().orNewestCached(). The link's"
                  + " last word: Cannot reach contoso.dfs.core.windows.net: connection refused.");
    }
  }

  @Test
  void takesTheNewestVersionOfWhichAllIsCachedIfThatWasAskedFor() {
    DeltaTableWriter writer = write(2);
    try (LakeTable table = open(link())) {
      profile(table.snapshot(TableVersion.latest()));
      append(writer, 7);
      // Its log is cached, its data are not.
      table.snapshot(TableVersion.latest());
    }
    FolderLink cut = link();
    cut.cut = true;
    try (LakeTable table = open(cut)) {
      TableSnapshot snapshot = table.snapshot(TableVersion.latest().orNewestCached());
      assertThat(snapshot.version()).isEqualTo(2);
      assertThat(profile(snapshot)).containsEntry("rows", 2L);
      assertThat(warnings)
          .containsExactly(
              "Reading version 2 of "
                  + SALES
                  + ", the newest one that is cached, committed at "
                  + snapshot.timestamp()
                  + ": the newest one of the lake is not known, as the lake cannot be reached"
                  + " (Cannot reach contoso.dfs.core.windows.net: connection refused.).");
    }
  }

  @Test
  void saysWhatIsNotCachedWhileTheLinkIsDown() {
    write(2);
    FolderLink cut = link();
    cut.cut = true;
    try (LakeTable table = open(cut)) {
      for (TableVersion wanted :
          List.of(TableVersion.latest(), TableVersion.latest().orNewestCached())) {
        assertThatThrownBy(() -> table.snapshot(wanted))
            .hasMessageStartingWith(
                "Cannot find out the newest version of the table "
                    + SALES
                    + ": the lake cannot be reached, and no version is cached here. Restore the"
                    + " link. The link's last word: ");
      }
      assertThatThrownBy(() -> table.snapshot(TableVersion.number(1)))
          .hasMessageStartingWith("Cannot open version 1 of the table " + SALES + ": the lake");
      assertThatThrownBy(() -> table.snapshot(TableVersion.asOf(Instant.EPOCH)))
          .hasMessageStartingWith(
              "Cannot find out the version of the table "
                  + SALES
                  + " as of 1970-01-01T00:00:00Z: the lake cannot be reached");
    }
  }

  @Test
  void listsFromTheNewestCachedCheckpointOn() {
    Path real = TestData.require("delta/retail_multipart_ckpt").resolve("table");
    copy(real, sales());
    FolderLink link = link();
    try (LakeTable table = open(link)) {
      TableSnapshot latest = table.snapshot(TableVersion.latest());
      int commits = (int) latest.version() + 1;
      assertThat(link.fetched.stream().filter(name -> name.endsWith(".json")).count())
          .isLessThan(commits / 2);
      // An old version still is found, though the listing began later.
      assertThat(table.snapshot(TableVersion.number(1)).version()).isEqualTo(1);
      assertThatThrownBy(() -> table.snapshot(TableVersion.number(99)))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VERSION_NOT_FOUND))
          .hasMessageContaining("(versions 0 to " + latest.version() + " exist)");
    }
  }

  @Test
  void readsOneVersionWhileOthersAreCommitted() {
    DeltaTableWriter writer = write(1);
    FolderLink link = link();
    AtomicBoolean once = new AtomicBoolean();
    link.afterList =
        () -> {
          if (!once.getAndSet(true)) {
            append(writer, 100);
            append(writer, 101);
          }
        };
    try (LakeTable table = open(link)) {
      TableSnapshot snapshot = table.snapshot(TableVersion.latest());
      assertThat(snapshot.version()).isEqualTo(1);
      assertThat(profile(snapshot)).containsEntry("rows", 1L);
      assertThat(table.snapshot(TableVersion.latest()).version()).isEqualTo(3);
    }
  }

  @Test
  void replaysAVersionThatTheLakeHasNoMore() throws IOException {
    write(3);
    Map<String, Object> before;
    long kept;
    try (LakeTable table = open(link())) {
      TableSnapshot snapshot = table.snapshot(TableVersion.number(2));
      kept = snapshot.version();
      before = profile(snapshot);
      SnapshotLease lease =
          table.lease("job/run-1", snapshot, Instant.now().plus(Duration.ofDays(1)));
      assertThat(lease.complete(() -> {})).isEmpty();
      assertThat(lease.files()).containsExactlyInAnyOrderElementsOf(table.files(snapshot));
    }
    vacuum();
    deleteAll(folder.resolve("hot"));
    FolderLink link = link();
    try (LakeTable table = open(link)) {
      TableSnapshot replayed = table.snapshot(TableVersion.number(kept));
      assertThat(profile(replayed)).isEqualTo(before);
      assertThat(link.fetched).isEmpty();
    }
    deleteAll(folder.resolve("hot"));
    deleteAll(folder.resolve("warm"));
    try (LakeTable table = open(link())) {
      TableSnapshot gone = table.snapshot(TableVersion.number(kept));
      assertThatThrownBy(() -> profile(gone))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_FILES_MISSING))
          .hasMessageContaining("Cannot read version 2 of the table " + SALES + ": its file ")
          .hasMessageContaining(" is gone, as after VACUUM.");
    }
  }

  private void vacuum() throws IOException {
    try (Stream<Path> files = Files.list(sales())) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        Files.delete(file);
      }
    }
  }

  private static void deleteAll(Path of) throws IOException {
    com.google.common.io.MoreFiles.deleteRecursively(
        of, com.google.common.io.RecursiveDeleteOption.ALLOW_INSECURE);
  }

  @Test
  void fetchesADamagedCopyAnew() throws IOException {
    write(3);
    CacheTiers checked = CacheTiers.hot(folder.resolve("hot")).verify(Verification.CHECKSUM);
    Map<String, Object> before;
    try (LakeTable table = open(link(), checked)) {
      before = profile(table.snapshot(TableVersion.number(3)));
    }
    List<Path> copies;
    try (Stream<Path> files = Files.walk(folder.resolve("hot"))) {
      copies = files.filter(file -> file.getFileName().toString().endsWith(".parquet")).toList();
    }
    for (Path copy : copies) {
      byte[] bytes = Files.readAllBytes(copy);
      bytes[bytes.length / 2] ^= 4;
      Files.write(copy, bytes, StandardOpenOption.WRITE);
    }
    FolderLink link = link();
    try (LakeTable table = open(link, checked)) {
      assertThat(profile(table.snapshot(TableVersion.number(3)))).isEqualTo(before);
    }
    assertThat(link.fetched).hasSize(3).allMatch(name -> name.endsWith(".parquet"));
    assertThat(warnings).isNotEmpty();
  }

  @Test
  void saysThatThereIsNoTable() throws IOException {
    Files.createDirectories(folder.resolve("lake"));
    try (LakeTable table = open(link())) {
      assertThatThrownBy(() -> table.snapshot(TableVersion.latest()))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
          .hasMessage(
              "Cannot open the table "
                  + SALES
                  + ": nothing lies at this address. Check the account, the container and the"
                  + " path.");
    }
    Files.createDirectories(sales());
    Files.writeString(sales().resolve("part.parquet"), "x");
    try (LakeTable table = open(link())) {
      assertThatThrownBy(() -> table.snapshot(TableVersion.latest()))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_A_DELTA_TABLE))
          .hasMessage(
              "Cannot open the table "
                  + SALES
                  + ": it is not a Delta table (its folder _delta_log is missing or empty). Give"
                  + " the folder that holds _delta_log, or convert the data to Delta first.");
    }
  }

  @Test
  void namesAllFilesOfAVersion() {
    copy(TestData.require("delta/retail_v2ckpt_parquet").resolve("table"), sales());
    try (LakeTable table = open(link())) {
      TableSnapshot snapshot = table.snapshot(TableVersion.latest());
      List<String> names =
          table.files(snapshot).stream().map(file -> LakePaths.name(file.uri())).toList();
      assertThat(new HashSet<>(names)).hasSameSizeAs(names);
      assertThat(names).anyMatch(name -> name.endsWith(".json"));
      assertThat(table.files(snapshot).stream().map(RemoteFile::uri))
          .anyMatch(uri -> uri.getPath().contains("/_sidecars/"))
          .containsAll(
              snapshot.files().stream().map(DataFile::address).map(java.net.URI::create).toList());
      assertThat(names).anyMatch(name -> name.endsWith(".bin"));
    }
  }
}
