package io.hdl.data.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PermutationTest {
  private static final long[] GOLDEN = {634, 797, 35, 760, 480, 909, 78, 499};
  private static final long[] GOLDEN_ODD = {1349, 404, 656, 1282, 1113, 196, 1343, 1011};

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 511, 512, 513, 100_003, 3_000_000_000_000L})
  void copiesTheNumbersThatItHasOneByOne(long size) {
    Permutation shuffled = Permutation.shuffled(size, size, 3);
    Permutation.Workspace workspace = new Permutation.Workspace();
    int count = (int) Math.min(size, 2000);
    long[] numbers = new long[count];
    for (long from : new long[] {0, (size - count) / 2, size - count}) {
      shuffled.copyTo(from, count, numbers, workspace);
      for (int i = 0; i < count; i++) {
        assertThat(numbers[i]).isEqualTo(shuffled.at(from + i));
      }
    }
  }

  @Test
  void theOrderOfASeedIsTheSameInEveryRelease() {
    Permutation shuffled = Permutation.shuffled(1000, 42, 3);
    long[] first = new long[8];
    shuffled.copyTo(0, 8, first, new Permutation.Workspace());
    assertThat(first).containsExactly(GOLDEN);
  }

  @Test
  void theOrderOverAnOddPowerOfTwoIsTheSameInEveryRelease() {
    Permutation shuffled = Permutation.shuffled(1500, 42, 3);
    long[] first = new long[8];
    shuffled.copyTo(0, 8, first, new Permutation.Workspace());
    assertThat(first).containsExactly(GOLDEN_ODD);
  }

  @Test
  void everyNumberStandsAtOnePosition() {
    for (int size = 1; size < 300; size++) {
      Permutation shuffled = Permutation.shuffled(size, 7, size);
      BitSet seen = new BitSet();
      for (int i = 0; i < size; i++) {
        seen.set((int) shuffled.at(i));
      }
      assertThat(seen.cardinality()).isEqualTo(size);
      assertThat(seen.length()).isEqualTo(size);
    }
  }
}
