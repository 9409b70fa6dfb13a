package io.hdl.data.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ExactSumTest {
  private static BigDecimal sum(List<Double> values) {
    ExactSum sum = new ExactSum();
    values.forEach(sum::add);
    return sum.value();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void addsWithoutRounding(long seed) {
    Random random = new Random(seed);
    List<Double> values = new ArrayList<>();
    BigDecimal expected = BigDecimal.ZERO;
    // All exponents, subnormal numbers too, and more values than one carry spans.
    while (values.size() < 3000) {
      double value = Double.longBitsToDouble(random.nextLong());
      if (Double.isFinite(value)) {
        values.add(value);
        expected = expected.add(new BigDecimal(value));
      }
    }
    assertThat(sum(values)).isEqualByComparingTo(expected);
    Collections.shuffle(values, random);
    assertThat(sum(values)).isEqualByComparingTo(expected);
  }

  @Test
  void keepsWhatCancelsOut() {
    assertThat(sum(List.of(1e100, 1.0, -1e100)).doubleValue()).isEqualTo(1);
    assertThat(sum(List.of()).doubleValue()).isZero();
    assertThat(sum(List.of(-0.0)).doubleValue()).isZero();
  }

  @Test
  void takesManyValuesOfOneSize() {
    // Every mantissa bit is set: what overflows a chunk would be lost.
    double value = Math.nextDown(2.0);
    assertThat(sum(Collections.nCopies(100_000, value)))
        .isEqualByComparingTo(new BigDecimal(value).multiply(BigDecimal.valueOf(100_000)));
  }
}
