package io.hdl.data.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.data.column.ColumnBounds;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BoundFilterTest {
  private static final Map<String, ColumnType> TYPES =
      Map.of(
          "i", ColumnType.INTEGER,
          "d", ColumnType.DOUBLE,
          "f", ColumnType.FLOAT,
          "s", ColumnType.STRING,
          "c", ColumnType.fixedLength(3),
          "x", ColumnType.decimal(10, 2),
          "bin", ColumnType.BINARY);

  private static BoundFilter bind(String text) {
    return BoundFilter.of(Filter.parse(text), TYPES, "table");
  }

  private static ColumnBounds bounds(@Nullable Object min, @Nullable Object max, long nulls) {
    return new ColumnBounds(
        OptionalLong.of(10),
        OptionalLong.of(nulls),
        Optional.ofNullable(min),
        Optional.ofNullable(max));
  }

  private static String outcome(String text, ColumnBounds... bounds) {
    return bind(text).outcome(List.of(bounds)).name();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          i = 3               | SOME
          i = 11              | NONE
          i < 1               | NONE
          i <= 1              | SOME
          i >= 1              | ALL
          i > 0.5             | ALL
          i < 10.5            | ALL
          i = 2.5             | NONE
          i != 2.5            | ALL
          i != 11             | ALL
          i in (0, 11)        | NONE
          i not in (0, 11)    | ALL
          i between 1 and 10  | ALL
          i between 5 and 4   | NONE
          i is null           | NONE
          i is not null       | ALL
          i < 99999999999999999999   | ALL
          i > -99999999999999999999  | ALL
          i = 99999999999999999999   | NONE
          not (i < 1 or i > 10)      | ALL
          not (i >= 1 and i <= 10)   | NONE
          i > 3 and i < 2     | NONE
          i < 5 or i >= 5     | ALL
          true                | ALL
          not (true)          | NONE
          i = 3 or true       | ALL
          """)
  void tellsOfAFileWithValuesFromOneToTen(String filter, String expected) {
    int columns = bind(filter).columns().size();
    ColumnBounds[] known = {bounds(1L, 10L, 0)};
    assertThat(outcome(filter, Arrays.copyOf(known, columns))).isEqualTo(expected);
  }

  @Test
  void nullsNeverMakeAComparisonTrue() {
    assertThat(outcome("i >= 1", bounds(1L, 10L, 2))).isEqualTo("SOME");
    assertThat(outcome("i >= 1", bounds(null, null, 10))).isEqualTo("NONE");
    assertThat(outcome("not (i >= 1)", bounds(null, null, 10))).isEqualTo("NONE");
    assertThat(outcome("i is null", bounds(null, null, 10))).isEqualTo("ALL");
    assertThat(outcome("i is null or i >= 1", bounds(1L, 10L, 2))).isEqualTo("ALL");
    assertThat(outcome("i is null", ColumnBounds.UNKNOWN)).isEqualTo("SOME");
    assertThat(outcome("i is null or i is not null", ColumnBounds.UNKNOWN)).isEqualTo("ALL");
    assertThat(outcome("bin is null", bounds(null, null, 0))).isEqualTo("NONE");
    assertThat(outcome("bin is not null", bounds(null, null, 0))).isEqualTo("ALL");
  }

  @Test
  void boundsDoNotSpeakOfNaN() {
    ColumnBounds known = bounds(1.0, 10.0, 0);
    assertThat(outcome("d > 10", known)).as("NaN is above all").isEqualTo("SOME");
    assertThat(outcome("d = nan", known)).isEqualTo("SOME");
    assertThat(outcome("d != nan", known)).isEqualTo("SOME");
    assertThat(outcome("d <= 10", known)).isEqualTo("SOME");
    assertThat(outcome("d >= 1", known)).isEqualTo("ALL");
    assertThat(outcome("d < 1", known)).isEqualTo("NONE");
    assertThat(outcome("d = 11", known)).isEqualTo("NONE");
    assertThat(outcome("d between 11 and 12", known)).isEqualTo("NONE");
    assertThat(outcome("d >= 11 and d <= 12", known)).isEqualTo("NONE");
    assertThat(outcome("d > infinity", known)).isEqualTo("SOME");
    assertThat(outcome("d < -1e399", bounds(-1.0, 1.0, 0))).isEqualTo("NONE");
  }

  @Test
  void boundsThatCrossOrAreHalfKnownAreUsedAsFarAsTheyGo() {
    assertThat(outcome("i = 3", bounds(10L, 1L, 0))).isEqualTo("SOME");
    assertThat(outcome("i = 3", bounds(4L, null, 0))).isEqualTo("NONE");
    assertThat(outcome("i = 3", bounds(null, 2L, 0))).isEqualTo("NONE");
    assertThat(outcome("i = 3", bounds(null, 3L, 0))).isEqualTo("SOME");
    assertThat(outcome("i = 3 and s = 'x'", bounds(4L, null, 0), ColumnBounds.UNKNOWN))
        .isEqualTo("NONE");
    assertThat(outcome("i = 3 or s = 'x'", bounds(4L, null, 0), ColumnBounds.UNKNOWN))
        .isEqualTo("SOME");
  }

  @Test
  void textsStandInTheOrderOfTheirCodePoints() {
    // As UTF-16 the emoji's surrogates would stand before U+FFFD.
    ColumnBounds known = bounds("a", "\uFFFD", 0);
    assertThat(outcome("s >= '\uD83D\uDE00'", known)).isEqualTo("NONE");
    assertThat(outcome("s < '\uD83D\uDE00'", known)).isEqualTo("ALL");
    assertThat(outcome("s = '\uE000'", known)).isEqualTo("SOME");
    ColumnVector texts =
        new ColumnVector.Texts(
            new int[] {0, 1, -1, 2, 0}, List.of("\uFFFD", "\uD83D\uDE00", "\uD83D"));
    assertThat(matches("s > '\uFFFD'", texts)).containsExactly(false, true, false, true, false);
    assertThat(matches("s is null", texts)).containsExactly(false, false, true, false, false);
  }

  private static boolean[] matches(String filter, ColumnVector vector) {
    boolean[] found = bind(filter).matcher().match(List.of(vector), vector.size());
    return Arrays.copyOf(found, vector.size());
  }

  @Test
  void textsOfFixedLengthArePadded() {
    ColumnVector padded = new ColumnVector.Texts(new int[] {0}, List.of("a  "));
    assertThat(matches("c = 'a'", padded)).containsExactly(true);
    assertThat(matches("c = 'a '", padded)).containsExactly(true);
    assertThat(matches("s = 'a'", padded)).containsExactly(false);
  }

  @Test
  void floatsAreComparedAsSparkDoes() {
    ColumnVector values =
        new ColumnVector.Doubles(
            new double[] {
              Double.NaN, -0.0, 0.0, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.1, 0
            },
            new boolean[] {false, false, false, false, false, false, true});
    assertThat(matches("d = 0", values))
        .containsExactly(false, true, true, false, false, false, false);
    assertThat(matches("d < 0", values))
        .containsExactly(false, false, false, false, true, false, false);
    assertThat(matches("d > 1e308", values))
        .containsExactly(true, false, false, true, false, false, false);
    assertThat(matches("d >= nan", values))
        .containsExactly(true, false, false, false, false, false, false);
    assertThat(matches("d > 1e399", values))
        .containsExactly(true, false, false, true, false, false, false);
    assertThat(matches("d < -1e399", values))
        .containsExactly(false, false, false, false, true, false, false);
    assertThat(matches("not (d = 0.1)", values))
        .containsExactly(true, true, true, true, true, false, false);
    ColumnVector single = new ColumnVector.Doubles(new double[] {0.1f, 0.1}, null);
    assertThat(matches("f = 0.1", single)).as("rounded to a float").containsExactly(true, false);
  }

  @Test
  void decimalsAreComparedExactly() {
    ColumnVector values =
        new ColumnVector.Decimals(
            new @Nullable BigDecimal[] {
              new BigDecimal("1.50"), null, new BigDecimal("99999999.99"), new BigDecimal("-0.01")
            });
    assertThat(matches("x = 1.5", values)).containsExactly(true, false, false, false);
    assertThat(matches("x < 1.500000000000000000001", values))
        .containsExactly(true, false, false, true);
    assertThat(matches("x != 1.505", values)).containsExactly(true, false, true, true);
    assertThat(matches("x is null", values)).containsExactly(false, true, false, false);
    assertThat(outcome("x > 2", bounds(new BigDecimal("1"), new BigDecimal("2.00"), 0)))
        .isEqualTo("NONE");
  }

  @Test
  void knowsWhetherItFiltersAnything() {
    assertThat(bind("true").isAll()).isTrue();
    assertThat(bind("i = 3").isAll()).isFalse();
    assertThat(bind("i = 3 and s = 'x' or i is null").columns()).containsExactly("i", "s");
  }
}
