package io.hdl.tracking.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StepSetTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void holdsWhatWasAddedAndNothingElse(long seed) {
    Random random = new Random(seed);
    StepSet set = new StepSet();
    Set<Long> expected = new HashSet<>();
    long step = random.nextInt(100) - 50L;
    for (int i = 0; i < 2000; i++) {
      step =
          switch (random.nextInt(20)) {
            case 0 -> random.nextInt(4000);
            case 1 -> step;
            case 2 -> step + random.nextInt(50);
            default -> step + 1 + seed % 3;
          };
      set.add(step);
      expected.add(step);
    }
    StepSet copy = StepSet.ofNumbers(set.toNumbers());
    StepSet both = new StepSet();
    both.add(1000);
    both.addAll(set);
    expected.add(1000L);
    boolean had = set.contains(1000);
    for (long candidate = -100; candidate < 12_000; candidate++) {
      boolean holds = expected.contains(candidate) && (candidate != 1000 || had);
      assertThat(set.contains(candidate)).as("step %d, seed %d", candidate, seed).isEqualTo(holds);
      assertThat(copy.contains(candidate)).as("copy, step %d", candidate).isEqualTo(holds);
      assertThat(both.contains(candidate)).isEqualTo(expected.contains(candidate));
    }
  }

  @Test
  void takesThreeNumbersForStepsAtAnEvenDistance() {
    StepSet set = new StepSet();
    for (long step = 0; step < 1_000_000; step += 10) {
      set.add(step);
    }
    assertThat(set.toNumbers()).containsExactly(1, 0, 999_990, 10);
  }

  @Test
  void takesTheLongestDistances() {
    StepSet set = new StepSet();
    set.add(Long.MIN_VALUE);
    set.add(-5);
    set.add(Long.MAX_VALUE);
    assertThat(set.contains(Long.MIN_VALUE) && set.contains(-5) && set.contains(Long.MAX_VALUE))
        .isTrue();
    assertThat(set.contains(0)).isFalse();
  }
}
