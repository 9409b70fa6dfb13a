package io.hdl.data.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.data.column.ColumnBounds;
import io.hdl.data.column.ColumnType;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FileStatisticsTest {
  private static ColumnBounds bounds(ColumnType type, String min, String max) {
    return FileStatistics.of(
            "{\"numRecords\":10,\"minValues\":{\"c\":"
                + min
                + "},\"maxValues\":{\"c\":"
                + max
                + "},\"nullCount\":{\"c\":2}}")
        .bounds(List.of("c"), type);
  }

  private static void assertBounds(ColumnBounds bounds, Object min, Object max) {
    assertThat(bounds.min()).contains(min);
    assertThat(bounds.max()).contains(max);
    assertThat(bounds.rows()).hasValue(10);
    assertThat(bounds.nulls()).hasValue(2);
  }

  private static long micros(String instant) {
    Instant moment = Instant.parse(instant);
    return moment.getEpochSecond() * 1_000_000 + moment.getNano() / 1000;
  }

  @Test
  void integersDatesAndShortTextsAreExact() {
    assertBounds(
        bounds(ColumnType.LONG, "-9223372036854775808", "9223372036854775807"),
        Long.MIN_VALUE,
        Long.MAX_VALUE);
    assertBounds(bounds(ColumnType.BYTE, "-1", "5"), -1L, 5L);
    assertBounds(
        bounds(ColumnType.DATE, "\"2011-01-31\"", "\"9999-12-31\""),
        LocalDate.of(2011, 1, 31).toEpochDay(),
        LocalDate.of(9999, 12, 31).toEpochDay());
    assertBounds(bounds(ColumnType.STRING, "\"\"", "\"ü\""), "", "ü");
  }

  @Test
  void decimalsKeepAllTheirDigits() {
    assertBounds(
        bounds(ColumnType.decimal(15, 2), "-1.50", "9999999999999.99"),
        new BigDecimal("-1.50"),
        new BigDecimal("9999999999999.99"));
    ColumnBounds wide =
        bounds(
            ColumnType.decimal(38, 10),
            "-9999999999999999999999999999.9999999999",
            "12345678901234567890.0000000001");
    BigDecimal max = (BigDecimal) wide.max().orElseThrow();
    // Wide enough for a writer that passed it through a double, and no wider than 2^-52 of it.
    assertThat(max).isGreaterThan(new BigDecimal("12345678901234567890.0000000001"));
    assertThat(max).isLessThan(new BigDecimal("12345678901234580000"));
    assertThat((BigDecimal) wide.min().orElseThrow())
        .isLessThan(new BigDecimal("-9999999999999999999999999999.9999999999"));
  }

  @Test
  void timestampsReachBeyondTheMillisecondsThatAreKept() {
    assertBounds(
        bounds(
            ColumnType.TIMESTAMP,
            "\"2011-01-31T00:00:00.000Z\"",
            "\"2011-01-31T01:00:00.000+01:00\""),
        micros("2011-01-31T00:00:00Z") - 999,
        micros("2011-01-31T00:00:00Z") + 999);
    assertBounds(
        bounds(ColumnType.TIMESTAMP_NTZ, "\"2011-01-31T00:00:00.5\"", "\"2011-01-31 00:00:01\""),
        micros("2011-01-31T00:00:00.5Z") - 999,
        micros("2011-01-31T00:00:01Z") + 999);
    // Of a file that was written while the column was a date.
    assertBounds(
        bounds(ColumnType.TIMESTAMP_NTZ, "\"2011-01-30\"", "\"2011-01-31\""),
        micros("2011-01-30T00:00:00Z"),
        micros("2011-02-01T00:00:00Z"));
    assertThat(bounds(ColumnType.TIMESTAMP, "\"2011-01-31T00:00:00\"", "\"\"").min())
        .as("an instant without a zone")
        .isEmpty();
  }

  @Test
  void floatsAndDoublesAllowForWhatANarrowerTypeRounded() {
    ColumnBounds widened = bounds(ColumnType.DOUBLE, "0.7", "33.02");
    assertThat((Double) widened.min().orElseThrow()).isLessThan((double) 0.7f);
    assertThat((Double) widened.max().orElseThrow()).isGreaterThan((double) 33.02f);
    assertThat((Double) widened.max().orElseThrow()).isLessThan(33.0201);
    ColumnBounds special = bounds(ColumnType.FLOAT, "\"-Infinity\"", "\"NaN\"");
    assertBounds(special, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
  }

  @Test
  void aLongTextMayHaveBeenCut() {
    String cut = "x".repeat(31) + "y";
    assertThat(bounds(ColumnType.STRING, "\"" + cut + "\"", "\"" + cut + "\"").min()).contains(cut);
    assertThat(bounds(ColumnType.STRING, "\"\"", "\"" + cut + "\"").max())
        .contains("x".repeat(31) + "z");
    assertThat(bounds(ColumnType.STRING, "\"\"", "\"ab\uFFFD\"").max()).contains("ac");
    assertThat(bounds(ColumnType.STRING, "\"\"", "\"ab\\u007f\"").max()).contains("ac");
    assertThat(bounds(ColumnType.STRING, "\"\"", "\"ab\uDBFF\uDFFF\"").max()).contains("ac");
    assertThat(bounds(ColumnType.STRING, "\"\"", "\"a\uD7FF\uFFFD\"").max()).contains("a\uE000");
    assertThat(bounds(ColumnType.STRING, "\"\"", "\"\uFFFD\"").max()).isEmpty();
    // Blanks are added to texts of fixed length when they are read; bounds were taken before.
    assertThat(bounds(ColumnType.fixedLength(3), "\"a\"", "\"b\"").max()).isEmpty();
  }

  @Test
  void looseBoundsCountNullsOnlyWhereItIsNoneOrAll() {
    for (int nulls : List.of(0, 4, 10)) {
      ColumnBounds loose =
          FileStatistics.of(
                  "{\"numRecords\":10,\"nullCount\":{\"c\":"
                      + nulls
                      + "},\"minValues\":{\"c\":3},\"tightBounds\":false}")
              .bounds(List.of("c"), ColumnType.LONG);
      assertThat(loose.nulls().isPresent()).isEqualTo(nulls != 4);
      assertThat(loose.withoutNulls()).isEqualTo(nulls == 0);
      assertThat(loose.onlyNulls()).isEqualTo(nulls == 10);
      assertThat(loose.min()).contains(3L);
      assertThat(loose.max()).isEmpty();
    }
  }

  @Test
  void findsLeavesOfStructsAndColumnsWithOddNames() {
    FileStatistics statistics =
        FileStatistics.of(
            "{\"minValues\":{\"st\":{\"b\":{\"c\":1}},\"numRecords\":7,\"a.b\":2},"
                + "\"numRecords\":10}");
    assertThat(statistics.rows()).hasValue(10);
    assertThat(statistics.bounds(List.of("st", "b", "c"), ColumnType.LONG).min()).contains(1L);
    assertThat(statistics.bounds(List.of("st", "b"), ColumnType.LONG)).isNotNull();
    assertThat(statistics.bounds(List.of("numRecords"), ColumnType.LONG).min()).contains(7L);
    assertThat(statistics.bounds(List.of("a.b"), ColumnType.LONG).min()).contains(2L);
    assertThat(statistics.bounds(List.of("nowhere"), ColumnType.LONG).min()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "[]",
        "null",
        "7",
        "{\"numRecords\":-1}",
        "{\"numRecords\":\"10\"}",
        "{\"numRecords\":1e3}",
        "{\"numRecords\":99999999999999999999}",
        "{\"minValues\":[],\"maxValues\":7,\"nullCount\":{\"c\":{\"c\":1}}}",
        "{\"minValues\":{\"c\":\"x\"},\"maxValues\":{\"c\":true},\"nullCount\":{\"c\":-4}}",
        "{\"minValues\":{\"c\":1.5},\"maxValues\":{\"c\":1e999999999},\"nullCount\":{\"c\":null}}",
        "{\"minValues\":{\"c\":{\"d\":1}},\"maxValues\":{\"c\":[1]}}"
      })
  void whatIsMalformedIsUnknown(String json) {
    FileStatistics statistics = FileStatistics.of(json);
    assertThat(statistics.rows()).isEmpty();
    for (ColumnType type :
        List.of(
            ColumnType.LONG,
            ColumnType.DATE,
            ColumnType.TIMESTAMP,
            ColumnType.TIMESTAMP_NTZ,
            ColumnType.BOOLEAN,
            ColumnType.BINARY)) {
      ColumnBounds bounds = statistics.bounds(List.of("c"), type);
      assertThat(bounds).isEqualTo(ColumnBounds.UNKNOWN);
    }
    assertThat(statistics.bounds(List.of("c"), ColumnType.DOUBLE)).isNotNull();
    assertThat(statistics.bounds(List.of("c"), ColumnType.STRING)).isNotNull();
    assertThat(statistics.bounds(List.of("c"), ColumnType.decimal(38, 2))).isNotNull();
  }

  @Test
  void countsThatContradictEachOtherAreUnknown() {
    assertThat(
            FileStatistics.of("{\"numRecords\":3,\"nullCount\":{\"c\":4}}")
                .bounds(List.of("c"), ColumnType.LONG)
                .nulls())
        .isEmpty();
  }
}
