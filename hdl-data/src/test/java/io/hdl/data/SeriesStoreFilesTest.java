package io.hdl.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.job.Opened;
import io.hdl.core.testing.TestJobContext;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.filter.Filter;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Vocabulary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Series that are kept in the hot tier, from the table to the mapped file. */
class SeriesStoreFilesTest {
  private static final List<Column> COLUMNS =
      List.of(
          Column.of("item", ColumnType.STRING),
          Column.of("date", ColumnType.DATE),
          Column.of("units", ColumnType.DOUBLE),
          Column.of("weather", ColumnType.STRING));
  private static final SeriesSpec SPEC =
      SeriesSpec.keyedBy("item")
          .orderedBy("date", Frequency.DAILY)
          .target("units")
          .known("weather");

  @TempDir Path folder;
  private Path home;
  private Path table;
  private DeltaTableWriter writer;

  @BeforeEach
  void createTable() {
    home = folder.resolve("home");
    table = folder.resolve("sales");
    writer = DeltaTableWriter.create(table, COLUMNS);
    append(0, 10, "sun", "rain");
  }

  private static List<@Nullable Object[]> rows(int firstDay, int days, String... weather) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int day = firstDay; day < firstDay + days; day++) {
      for (String item : List.of("b", "a")) {
        rows.add(
            new @Nullable Object[] {
              item,
              LocalDate.of(2024, 1, 1).plusDays(day),
              day == 3 ? Double.POSITIVE_INFINITY : day * 1.5,
              weather[day % weather.length]
            });
      }
    }
    return rows;
  }

  private void append(int firstDay, int days, String... weather) {
    writer.append(rows(firstDay, days, weather));
  }

  private SeriesSource version(long number) {
    return DeltaSource.at(table).version(TableVersion.number(number)).series(SPEC);
  }

  private static String how(Opened<SeriesStore> opened) {
    return opened.facts().getOrDefault("series store", "");
  }

  private static List<Float> values(Opened<SeriesStore> opened) {
    SeriesStore store = opened.data();
    List<Float> values = new ArrayList<>();
    for (int s = 0; s < store.seriesCount(); s++) {
      for (int step = 0; step < store.length(s); step++) {
        values.add(store.value(s, step, 0));
        values.add(store.value(s, step, 1));
      }
    }
    return values;
  }

  @Test
  void theSecondOpeningMapsWhatTheFirstHasWritten() {
    List<Float> expected;
    try (Opened<SeriesStore> memory = version(1).load()) {
      expected = values(memory);
      assertThat(how(memory)).isEqualTo("in memory");
    }
    try (Opened<SeriesStore> built = version(1).load(home);
        Opened<SeriesStore> mapped = version(1).load(home)) {
      assertThat(how(built)).isEqualTo("built");
      assertThat(how(mapped)).isEqualTo("mapped");
      assertThat(values(built)).isEqualTo(expected);
      assertThat(values(mapped)).isEqualTo(expected);
      assertThat(mapped.provenance()).isEqualTo(built.provenance());
      assertThat(mapped.provenance().uri()).isEqualTo(table.toString());
      assertThat(mapped.provenance().rows()).isEqualTo(20);
      assertThat(mapped.facts()).containsEntry("log reader", "STANDALONE");
      assertThat(mapped.data().keys()).containsExactly(SeriesKey.of("a"), SeriesKey.of("b"));
    }
  }

  @Test
  void aJobTellsTheSameWarningsWhenItsDataIsMapped() {
    for (String run : List.of("first", "second")) {
      TestJobContext context = TestJobContext.in(home, "job", run);
      try (Opened<SeriesStore> opened = version(1).open(context)) {
        assertThat(how(opened)).isEqualTo(run.equals("first") ? "built" : "mapped");
        assertThat(context.pins()).containsEntry("table.version", "1");
        assertThat(context.events().all().toString())
            .contains("2 values of \"units\" in " + table + " are not finite and count as missing");
      }
    }
  }

  @Test
  void aPinnedVersionIsOpenedWithoutTheTable() throws IOException {
    List<Float> expected;
    try (Opened<SeriesStore> built = version(1).load(home)) {
      expected = values(built);
    }
    TestJobContext context = TestJobContext.in(home, "job", "run");
    try (Opened<SeriesStore> latest = DeltaSource.at(table).series(SPEC).open(context)) {
      assertThat(how(latest)).isEqualTo("mapped");
    }
    Files.move(table, folder.resolve("gone"));
    try (Opened<SeriesStore> mapped = version(1).load(home);
        Opened<SeriesStore> continued =
            DeltaSource.at(table).series(SPEC).open(context.continued())) {
      assertThat(values(mapped)).isEqualTo(expected);
      assertThat(values(continued)).isEqualTo(expected);
      assertThat(continued.provenance().version()).isEqualTo(1);
    }
    assertThatThrownBy(() -> DeltaSource.at(table).series(SPEC).load(home))
        .as("the latest version is not known without the log")
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
    assertThatThrownBy(() -> version(0).load(home)).isInstanceOf(HdlException.class);
  }

  @Test
  void latestReadsTheLogAndFindsTheStoreOfItsVersion() {
    version(1).load(home).close();
    SeriesSource latest = DeltaSource.at(table).series(SPEC);
    try (Opened<SeriesStore> opened = latest.load(home)) {
      assertThat(how(opened)).isEqualTo("mapped");
    }
    append(10, 2, "sun");
    try (Opened<SeriesStore> opened = latest.load(home)) {
      assertThat(how(opened)).isEqualTo("built");
      assertThat(opened.provenance().version()).isEqualTo(2);
      assertThat(opened.data().length(0)).isEqualTo(12);
    }
    try (Opened<SeriesStore> opened = version(1).load(home)) {
      assertThat(how(opened)).isEqualTo("mapped");
      assertThat(opened.data().length(0)).isEqualTo(10);
    }
  }

  @Test
  void anotherTableAtTheSamePathIsReadAnew() throws IOException {
    version(1).load(home).close();
    FileTime committed = Files.getLastModifiedTime(commit());
    delete(table);
    writer = DeltaTableWriter.create(table, COLUMNS);
    append(0, 4, "fog");
    // Written at another moment; the test does not wait for the clock.
    Files.setLastModifiedTime(commit(), FileTime.fromMillis(committed.toMillis() + 1000));
    try (Opened<SeriesStore> opened = version(1).load(home)) {
      assertThat(how(opened)).isEqualTo("built");
      assertThat(opened.data().length(0)).isEqualTo(4);
    }
    try (Opened<SeriesStore> opened = DeltaSource.at(table).series(SPEC).load(home)) {
      assertThat(how(opened)).isEqualTo("mapped");
    }
  }

  private Path commit() {
    return table.resolve("_delta_log/00000000000000000001.json");
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      files
          .sorted(Collections.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }

  @Test
  void settingsThatChangeTheSeriesHaveStoresOfTheirOwn() {
    List<SeriesSource> sources =
        List.of(
            version(1),
            DeltaSource.at(table).version(TableVersion.number(1)).series(SPEC.constant("item")),
            DeltaSource.at(table)
                .version(TableVersion.number(1))
                .where(Filter.column("date").atLeast(LocalDate.of(2024, 1, 5)))
                .series(SPEC),
            DeltaSource.at(table)
                .version(TableVersion.number(1))
                .series(SPEC.vocabulary("weather", "sun", "rain")));
    for (String how : List.of("built", "mapped")) {
      for (SeriesSource source : sources) {
        try (Opened<SeriesStore> opened = source.load(home)) {
          assertThat(how(opened)).as("%s", source.settings()).isEqualTo(how);
        }
      }
    }
    try (Opened<SeriesStore> filtered = sources.get(2).load(home)) {
      assertThat(filtered.data().length(0)).isEqualTo(6);
      assertThat(filtered.facts()).containsEntry("rows filtered", "8");
    }
  }

  @Test
  void aVocabularyKeepsCodesOverVersions() {
    List<String> trained;
    float sun;
    try (Opened<SeriesStore> first = version(1).load(home)) {
      trained = first.data().channels().get(1).categories();
      assertThat(trained).containsExactly("rain", "sun");
      sun = first.data().value(0, 0, 1);
    }
    append(10, 6, "fog", "sun", "snow");
    try (Opened<SeriesStore> plain = version(2).load(home)) {
      assertThat(plain.data().channels().get(1).categories())
          .containsExactly("fog", "rain", "snow", "sun");
      assertThat(plain.data().value(0, 0, 1)).isNotEqualTo(sun);
    }
    DeltaSource second = DeltaSource.at(table).version(TableVersion.number(2));
    try (Opened<SeriesStore> kept =
        second.series(SPEC.vocabulary("weather", Vocabulary.of(trained))).load(home)) {
      assertThat(kept.data().channels().get(1).categories())
          .containsExactly("rain", "sun", "fog", "snow");
      assertThat(kept.data().value(0, 0, 1)).isEqualTo(sun);
      // Day 12 has fog, day 10 sun.
      assertThat(kept.data().value(0, 12, 1)).isEqualTo(2f);
      assertThat(kept.data().value(0, 10, 1)).isEqualTo(1f);
    }
    TestJobContext context = TestJobContext.in(home, "job", "run");
    SeriesSpec fixed = SPEC.vocabulary("weather", Vocabulary.of(trained).unseenMissing());
    try (Opened<SeriesStore> kept = second.series(fixed).open(context)) {
      assertThat(kept.data().channels().get(1).categories()).containsExactly("rain", "sun");
      assertThat(kept.data().value(0, 12, 1)).isNaN();
      assertThat(context.events().all().toString())
          .contains("8 values of \"weather\" in " + table + " are not in the vocabulary");
    }
  }

  @Test
  void refusesVocabulariesThatNoColumnTakes() {
    assertThatThrownBy(() -> DeltaSource.at(table).series(SPEC.vocabulary("units", "a")).load(home))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
        .hasMessageContaining(
            "vocabulary of \"units\": no such covariate (expected: a known, past or constant"
                + " column)");
    SeriesSpec numbers =
        SeriesSpec.keyedBy("item")
            .orderedBy("date", Frequency.DAILY)
            .target("units")
            .known("weather");
    assertThat(numbers.settings()).doesNotContainKey("series.vocabulary.weather");
    assertThat(numbers.vocabulary("weather", "a", "b").settings().get("series.vocabulary.weather"))
        .startsWith("2 texts ")
        .endsWith(", others APPENDED")
        .isNotEqualTo(
            numbers.vocabulary("weather", "b", "a").settings().get("series.vocabulary.weather"));
    assertThatThrownBy(() -> Vocabulary.of(List.of("a", "a")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("vocabulary: \"a\" twice (expected: each text once)");
  }

  @Test
  void aDamagedStoreIsReadAnewFromTheTable() throws IOException {
    version(1).load(home).close();
    Path file;
    try (Stream<Path> files = Files.walk(home)) {
      file = files.filter(f -> f.toString().endsWith(".series")).findFirst().orElseThrow();
    }
    byte[] whole = Files.readAllBytes(file);
    for (byte[] damaged : List.of(Arrays.copyOf(whole, 5000), new byte[0], flipped(whole, 4100))) {
      Files.write(file, damaged);
      try (Opened<SeriesStore> opened = version(1).load(home);
          Opened<SeriesStore> memory = version(1).load()) {
        assertThat(how(opened)).isEqualTo("built");
        assertThat(values(opened)).isEqualTo(values(memory));
      }
    }
  }

  private static byte[] flipped(byte[] bytes, int place) {
    byte[] changed = bytes.clone();
    changed[place] ^= 16;
    return changed;
  }

  @Test
  void aTimestampFindsTheStoreOfTheVersionThatItNames() {
    version(1).load(home).close();
    SeriesSource asOf =
        DeltaSource.at(table)
            .version(TableVersion.asOf(Instant.now().plusSeconds(60)))
            .series(SPEC);
    try (Opened<SeriesStore> opened = asOf.load(home)) {
      assertThat(how(opened)).isEqualTo("mapped");
    }
  }
}
