package io.hdl.data.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FilterTest {
  @Test
  void isWrittenInOneWay() {
    Filter recent =
        Filter.column("store")
            .in(1, 2, 3)
            .and(Filter.column("date").atLeast("2011-01-01"))
            .and(Filter.column("brand").isNull().or(Filter.column("price").between(0.50, 9)));
    assertThat(recent)
        .hasToString(
            "store in (1, 2, 3) and date >= '2011-01-01' and (brand is null or price between 0.5"
                + " and 9)");
    assertThat(Filter.parse("STORE = 3")).hasToString("STORE = 3");
    assertThat(
            Filter.parse(
                "  store In(1,2 ,3) AND date>='2011-01-01' and\n(brand is NULL or price"
                    + " between .5 and 9.00) "))
        .isEqualTo(recent)
        .hasSameHashCodeAs(recent);
    assertThat(recent.columns()).containsExactly("store", "date", "brand", "price");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          a <> 3                          | a != 3
          a = -1.50                       | a = -1.5
          a < 1e3                         | a < 1000
          a > -infinity and a != NaN      | a > -infinity and a != nan
          not a = 1                       | not (a = 1)
          not not a = 1                   | a = 1
          not (a = 1 or b = 2) and c = 3  | not (a = 1 or b = 2) and c = 3
          a not in (1)                    | a not in (1)
          not a in (1)                    | a not in (1)
          a is not null                   | a is not null
          a not between 1 and 2           | a not between 1 and 2
          `weekly sales` = 'it''s'        | `weekly sales` = 'it''s'
          `in` = true                     | `in` = true
          `a``b` = 1                      | `a``b` = 1
          price.net >= 2                  | price.net >= 2
          `price.net` >= 2                | price.net >= 2
          date = date '2011-01-31'        | date = date '2011-01-31'
          t = timestamp '2011-01-31T01:00:00Z'  | t = timestamp '2011-01-31T01:00:00Z'
          t = timestamp_ntz '2011-01-31T01:00'  | t = timestamp_ntz '2011-01-31T01:00'
          true                            | true
          true and a = 1                  | a = 1
          a = 1 or true                   | true
          ((a = 1))                       | a = 1
          a = 1 or b = 2 and c = 3        | a = 1 or b = 2 and c = 3
          (a = 1 or b = 2) and c = 3      | (a = 1 or b = 2) and c = 3
          größe > 1                       | `größe` > 1
          """)
  void readsItsTextForm(String text, String canonical) {
    assertThat(Filter.parse(text)).hasToString(canonical);
    assertThat(Filter.parse(canonical)).isEqualTo(Filter.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          store = = 3        | expected a value at position 9, found "= 3"
          store = 3 3        | expected and, or, or the end at position 11, found "3"
          = 3                | expected a column at position 1, found "= 3"
          store in 3         | expected ( at position 10, found "3"
          store in ()        | expected a value at position 11, found ")"
          (store = 3         | expected ) at position 11, found the end
          store = 'x         | the ' at position 9 is not closed
          store = x          | expected a value; texts stand in single quotes at position 9
          store = null       | nulls are asked for by "is null" and "is not null" at position 9
          store is 3         | expected null at position 10
          store ; 3          | ";" at position 7 is not understood
          store between 1 3  | expected and at position 17
          store not 3        | expected in or between at position 11
          store = 1.2.3      | 1.2.3 is no number
          d = date 'x'       | expected a date in ISO 8601 at position 10
          store = 1e999      | number: 1E+999 (expected: an exponent from -400 to 400)
          """)
  void saysWhereItsTextIsWrong(String text, String part) {
    assertThatThrownBy(() -> Filter.parse(text))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining(part);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 100_000})
  void refusesATextThatIsNestedTooDeep(int depth) {
    assertThatThrownBy(() -> Filter.parse("(".repeat(depth) + "a = 1"))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("nested more than 200 deep");
  }

  @Test
  void letsAllRowsPassByAnEmptyText() {
    assertThat(Filter.parse(" ")).isEqualTo(Filter.all());
    assertThat(Filter.all().isAll()).isTrue();
    assertThat(Filter.all().and(Filter.parse("a = 1"))).hasToString("a = 1");
  }

  @Test
  void refusesAValueThatIsNone() {
    assertThatThrownBy(() -> Filter.column("a").equalTo(new StringBuilder()))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("value: a StringBuilder (expected: a number, String, Boolean");
    assertThatThrownBy(() -> Filter.column("a").in())
        .hasMessage("values for \"a\": none (expected: at least 1)");
    assertThatThrownBy(() -> Filter.column("")).hasMessage("column: \"\" (expected: a name)");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void readsBackWhateverItWrites(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < 2000; i++) {
      Filter filter = randomFilter(random, 4);
      assertThat(Filter.parse(filter.toString())).as("seed %d: %s", seed, filter).isEqualTo(filter);
    }
  }

  private static Filter randomFilter(SplittableRandom random, int depth) {
    List<Filter.Operator> operators = List.of(Filter.Operator.values());
    return switch (random.nextInt(depth == 0 ? 4 : 7)) {
      case 0 -> Filter.column(name(random)).in(value(random), value(random));
      case 1 -> Filter.column(name(random)).between(value(random), value(random));
      case 2 -> Filter.column(name(random)).isNull();
      case 3 ->
          new Filter.Comparison(
              name(random),
              operators.get(random.nextInt(operators.size())),
              Literal.of(value(random)));
      case 4 -> randomFilter(random, depth - 1).not();
      case 5 -> randomFilter(random, depth - 1).and(randomFilter(random, depth - 1));
      default -> randomFilter(random, depth - 1).or(randomFilter(random, depth - 1));
    };
  }

  private static String name(SplittableRandom random) {
    List<String> names = List.of("a", "date", "not", "x y", "a.b", "`", "IS", "ä", "1a", "true");
    return names.get(random.nextInt(names.size()));
  }

  private static Object value(SplittableRandom random) {
    List<Object> values = new ArrayList<>();
    values.add(random.nextLong());
    values.add(Double.longBitsToDouble(random.nextLong()));
    values.add(random.nextDouble());
    values.add(BigDecimal.valueOf(random.nextLong(), random.nextInt(60) - 30));
    values.add("it's " + random.nextInt() + " `\n");
    values.add(random.nextBoolean());
    values.add(LocalDate.ofEpochDay(random.nextInt(40_000)));
    values.add(Instant.ofEpochSecond(random.nextInt(), random.nextInt(1_000_000_000)));
    values.add(LocalDateTime.of(2000, 1, 1, 0, 0).plusNanos(random.nextLong(1L << 50)));
    return values.get(random.nextInt(values.size()));
  }
}
