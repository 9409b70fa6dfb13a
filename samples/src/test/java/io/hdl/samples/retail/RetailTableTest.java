package io.hdl.samples.retail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.job.Opened;
import io.hdl.data.DeltaSource;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.series.Channel;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetailTableTest {
  private static final int SOLD = 420;
  private static final RetailGenerator GENERATOR = new RetailGenerator(9, 3, 4, SOLD, 14);

  @TempDir static Path home;
  private static Path folder = Path.of("not written yet");

  @BeforeAll
  static void write() {
    folder = home.resolve("tables/retail");
    assertThat(RetailTable.ensure(folder, GENERATOR)).isTrue();
  }

  @Test
  void writesTheTableOnce() throws IOException {
    assertThat(RetailTable.ensure(folder, GENERATOR)).isFalse();
    try (var files = Files.list(folder.getParent())) {
      assertThat(files).containsExactly(folder);
    }
  }

  @Test
  void readsBackWhatWasDrawn() {
    try (Opened<SeriesStore> opened = load(RetailTable.LATEST)) {
      SeriesStore store = opened.data();
      assertThat(store.seriesCount()).isEqualTo(12);
      for (int i = 0; i < GENERATOR.seriesCount(); i++) {
        RetailSeries drawn = GENERATOR.series(i);
        int series = store.find(SeriesKey.of(drawn.store(), drawn.product())).orElseThrow();
        int offset = offset(store, series);
        assertThat(store.length(series) + offset).isEqualTo(SOLD + 14);
        for (int day = offset; day < store.targetEnd(series) + offset; day++) {
          assertThat(store.value(series, day - offset, 0)).isEqualTo(boxed(drawn.units(day)));
        }
      }
    }
  }

  @Test
  void plansTheDaysToCome() {
    try (Opened<SeriesStore> opened = load(RetailTable.LATEST)) {
      SeriesStore store = opened.data();
      assertThat(store.channels())
          .extracting(Channel::name)
          .containsExactly(
              "units", "discount", "on_promotion", "is_holiday", "weekday", "stock_out");
      RetailSeries drawn = GENERATOR.series(0);
      int series = store.find(SeriesKey.of(drawn.store(), drawn.product())).orElseThrow();
      int offset = offset(store, series);
      for (int day = SOLD; day < SOLD + 14; day++) {
        assertThat(store.value(series, day - offset, 0)).isNaN();
        assertThat(store.value(series, day - offset, 1)).isEqualTo(drawn.discount(day));
      }
    }
  }

  @Test
  void keepsEarlierVersions() {
    assertThat(steps(1)).isLessThan(steps(2));
    assertThat(steps(2)).isLessThan(steps(3));
    assertThat(steps(3)).isEqualTo(steps(4)).isEqualTo(SOLD);
    assertThat(steps(5)).isEqualTo(SOLD + 14);
  }

  @Test
  void correctsTheWeekOfOneStore() {
    for (int day = RetailTable.WRONG_FROM; day < RetailTable.WRONG_TO; day++) {
      assertThat(total(3, RetailTable.WRONG_STORE, day))
          .isEqualTo(2 * total(RetailTable.CORRECTION, RetailTable.WRONG_STORE, day));
      assertThat(total(3, "S01", day)).isEqualTo(total(RetailTable.CORRECTION, "S01", day));
    }
  }

  @Test
  void saysWhereItCannotWrite() throws IOException {
    Path file = Files.createFile(home.resolve("file"));
    try {
      assertThatThrownBy(() -> RetailTable.ensure(file.resolve("retail"), GENERATOR))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILURE))
          .hasMessageContaining("Cannot write the sample's table to")
          .hasMessageContaining("Choose a writable home directory");
    } finally {
      Files.delete(file);
    }
  }

  private static Float boxed(float value) {
    return value;
  }

  private static Opened<SeriesStore> load(long version) {
    return DeltaSource.at(folder.toString())
        .version(TableVersion.number(version))
        .series(RetailTable.series())
        .load();
  }

  private static int steps(long version) {
    try (Opened<SeriesStore> opened = load(version)) {
      SeriesStore store = opened.data();
      return store.length(0) + offset(store, 0);
    }
  }

  /** Days between the generator's first day and the series' first row. */
  private static int offset(SeriesStore store, int series) {
    String first = store.axis().label(store.firstStep(series));
    return (int)
        java.time.temporal.ChronoUnit.DAYS.between(
            RetailGenerator.FIRST_DAY, java.time.LocalDate.parse(first));
  }

  private static double total(long version, String name, int day) {
    double total = 0;
    try (Opened<SeriesStore> opened = load(version)) {
      SeriesStore store = opened.data();
      for (int series = 0; series < store.seriesCount(); series++) {
        if (store.keys().get(series).values().get(0).equals(name)) {
          float units = store.value(series, day - offset(store, series), 0);
          total += Float.isNaN(units) ? 0 : units;
        }
      }
    }
    return total;
  }
}
