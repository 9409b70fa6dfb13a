package io.hdl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.event.JobEvent;
import io.hdl.core.job.Opened;
import io.hdl.core.retry.RetryPolicy;
import io.hdl.core.testing.TestData;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.cache.CacheTiers;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.feed.Lease;
import io.hdl.data.profile.ProfileSpec;
import io.hdl.data.profile.TableProfile;
import io.hdl.data.row.RowBatch;
import io.hdl.data.row.RowDataset;
import io.hdl.data.row.RowFeed;
import io.hdl.data.row.RowPass;
import io.hdl.data.row.RowSpec;
import io.hdl.data.scan.ExpectedTable;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.Part;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.storage.LakeAccess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What sources do on a table of a lake, whichever serves it. */
abstract class LakeSourceContract {
  static final String CONTAINER = "curated";

  @TempDir Path folder;

  /** A lake with the container. */
  interface Lake extends AutoCloseable {
    /** How it is reached. */
    LakeAccess access();

    /** The address of a path in the container. */
    String address(String path);

    /** Puts the files of a folder there. */
    void put(String path, Path from);

    /** Removes a file. */
    void remove(String path);

    /** Bytes that it has sent, where it counts them, else 0. */
    long bytesSent();

    /** Ends it: the link is cut. */
    void cut();

    @Override
    void close();
  }

  abstract Lake start();

  /** An access that gives up soon. */
  static LakeAccess impatient(LakeAccess access) {
    return access.retry(
        RetryPolicy.builder()
            .maxTries(2)
            .firstDelay(Duration.ofMillis(10))
            .deadline(Duration.ofSeconds(10))
            .build());
  }

  DeltaSource source(Lake lake, String path) {
    return DeltaSource.at(lake.address(path)).access(impatient(lake.access())).cache(tiers());
  }

  CacheTiers tiers() {
    return CacheTiers.hot(folder.resolve("hot")).warm(folder.resolve("warm"));
  }

  static SeriesSpec spec() {
    return SeriesSpec.keyedBy("item")
        .orderedBy("date", Frequency.DAILY)
        .target("units")
        .known("promo");
  }

  /** Sales of two items, half of the days in each version. */
  Path sales() {
    Path table = folder.resolve("local/sales");
    DeltaTableWriter writer =
        DeltaTableWriter.create(
            table,
            List.of(
                Column.of("item", ColumnType.STRING),
                Column.of("date", ColumnType.DATE),
                Column.of("units", ColumnType.DOUBLE),
                Column.of("promo", ColumnType.BOOLEAN)),
            "item");
    append(writer, 0, 20);
    append(writer, 20, 40);
    return table;
  }

  private static void append(DeltaTableWriter writer, int from, int to) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int day = from; day < to; day++) {
      LocalDate date = LocalDate.of(2024, 1, 1).plusDays(day);
      rows.add(new @Nullable Object[] {"a", date, day * 2.0, day % 3 == 0});
      rows.add(new @Nullable Object[] {"b b/ä%", date, day * 3.0, day % 5 == 0});
    }
    writer.append(rows);
  }

  static List<Float> values(SeriesStore store) {
    List<Float> values = new ArrayList<>();
    for (int series = 0; series < store.keys().size(); series++) {
      for (int step = 0; step < store.length(series); step++) {
        for (int channel = 0; channel < store.channels().size(); channel++) {
          values.add(store.value(series, step, channel));
        }
      }
    }
    return values;
  }

  @Test
  void aSecondRunOfAVersionNeedsNoLink() {
    Path table = sales();
    List<Float> expected;
    try (Opened<SeriesStore> local = DeltaSource.at(table).series(spec()).load()) {
      expected = values(local.data());
    }
    try (Lake lake = start()) {
      lake.put("retail/sales", table);
      TestJobContext first = TestJobContext.in(folder.resolve("home"), "job", "run-1");
      String address;
      try (Opened<SeriesStore> opened = source(lake, "retail/sales").series(spec()).open(first)) {
        address = opened.provenance().uri();
        assertThat(address).isEqualTo(lake.address("retail/sales"));
        assertThat(values(opened.data())).isEqualTo(expected);
        assertThat(opened.facts()).containsEntry("series store", "built");
        assertThat(opened.provenance().version()).isEqualTo(2);
        assertThat(opened.provenance().name()).isEqualTo("sales");
        assertThat(opened.provenance().access())
            .containsOnlyKeys("lake", "identity", "hot tier", "warm tier")
            .containsEntry("identity", "the account's key")
            .containsEntry("hot tier", folder.resolve("hot").toString());
      }
      assertThat(first.events().of(JobEvent.CacheReport.class)).isNotEmpty();
      assertThat(first.events().warnings()).isEmpty();
      lake.cut();
      // Without the store of the series, so that the data files are read.
      TestJobContext second = TestJobContext.in(folder.resolve("home2"), "job", "run-2");
      DeltaSource pinned = source(lake, "retail/sales").version(TableVersion.number(2));
      try (Opened<SeriesStore> opened =
          pinned.where(io.hdl.data.filter.Filter.parse("units >= 0")).series(spec()).open(second)) {
        assertThat(values(opened.data())).isEqualTo(expected);
        assertThat(opened.facts()).containsEntry("series store", "built");
      }
      try (Opened<SeriesStore> opened = pinned.series(spec()).open(second)) {
        assertThat(values(opened.data())).isEqualTo(expected);
        assertThat(opened.facts()).containsEntry("series store", "mapped");
      }
      TestJobContext third = TestJobContext.in(folder.resolve("home3"), "job", "run-3");
      assertThatThrownBy(() -> source(lake, "retail/sales").series(spec()).open(third))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
          .hasMessageStartingWith(
              "Cannot find out the newest version of the table "
                  + address
                  + ": the lake cannot be reached, and cached here: 2, 1, 0. Restore the link, name"
                  + " a version, or choose TableVersion.latest().orNewestCached().");
      try (Opened<SeriesStore> opened =
          source(lake, "retail/sales")
              .version(TableVersion.latest().orNewestCached())
              .series(spec())
              .open(third)) {
        assertThat(values(opened.data())).isEqualTo(expected);
        assertThat(opened.provenance().version()).isEqualTo(2);
      }
      assertThat(third.events().warnings())
          .singleElement()
          .asString()
          .startsWith(
              "Reading version 2 of " + address + ", the newest one that is cached, committed at ");
    }
  }

  @Test
  void feedsRowsAndReadsEachByteOnce() {
    Path table = sales();
    RowSpec spec = RowSpec.features("promo").label("units").key("item", "date");
    try (Lake lake = start()) {
      lake.put("retail/sales", table);
      TestJobContext context = TestJobContext.in(folder.resolve("home"));
      double sum = 0;
      try (Opened<RowDataset> rows = source(lake, "retail/sales").rows(spec).open(context)) {
        assertThat(rows.data().rows()).isEqualTo(80);
        long sent = lake.bytesSent();
        for (Part part : Part.values()) {
          sum += labels(rows.data(), part);
        }
        assertThat(lake.bytesSent()).isEqualTo(sent);
      }
      assertThat(sum).isEqualTo(5.0 * 40 * 39 / 2);
      Map<String, Long> lakeBytes = new java.util.HashMap<>();
      context
          .events()
          .of(JobEvent.CacheReport.class)
          .forEach(report -> lakeBytes.put(report.tier(), report.bytesRead()));
      assertThat(lakeBytes.get("lake")).isPositive();
    }
  }

  private static double labels(RowDataset rows, Part part) {
    double sum = 0;
    try (RowFeed feed = rows.feed(RowPass.shuffled(part, 8, 1, 0))) {
      while (feed.hasNext()) {
        try (Lease<RowBatch> lease = feed.next()) {
          for (int row = 0; row < lease.batch().size(); row++) {
            sum += lease.batch().labels().get(row);
          }
        }
      }
    }
    return sum;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "retail_dv",
        "retail_colmap_name",
        "retail_v2ckpt_parquet",
        "retail_multipart_ckpt",
        "retail_plain"
      })
  void everyVersionHoldsWhatSparkReadFromIt(String name) throws IOException {
    Path data = TestData.require("delta/" + name);
    try (Lake lake = start()) {
      lake.put("tables/" + name, data.resolve("table"));
      // Open throughout, so that the others share its client.
      try (OpenTable newest = source(lake, "tables/" + name).open()) {
        assertThat(newest.snapshot().version())
            .isEqualTo(TableSnapshot.open(data.resolve("table"), TableVersion.latest()).version());
        assertThat(newest.history().versions().get(0).version())
            .isEqualTo(newest.snapshot().version());
        for (Map<String, Object> version : ExpectedTable.versions(data)) {
          long number = ((Number) Objects.requireNonNull(version.get("version"))).longValue();
          DeltaSource source = source(lake, "tables/" + name).version(TableVersion.number(number));
          try (OpenTable table = source.open()) {
            ExpectedTable.compare(table.snapshot(), version);
          }
        }
      }
    }
  }

  @Test
  void replaysARunWhoseVersionTheLakeHasNoMore() throws IOException {
    Path table = sales();
    try (Lake lake = start()) {
      lake.put("retail/sales", table);
      DeltaSource pinned = source(lake, "retail/sales").version(TableVersion.number(1));
      List<Float> before;
      TestJobContext first = TestJobContext.in(folder.resolve("home"), "job", "run-1");
      try (Opened<SeriesStore> opened = pinned.series(spec()).open(first)) {
        before = values(opened.data());
      }
      assertThat(first.events().warnings()).isEmpty();
      vacuum(lake, table);
      // The machine is a new one: of the first one's disks the warm tier alone is left.
      deleteAll(folder.resolve("hot"));
      TestJobContext second = TestJobContext.in(folder.resolve("home2"), "job", "run-1");
      try (Opened<SeriesStore> opened = pinned.series(spec()).open(second)) {
        assertThat(opened.facts()).containsEntry("series store", "built");
        assertThat(values(opened.data())).isEqualTo(before);
      }
      deleteAll(folder.resolve("hot"));
      deleteAll(folder.resolve("warm"));
      TestJobContext third = TestJobContext.in(folder.resolve("home3"), "job", "run-2");
      assertThatThrownBy(() -> pinned.series(spec()).open(third))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_FILES_MISSING))
          .hasMessageStartingWith(
              "Cannot read version 1 of the table "
                  + lake.address("retail/sales")
                  + ": its file "
                  + lake.address("retail/sales")
                  + "/item=")
          .hasMessageEndingWith(
              " is gone, as after VACUUM. Read a newer version, or this one where it is cached.");
    }
  }

  private static void vacuum(Lake lake, Path table) {
    TableSnapshot all = TableSnapshot.open(table, TableVersion.latest());
    all.files()
        .forEach(
            file ->
                lake.remove(
                    "retail/sales/" + table.toAbsolutePath().relativize(Path.of(file.address()))));
  }

  static void deleteAll(Path of) throws IOException {
    com.google.common.io.MoreFiles.deleteRecursively(
        of, com.google.common.io.RecursiveDeleteOption.ALLOW_INSECURE);
  }

  @Test
  void fetchesEachFileOnceWhileItIsReadTwice() {
    Path table = sales();
    try (Lake lake = start()) {
      lake.put("retail/sales", table);
      long size;
      try (OpenTable open = source(lake, "retail/sales").open()) {
        TableSnapshot snapshot = open.snapshot();
        size = snapshot.files().stream().mapToLong(file -> file.size()).sum();
        TableProfile.of(snapshot, ProfileSpec.allColumns(), 2, () -> {});
        TableProfile.of(snapshot, ProfileSpec.allColumns(), 2, () -> {});
      }
      if (lake.bytesSent() > 0) {
        // Data, three commits and the listing of their names.
        assertThat(lake.bytesSent()).isBetween(size, size + 20_000);
      }
    }
  }

  @Test
  void saysWhatIsWrongWithAnAddressOrATable() throws IOException {
    try (Lake lake = start()) {
      assertThatThrownBy(() -> source(lake, "no/such/table").open().snapshot())
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
          .hasMessage(
              "Cannot open the table "
                  + lake.address("no/such/table")
                  + ": nothing lies at this address. Check the account, the container and the"
                  + " path.");
      Path files = Files.createDirectories(folder.resolve("local/files"));
      Files.writeString(files.resolve("part-0.parquet"), "x");
      lake.put("files", files);
      assertThatThrownBy(() -> source(lake, "files").open().snapshot())
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_A_DELTA_TABLE))
          .hasMessageContaining("its folder _delta_log is missing or empty");
      String other = lake.address("files").replace(CONTAINER + "@", "elsewhere@");
      assertThatThrownBy(
              () ->
                  DeltaSource.at(other)
                      .access(impatient(lake.access()))
                      .cache(tiers())
                      .open()
                      .snapshot())
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
          .hasMessageContaining("elsewhere");
    }
  }
}
