package io.hdl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.job.Opened;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.filter.Filter;
import io.hdl.data.scan.ExpectedSchema;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.Gaps;
import io.hdl.data.series.SeriesFilter;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SeriesSourceTest {
  private static final LocalDate MONDAY = LocalDate.of(2024, 1, 1);
  private static final SeriesSpec SPEC =
      SeriesSpec.keyedBy("store", "item")
          .orderedBy("date", Frequency.WEEKLY)
          .target("units")
          .known("promo", "price")
          .past("weather")
          .constant("region", "size");

  @TempDir Path folder;
  private DeltaTableWriter writer;

  @BeforeEach
  void createTable() {
    writer =
        DeltaTableWriter.create(
            folder.resolve("sales"),
            List.of(
                Column.of("store", ColumnType.INTEGER),
                Column.of("item", ColumnType.STRING),
                Column.of("date", ColumnType.DATE),
                Column.of("at", ColumnType.TIMESTAMP),
                Column.of("units", ColumnType.DOUBLE),
                Column.of("promo", ColumnType.BOOLEAN),
                Column.of("price", ColumnType.FLOAT),
                Column.of("weather", ColumnType.STRING),
                Column.of("region", ColumnType.STRING),
                Column.of("size", ColumnType.LONG),
                Column.of("week", ColumnType.INTEGER)),
            "region");
  }

  private static @Nullable Object[] row(
      int store, String item, int week, @Nullable Double units, @Nullable String weather) {
    LocalDate date = MONDAY.plusWeeks(week);
    return new @Nullable Object[] {
      store,
      item,
      date,
      Instant.parse(date + "T06:00:00Z"),
      units,
      week % 2 == 0,
      week + 0.5f,
      weather,
      store < 10 ? "north" : "south",
      100L * store,
      week
    };
  }

  @SafeVarargs
  private void append(@Nullable Object[]... rows) {
    writer.append(Arrays.asList(rows));
  }

  private SeriesSource source(SeriesSpec spec) {
    return DeltaSource.at(folder.resolve("sales")).series(spec);
  }

  private SeriesStore load(SeriesSpec spec) {
    return source(spec).load().data();
  }

  @Test
  void makesSeriesOfRowsInAnyOrder() {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int week = 0; week < 30; week++) {
      rows.add(row(2, "b", week, week * 2.0, week % 3 == 0 ? "sun" : "rain"));
      rows.add(row(10, "a", week + 5, week * 3.0, week % 3 == 0 ? null : "snow"));
      rows.add(row(2, "a", week, week * 5.0, "sun"));
    }
    Collections.shuffle(rows, new Random(7));
    writer.append(rows.subList(0, 40));
    writer.append(rows.subList(40, 90));

    SeriesStore store = load(SPEC);
    assertThat(store.keys())
        .containsExactly(SeriesKey.of("2", "a"), SeriesKey.of("2", "b"), SeriesKey.of("10", "a"));
    assertThat(store.channels())
        .containsExactly(
            Channel.number("units", Channel.Role.TARGET),
            new Channel("promo", Channel.Role.KNOWN, Channel.Kind.BOOLEAN, List.of()),
            Channel.number("price", Channel.Role.KNOWN),
            new Channel(
                "weather",
                Channel.Role.PAST,
                Channel.Kind.CATEGORY,
                List.of("rain", "snow", "sun")));
    assertThat(store.axis().label(store.firstStep(0))).isEqualTo("2024-01-01");
    assertThat(store.firstStep(2)).isEqualTo(store.firstStep(0) + 5);
    for (int week = 0; week < 30; week++) {
      assertThat(store.value(0, week, 0)).isEqualTo(week * 5f);
      assertThat(store.value(1, week, 0)).isEqualTo(week * 2f);
      assertThat(store.value(2, week, 0)).isEqualTo(week * 3f);
      assertThat(store.value(1, week, 1)).isEqualTo(week % 2 == 0 ? 1f : 0f);
      assertThat(store.value(1, week, 2)).isEqualTo(week + 0.5f);
      assertThat(store.value(1, week, 3)).isEqualTo(week % 3 == 0 ? 2f : 0f);
      assertThat(store.value(2, week, 3)).isEqualTo((Float) (week % 3 == 0 ? Float.NaN : 1f));
    }
    assertThat(store.constants().get(0).categories()).containsExactly("north", "south");
    assertThat(store.constant(0, 0)).isEqualTo(0f);
    assertThat(store.constant(2, 0)).isEqualTo(1f);
    assertThat(store.constant(2, 1)).isEqualTo(1000f);
  }

  @Test
  void makesSeriesOfTheRowsThatPassAFilterAndSaysSo() {
    append(
        row(1, "a", 0, 1.0, "sun"),
        row(1, "b", 0, 2.0, "sun"),
        row(1, "a", 1, 3.0, "snow"),
        row(2, "a", 0, 4.0, "rain"),
        row(2, "a", 1, 5.0, "rain"));
    DeltaSource all = DeltaSource.at(folder.resolve("sales"));
    SeriesSource some =
        all.where(Filter.column("item").notEqualTo("b"))
            .where(Filter.parse("weather in ('sun', 'rain')"))
            .series(SPEC);
    try (Opened<SeriesStore> opened = some.load()) {
      SeriesStore store = opened.data();
      assertThat(store.keys()).containsExactly(SeriesKey.of("1", "a"), SeriesKey.of("2", "a"));
      assertThat(store.length(0)).isEqualTo(1);
      // What only rows have that were left out is no category.
      assertThat(store.channels().get(3).categories()).containsExactly("rain", "sun");
      assertThat(opened.provenance().rows()).isEqualTo(3);
      assertThat(opened.provenance().specification())
          .containsEntry("where", "item != 'b' and weather in ('sun', 'rain')");
      assertThat(opened.facts()).containsEntry("rows filtered", "2");
    }
    assertThat(some.settings())
        .containsEntry("table.where", "item != 'b' and weather in ('sun', 'rain')");
    assertThat(all.series(SPEC).settings()).doesNotContainKey("table.where");
  }

  @Test
  void refusesATableThatIsNotAsExpectedAlsoIfItsSeriesAreThereAlready() {
    append(row(1, "a", 0, 1.0, "sun"), row(1, "a", 1, 3.0, "snow"));
    DeltaSource sales = DeltaSource.at(folder.resolve("sales")).version(TableVersion.number(1));
    Path home = folder.resolve("home");
    ExpectedSchema wrong =
        ExpectedSchema.of(
            ExpectedSchema.column("weather", ColumnType.STRING).oneOf("sun"),
            ExpectedSchema.column("nowhere", ColumnType.LONG));
    ExpectedSchema right =
        ExpectedSchema.of(ExpectedSchema.column("weather", ColumnType.STRING).oneOf("sun", "snow"));
    sales.series(SPEC).load(home).close();
    assertThatThrownBy(() -> sales.expecting(wrong).series(SPEC).load(home))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("column \"nowhere\" is missing")
        .hasMessageNotContaining("weather in");
    try (Opened<SeriesStore> first = sales.expecting(right).series(SPEC).load(home);
        Opened<SeriesStore> again = sales.expecting(right).series(SPEC).load(home)) {
      assertThat(first.facts()).containsEntry("series store", "built");
      assertThat(again.facts()).containsEntry("series store", "mapped");
    }
    assertThat(sales.expecting(right).series(SPEC).settings())
        .isEqualTo(sales.series(SPEC).settings());
  }

  @Test
  void aGapIsMissingOrZeroAsDeclaredAndRowsWithoutTargetAtTheEndAreKnownFuture() {
    append(
        row(1, "a", 0, 1.0, "sun"),
        row(1, "a", 2, null, "sun"),
        row(1, "a", 4, 5.0, "sun"),
        row(1, "a", 5, null, null),
        row(1, "a", 7, null, null));

    SeriesStore missing = load(SPEC);
    assertThat(missing.length(0)).isEqualTo(8);
    assertThat(missing.targetEnd(0)).isEqualTo(5);
    for (int step : new int[] {1, 2, 3, 5, 6, 7}) {
      assertThat(missing.observed(0, step)).as("step %d", step).isFalse();
    }
    assertThat(missing.value(0, 1, 2)).isNaN();
    assertThat(missing.value(0, 7, 2)).isEqualTo(7.5f);

    SeriesStore zero = load(SPEC.gaps(Gaps.ZERO));
    assertThat(zero.targetEnd(0)).isEqualTo(5);
    assertThat(zero.value(0, 1, 0)).isZero();
    assertThat(zero.value(0, 3, 0)).isZero();
    assertThat(zero.value(0, 1, 2)).as("covariate of a gap").isNaN();
    assertThat(zero.observed(0, 2)).as("row with a null target").isFalse();
    assertThat(zero.observed(0, 6)).as("gap in the known future").isFalse();
  }

  @Test
  void completeKeepsSeriesWithARowForEveryStepOfTheTable() {
    append(
        row(1, "a", 0, 1.0, null),
        row(1, "a", 1, 1.0, null),
        row(1, "a", 2, 1.0, null),
        row(2, "a", 0, 1.0, null),
        row(2, "a", 2, 1.0, null),
        row(3, "a", 1, 1.0, null),
        row(3, "a", 2, 1.0, null));
    try (Opened<SeriesStore> opened = source(SPEC.keep(SeriesFilter.COMPLETE)).load()) {
      assertThat(opened.data().keys()).containsExactly(SeriesKey.of("1", "a"));
      assertThat(opened.facts())
          .containsEntry("series", "1")
          .containsEntry("series left out", "2")
          .containsEntry("first step", "2024-01-01")
          .containsEntry("last step", "2024-01-15")
          .containsEntry("log reader", "STANDALONE");
    }
  }

  @Test
  void integersAndTimestampsOrderRowsToo() {
    append(row(1, "a", 3, 1.0, null), row(1, "a", 5, 2.0, null));
    SeriesStore numbered =
        load(SeriesSpec.keyedBy("store").orderedBy("week", Frequency.INTEGER).target("size"));
    assertThat(numbered.firstStep(0)).isEqualTo(3);
    assertThat(numbered.length(0)).isEqualTo(3);
    SeriesStore stamped =
        load(SeriesSpec.keyedBy("item").orderedBy("at", Frequency.WEEKLY).target("units"));
    assertThat(stamped.axis().label(stamped.firstStep(0))).isEqualTo("2024-01-22T06:00:00Z");
    assertThat(stamped.length(0)).isEqualTo(3);
    SeriesStore hourly =
        load(SeriesSpec.keyedBy("item").orderedBy("at", Frequency.HOURLY).target("units"));
    assertThat(hourly.length(0)).isEqualTo(2 * 7 * 24 + 1);
  }

  @Test
  void aKeyColumnMayBeAConstantAsWell() {
    append(row(1, "a", 0, 1.0, null), row(2, "b", 0, 1.0, null));
    SeriesStore store =
        load(
            SeriesSpec.keyedBy("store", "item")
                .orderedBy("date", Frequency.DAILY)
                .target("units")
                .constant("item", "store"));
    assertThat(store.constant(1, 0)).isEqualTo(1f);
    assertThat(store.constant(1, 1)).isEqualTo(2f);
  }

  @Test
  void theVersionIsPinnedWhenARunBeginsAndReadAgainWhenItContinues() {
    append(row(1, "a", 0, 1.0, null));
    TestJobContext context = TestJobContext.in(folder.resolve("home"));
    try (Opened<SeriesStore> first = source(SPEC).open(context)) {
      assertThat(first.provenance().version()).isEqualTo(1);
      assertThat(context.pins()).containsEntry("table.version", "1");
    }
    append(row(1, "a", 1, 2.0, null));
    try (Opened<SeriesStore> again = source(SPEC).open(context.continued())) {
      assertThat(again.provenance().version()).isEqualTo(1);
      assertThat(again.data().length(0)).isEqualTo(1);
    }
    try (Opened<SeriesStore> fresh =
        source(SPEC).open(TestJobContext.in(folder.resolve("other")))) {
      assertThat(fresh.provenance().version()).isEqualTo(2);
      assertThat(fresh.data().length(0)).isEqualTo(2);
      assertThat(fresh.provenance().files()).isEqualTo(2);
      assertThat(fresh.provenance().name()).isEqualTo("sales");
    }
  }

  @Test
  void aCancelledJobStopsReading() {
    append(row(1, "a", 0, 1.0, null));
    TestJobContext context = TestJobContext.in(folder.resolve("home"));
    context.cancellation().request("SIGTERM");
    assertThatThrownBy(() -> source(SPEC).open(context))
        .isInstanceOf(JobCancelledException.class)
        .hasMessageContaining("SIGTERM");
  }

  @Test
  void valuesThatAreNotFiniteCountAsMissing() {
    append(
        row(1, "a", 0, Double.POSITIVE_INFINITY, null),
        row(1, "a", 1, Double.NaN, null),
        row(1, "a", 2, 1e300, null),
        row(1, "a", 3, 4.0, null));
    TestJobContext context = TestJobContext.in(folder.resolve("home"));
    try (Opened<SeriesStore> opened = source(SPEC).open(context)) {
      assertThat(opened.data().observed(0, 0)).isFalse();
      assertThat(opened.data().observed(0, 1)).isFalse();
      assertThat(opened.data().observed(0, 2)).isFalse();
      assertThat(opened.data().value(0, 3, 0)).isEqualTo(4f);
    }
    assertThat(context.events().all().toString())
        .contains("2 values of \"units\"")
        .contains("are not finite and count as missing.");
  }

  private void refuses(SeriesSpec spec, ErrorCode code, String... parts) {
    assertThatThrownBy(() -> source(spec).load())
        .isInstanceOfSatisfying(HdlException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContainingAll(parts);
  }

  @Test
  void refusesRowsThatRepeatKeyAndTime() {
    append(
        row(1, "a", 0, 1.0, null),
        row(1, "a", 1, 1.0, null),
        row(1, "a", 1, 2.0, null),
        row(2, "a", 1, 2.0, null),
        row(2, "a", 1, 2.0, null),
        row(1, "a", 1, 3.0, null));
    refuses(
        SPEC,
        ErrorCode.INVALID_DATA,
        "3 rows repeat the key and time of another row",
        "for instance series 1/a at 2024-01-08 (3 rows)",
        "aggregate the rows");
  }

  @Test
  void refusesRowsOffTheGrid() {
    @Nullable Object[] wednesday = row(1, "a", 3, 1.0, null);
    wednesday[2] = MONDAY.plusDays(9);
    append(row(1, "a", 0, 1.0, null), row(1, "a", 1, 1.0, null), wednesday);
    refuses(
        SPEC,
        ErrorCode.INVALID_DATA,
        "1 of 3 rows are off the WEEKLY grid",
        "series 1/a at 2024-01-10",
        "the others on MONDAY, this one on WEDNESDAY");
  }

  @Test
  void refusesNullKeysAndTimes() {
    @Nullable Object[] noItem = row(1, "a", 0, 1.0, null);
    noItem[1] = null;
    append(noItem);
    refuses(SPEC, ErrorCode.INVALID_DATA, "its key column \"item\" is null");
    @Nullable Object[] noDate = row(1, "a", 0, 1.0, null);
    noDate[2] = null;
    writer.overwrite(Collections.singletonList(noDate));
    refuses(SPEC, ErrorCode.INVALID_DATA, "\"date\": it is null in a row of series 1/a");
  }

  @Test
  void refusesUnknownColumnsAndListsTheKnownOnes() {
    append(row(1, "a", 0, 1.0, null));
    refuses(
        SPEC.known("holiday").past("rain"),
        ErrorCode.SCHEMA_MISMATCH,
        "Cannot read columns \"holiday\", \"rain\"",
        "at version 1",
        "(known: store, item, date, at, units, promo, price, weather, region, size, week)");
  }

  @Test
  void refusesTypesThatDoNotSuitTheirRoleAllAtOnce() {
    append(row(1, "a", 0, 1.0, null));
    refuses(
        SeriesSpec.keyedBy("price")
            .orderedBy("date", Frequency.HOURLY)
            .target("weather")
            .known("at"),
        ErrorCode.SCHEMA_MISMATCH,
        "key \"price\" is float (expected: an integer or a string)",
        "time \"date\" is date, which cannot be HOURLY (expected: DAILY, WEEKLY or MONTHLY)",
        "target \"weather\" is string (expected: a number)",
        "known covariate \"at\" is timestamp (expected: a number, a boolean or a string)");
  }

  @Test
  void refusesAConstantThatVaries() {
    append(row(1, "a", 0, 1.0, "sun"), row(1, "a", 1, 1.0, "rain"));
    refuses(
        SeriesSpec.keyedBy("store")
            .orderedBy("date", Frequency.WEEKLY)
            .target("units")
            .constant("weather"),
        ErrorCode.INVALID_DATA,
        "Cannot take \"weather\" as a constant: in series 1 it is both \"sun\" and \"rain\"");
  }

  @Test
  void refusesATableWithoutRows() {
    refuses(SPEC, ErrorCode.NOT_ENOUGH_DATA, "this version has no rows. Choose a version");
  }

  @Test
  void refusesADataFileThatIsCutOff() throws IOException {
    append(row(1, "a", 0, 1.0, "sun"), row(1, "a", 1, 1.0, "rain"));
    Path file =
        Path.of(
            TableSnapshot.open(folder.resolve("sales"), TableVersion.latest())
                .files()
                .get(0)
                .address());
    byte[] whole = Files.readAllBytes(file);
    Files.write(file, Arrays.copyOf(whole, whole.length / 2));
    refuses(
        SPEC, ErrorCode.CORRUPT_DATA, "Cannot read the data file " + file, "it is no Parquet file");
  }

  @Test
  void refusesWhatIsNoTable() {
    Path nowhere = folder.resolve("nowhere");
    assertThatThrownBy(() -> DeltaSource.at(nowhere).series(SPEC).load())
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThatThrownBy(
            () ->
                DeltaSource.at(folder.resolve("sales"))
                    .version(TableVersion.number(9))
                    .series(SPEC)
                    .load())
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.VERSION_NOT_FOUND))
        .hasMessageContaining("(versions 0 to 0 exist)");
  }

  @Test
  void findsWrongSettingsWithoutReadingAnything() {
    assertThatThrownBy(
            () ->
                DeltaSource.at("https://a.dfs.core.windows.net/c/t")
                    .series(SPEC.known("units"))
                    .load())
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
        .hasMessageContainingAll(
            "https: is the REST interface; use abfss:",
            "\"units\" has two roles (expected: one role each)");
  }
}
