package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.SampleRows.Order;
import io.hdl.data.series.SampleRows.Row;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesAssemblerTest {
  private static final List<String> WEATHER = List.of("fog", "rain", "snow", "sun");

  @ParameterizedTest
  @EnumSource(Order.class)
  void putsEveryRowInItsPlace(Order order) {
    for (long seed = 0; seed < 20; seed++) {
      SampleRows rows = SampleRows.of(seed, order);
      try (SeriesStore store = rows.inMemory(SampleRows.SPEC)) {
        assertThat(store.channels().get(2).categories()).isSubsetOf(WEATHER).isSorted();
        int[] found = new int[store.seriesCount()];
        for (Row row : rows.rows()) {
          int s =
              store
                  .find(SeriesKey.of(Integer.toString(row.store()), row.item()))
                  .orElseThrow(() -> new AssertionError("no series for " + row));
          found[s]++;
          int step = (int) (row.day() - store.firstStep(s));
          assertThat(store.value(s, step, 0))
              .as("seed %d, %s", seed, row)
              .isEqualTo((Float) row.units());
          assertThat(store.value(s, step, 1)).isEqualTo((Float) row.price());
          float code = store.value(s, step, 2);
          assertThat(
                  Float.isNaN(code) ? null : store.channels().get(2).categories().get((int) code))
              .isEqualTo(row.weather());
          assertThat(store.value(s, step, 3)).isEqualTo((Float) row.stock());
          assertThat(store.constants().get(0).categories().get((int) store.constant(s, 0)))
              .isEqualTo(row.region());
          assertThat(store.constant(s, 1)).isEqualTo(100f * row.store());
          assertThat(store.constant(s, 2)).isEqualTo((float) row.store());
        }
        int gaps = 0;
        for (int s = 0; s < store.seriesCount(); s++) {
          for (int step = 0; step < store.length(s); step++) {
            // The price is never missing in a row.
            boolean gap = Float.isNaN(store.value(s, step, 1));
            gaps += gap ? 1 : 0;
            assertThat(gap && store.observed(s, step)).isFalse();
            int bits = Float.floatToRawIntBits(store.value(s, step, 0));
            assertThat(Float.isNaN(Float.intBitsToFloat(bits)) && bits != 0x7fc00000)
                .as("a NaN of another kind")
                .isFalse();
          }
        }
        int steps = 0;
        for (int s = 0; s < store.seriesCount(); s++) {
          steps += store.length(s);
        }
        assertThat(steps - gaps).isEqualTo(rows.rows().size());
        assertThat(found).doesNotContain(0);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void theOrderOfRowsChangesNothing(long seed) {
    SampleRows rows = SampleRows.of(seed, Order.BY_SERIES);
    StoreContents first = StoreContents.of(rows.inMemory(SampleRows.SPEC.gaps(Gaps.ZERO)));
    for (int batchRows : new int[] {1, 7, 1000}) {
      List<Row> shuffled = new ArrayList<>(rows.rows());
      java.util.Collections.shuffle(shuffled, new java.util.Random(seed * 31 + batchRows));
      SampleRows other = new SampleRows(shuffled, batchRows, 3);
      assertThat(StoreContents.of(other.inMemory(SampleRows.SPEC.gaps(Gaps.ZERO))))
          .as("seed %d, batches of %d rows", seed, batchRows)
          .isEqualTo(first);
    }
  }

  @Test
  void sortsIntegerKeysByValueAndTextsByTheirCharacters() {
    SeriesStore store = SampleRows.of(5, Order.SHUFFLED).inMemory(SampleRows.SPEC);
    List<SeriesKey> keys = new ArrayList<>(store.keys());
    keys.sort(
        (a, b) -> {
          int byStore =
              Integer.compare(
                  Integer.parseInt(a.values().get(0)), Integer.parseInt(b.values().get(0)));
          return byStore != 0 ? byStore : a.values().get(1).compareTo(b.values().get(1));
        });
    assertThat(store.keys()).isEqualTo(keys);
    assertThat(store.find(SeriesKey.of("-3", "a"))).hasValue(1);
    assertThat(store.find(SeriesKey.of("-03", "a"))).isEmpty();
    assertThat(store.find(SeriesKey.of("x", "a"))).isEmpty();
    assertThat(store.find(SeriesKey.of("-3"))).isEmpty();
    assertThat(store.find(SeriesKey.of("-3", "a", "a"))).isEmpty();
  }

  @Test
  void findsARowThatRepeatsAnotherWhereNoSeriesHasTooManyRows() {
    List<Row> rows = new ArrayList<>();
    for (int day : new int[] {0, 1, 1, 4, 5}) {
      rows.add(new Row(1, "a", SampleRows.FIRST_DAY + day, 1, 1, null, 1));
    }
    assertThatThrownBy(() -> new SampleRows(rows, 2, 2).inMemory(SampleRows.SPEC))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_DATA))
        .hasMessageContaining(
            "1 row repeats the key and time of another row, for instance series 1/a at 2024-02-21"
                + " (2 rows)");
  }

  @Test
  void refusesRowsThatChangeWhileTheyAreRead() {
    SampleRows rows = SampleRows.of(3, Order.SHUFFLED);
    List<Row> later = new ArrayList<>(rows.rows());
    Row last = later.remove(later.size() - 1);
    later.add(new Row(99, "new", last.day(), 1, 1, null, 1));
    boolean[] again = new boolean[1];
    RowReader changing =
        (values, floats, sink) -> {
          (again[0] ? new SampleRows(later, 100, 1) : rows).read(values, floats, sink);
          again[0] = true;
        };
    assertThatThrownBy(
            () ->
                new SeriesAssembler(SampleRows.SPEC, SampleRows.TYPES, "rows", 1)
                    .inMemory(changing))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
        .hasMessageContaining("its rows were others when they were read a second time");
  }

  @Test
  void aVocabularyKeepsItsCodesAndNewTextsFollowInTheirOrder() {
    SampleRows rows = SampleRows.of(11, Order.SHUFFLED);
    SeriesStore store = rows.inMemory(SampleRows.SPEC.vocabulary("weather", "sun", "hail", "rain"));
    assertThat(store.channels().get(2).categories())
        .containsExactly("sun", "hail", "rain", "fog", "snow");
    SeriesStore plain = rows.inMemory(SampleRows.SPEC);
    assertThat(plain.channels().get(2).categories()).containsExactlyElementsOf(WEATHER);
    int differing = 0;
    for (int s = 0; s < store.seriesCount(); s++) {
      for (int step = 0; step < store.length(s); step++) {
        assertThat(text(store, s, step)).isEqualTo(text(plain, s, step));
        differing += store.value(s, step, 2) != plain.value(s, step, 2) ? 1 : 0;
      }
    }
    assertThat(differing).isPositive();
  }

  private static String text(SeriesStore store, int series, int step) {
    float code = store.value(series, step, 2);
    return Float.isNaN(code) ? "" : store.channels().get(2).categories().get((int) code);
  }

  @Test
  void textsOutsideAFixedVocabularyCountAsMissingAndAreTold() {
    SampleRows rows = SampleRows.of(11, Order.SHUFFLED);
    SeriesAssembler assembler =
        new SeriesAssembler(
            SampleRows.SPEC.vocabulary("weather", Vocabulary.of(List.of("sun")).unseenMissing()),
            SampleRows.TYPES,
            "rows",
            1);
    SeriesStore store = assembler.inMemory(rows);
    assertThat(store.channels().get(2).categories()).containsExactly("sun");
    long others =
        rows.rows().stream().filter(r -> r.weather() != null && !r.weather().equals("sun")).count();
    assertThat(assembler.warnings())
        .containsExactly(
            others
                + " values of \"weather\" in rows are not in the vocabulary and count as missing.");
    for (Row row : rows.rows()) {
      int s = store.find(SeriesKey.of("" + row.store(), row.item())).orElseThrow();
      float code = store.value(s, (int) (row.day() - store.firstStep(s)), 2);
      assertThat(code).isEqualTo((Float) ("sun".equals(row.weather()) ? 0f : Float.NaN));
    }
  }
}
