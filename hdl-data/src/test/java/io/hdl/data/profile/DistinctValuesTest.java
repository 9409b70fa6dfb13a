package io.hdl.data.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistinctValuesTest {
  @Test
  void countsExactlyUpToItsBound() {
    DistinctValues numbers = DistinctValues.ofNumbers(1000);
    DistinctValues texts = DistinctValues.ofBytes(1000);
    for (int i = 0; i < 5000; i++) {
      numbers.add(i % 1000);
      texts.add(("t" + i % 1000).getBytes(StandardCharsets.UTF_8));
    }
    assertThat(numbers.count()).isEqualTo(new DistinctCount(1000, true));
    assertThat(texts.count()).isEqualTo(new DistinctCount(1000, true));
  }

  @Test
  void countsNothingWhereNothingIs() {
    assertThat(DistinctValues.ofNumbers(1).count()).isEqualTo(new DistinctCount(0, true));
  }

  @ParameterizedTest
  @ValueSource(ints = {2000, 40_000, 80_000, 1_000_000})
  void saysAboutHowManyAboveItsBound(int different) {
    DistinctValues numbers = DistinctValues.ofNumbers(1000);
    DistinctValues texts = DistinctValues.ofBytes(1000);
    for (int i = different; i >= 1; i--) {
      numbers.add(i * 3L);
      numbers.add(i * 3L);
      texts.add(("t" + i).getBytes(StandardCharsets.UTF_8));
    }
    assertThat(numbers.count().exact()).isFalse();
    assertThat(numbers.count().count()).isCloseTo(different, Percentage.withPercentage(3));
    assertThat(texts.count().exact()).isFalse();
    assertThat(texts.count().count()).isCloseTo(different, Percentage.withPercentage(3));
  }
}
