package io.hdl.data.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ToFloatsTest {
  @Test
  void roundsDecimalsOnce() {
    Random random = new Random(1);
    for (int i = 0; i < 200_000; i++) {
      long unscaled = random.nextLong() >> random.nextInt(64);
      int scale = random.nextInt(38);
      assertThat(ToFloats.rounded(unscaled, scale))
          .as("%d / 10^%d", unscaled, scale)
          .isEqualTo(Float.parseFloat(BigDecimal.valueOf(unscaled, scale).toString()));
    }
  }

  @Test
  void roundsOnceWhereADoubleLiesBetweenTwoFloats() {
    // 1 + 2^-24 lies between two floats; a little more must go up, a little less down.
    BigDecimal between =
        BigDecimal.ONE.add(BigDecimal.valueOf(1, 0).divide(BigDecimal.valueOf(1 << 24)));
    for (int steps = -3; steps <= 3; steps++) {
      BigDecimal value = between.setScale(15, java.math.RoundingMode.HALF_UP);
      long unscaled = value.unscaledValue().longValueExact() + steps;
      assertThat(ToFloats.rounded(unscaled, 15))
          .isEqualTo(Float.parseFloat(BigDecimal.valueOf(unscaled, 15).toString()));
    }
  }

  @Test
  void readsBigEndianNumbersOfAnyLength() {
    Random random = new Random(2);
    for (int i = 0; i < 10_000; i++) {
      BigInteger number = new BigInteger(1 + random.nextInt(120), random);
      number = random.nextBoolean() ? number.negate() : number;
      byte[] bytes = number.toByteArray();
      assertThat(ToDecimals.decimal(bytes, 0, bytes.length, 3))
          .isEqualTo(new BigDecimal(number, 3));
      byte[] padded = new byte[bytes.length + 5];
      java.util.Arrays.fill(padded, (byte) (number.signum() < 0 ? -1 : 0));
      System.arraycopy(bytes, 0, padded, 5, bytes.length);
      assertThat(ToDecimals.decimal(padded, 0, padded.length, 3))
          .isEqualTo(new BigDecimal(number, 3));
    }
  }
}
