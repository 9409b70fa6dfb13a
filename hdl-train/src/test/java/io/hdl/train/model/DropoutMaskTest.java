package io.hdl.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutMaskTest {
  private static float[] mask(int length, double probability, long seed) {
    float[] mask = new float[length];
    DropoutMask.fill(mask, probability, seed);
    return mask;
  }

  @ParameterizedTest
  @ValueSource(doubles = {0.05, 0.3, 0.5, 0.9})
  void dropsTheShareThatWasAskedForAndKeepsTheMean(double probability) {
    int length = 400_003;
    float[] mask = mask(length, probability, 42);
    int dropped = 0;
    double sum = 0;
    int repeated = 0;
    for (int i = 0; i < length; i++) {
      dropped += mask[i] == 0 ? 1 : 0;
      sum += mask[i];
      repeated += i >= 4 && mask[i] == mask[i - 4] ? 1 : 0;
    }
    // Five standard deviations.
    double deviation = Math.sqrt(probability * (1 - probability) / length);
    assertThat((double) dropped / length).isCloseTo(probability, within(5 * deviation));
    assertThat(sum / length).isCloseTo(1, within(5 * deviation / (1 - probability)));
    double alike = probability * probability + (1 - probability) * (1 - probability);
    assertThat((double) repeated / length).isCloseTo(alike, within(0.005));
  }

  @Test
  void givesTheSameMaskForTheSameSeedAlone() {
    assertThat(mask(1000, 0.5, 1)).isEqualTo(mask(1000, 0.5, 1)).isNotEqualTo(mask(1000, 0.5, 2));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
  void fillsMasksOfAnyLength(int length) {
    float[] mask = mask(length, 0.5, 9);
    for (float value : mask) {
      assertThat(value).isIn(0f, 2f);
    }
  }

  @Test
  void keepsAllWithoutProbability() {
    assertThat(mask(9, 0, 3)).containsOnly(1f);
  }
}
