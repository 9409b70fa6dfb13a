package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MomentsTest {
  private static float[] values(Random random) {
    float level = random.nextInt(3) == 0 ? 1e6f * random.nextFloat() : 0;
    float[] values = new float[1 + random.nextInt(500)];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextInt(10) == 0 ? Float.NaN : level + (float) random.nextGaussian() * 10;
    }
    return values;
  }

  private static Moments of(float[] values, int from, int to, Moments into) {
    for (int at = from; at < to; at += StoreLayout.BLOCK_STEPS) {
      into.addBlock(values, at, 1, Math.min(to, at + StoreLayout.BLOCK_STEPS));
    }
    return into;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6})
  void areThoseOfExactArithmetic(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      float[] values = values(random);
      BigDecimal sum = BigDecimal.ZERO;
      BigDecimal absolute = BigDecimal.ZERO;
      int count = 0;
      for (float value : values) {
        if (!Float.isNaN(value)) {
          sum = sum.add(new BigDecimal(value));
          absolute = absolute.add(new BigDecimal(Math.abs(value)));
          count++;
        }
      }
      if (count < 2) {
        continue;
      }
      BigDecimal mean = sum.divide(BigDecimal.valueOf(count), MathContext.DECIMAL128);
      BigDecimal squares = BigDecimal.ZERO;
      for (float value : values) {
        if (!Float.isNaN(value)) {
          squares = squares.add(new BigDecimal(value).subtract(mean).pow(2));
        }
      }
      double deviation = Math.sqrt(squares.doubleValue() / count);
      Moments moments = of(values, 0, values.length, new Moments());
      assertThat(moments.mean()).as("seed %d, %d", seed, round).isEqualTo(mean.floatValue());
      assertThat((double) moments.deviationOrOne())
          .as("seed %d, %d", seed, round)
          .isCloseTo(deviation, within(deviation * 1e-6));
      assertThat((double) moments.meanAbsoluteOrOne())
          .isCloseTo(absolute.doubleValue() / count, within(absolute.doubleValue() / count * 1e-6));
    }
  }

  @Test
  void goOnFromWhatWasWrittenToTheSameBits() {
    Random random = new Random(9);
    for (int round = 0; round < 100; round++) {
      float[] values = values(random);
      int block = values.length / StoreLayout.BLOCK_STEPS * StoreLayout.BLOCK_STEPS;
      double[] memory = new double[2 * Moments.DOUBLES];
      of(values, 0, block, new Moments()).write(memory, 3);
      Moments continued = new Moments();
      continued.read(memory, 3);
      of(values, block, values.length, continued);
      double[] found = new double[Moments.DOUBLES];
      continued.write(found, 0);
      double[] expected = new double[Moments.DOUBLES];
      of(values, 0, values.length, new Moments()).write(expected, 0);
      assertThat(found).as("round %d", round).isEqualTo(expected);
    }
  }

  @Test
  void ofEqualNumbersHaveNoSpread() {
    float[] values = new float[200];
    java.util.Arrays.fill(values, 0.1f);
    Moments moments = of(values, 0, 200, new Moments());
    assertThat(moments.mean()).isEqualTo(0.1f);
    assertThat(moments.deviationOrOne()).isEqualTo(1f);
  }
}
