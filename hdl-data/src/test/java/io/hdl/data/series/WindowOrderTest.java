package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WindowOrderTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 16, 17, 100, 1000, 4096, 4097, 100_003})
  void everyNumberStandsAtOnePosition(int size) {
    for (long seed = 0; seed < 5; seed++) {
      WindowOrder order = WindowOrder.shuffled(size, seed, 0);
      BitSet seen = new BitSet(size);
      for (int i = 0; i < size; i++) {
        seen.set((int) order.at(i));
      }
      assertThat(seen.cardinality()).as("seed %d", seed).isEqualTo(size);
      assertThat(seen.length()).isEqualTo(size);
    }
  }

  @Test
  void theSameSeedAndEpochGiveTheSameOrderAndAnyOtherAnother() {
    WindowOrder order = WindowOrder.shuffled(1000, 42, 3);
    assertThat(agreement(order, WindowOrder.shuffled(1000, 42, 3))).isEqualTo(1000);
    assertThat(agreement(order, WindowOrder.shuffled(1000, 43, 3))).isLessThan(20);
    assertThat(agreement(order, WindowOrder.shuffled(1000, 42, 4))).isLessThan(20);
    assertThat(agreement(order, WindowOrder.sequential(1000))).isLessThan(20);
  }

  private static int agreement(WindowOrder a, WindowOrder b) {
    int same = 0;
    for (int i = 0; i < a.size(); i++) {
      same += a.at(i) == b.at(i) ? 1 : 0;
    }
    return same;
  }

  @Test
  void neighboursAreSpreadOverTheWholeRange() {
    int size = 100_000;
    WindowOrder order = WindowOrder.shuffled(size, 7, 0);
    int[] tenths = new int[10];
    double steps = 0;
    for (int i = 0; i < 10_000; i++) {
      tenths[(int) (order.at(i) * 10 / size)]++;
      steps += Math.abs(order.at(i + 1) - order.at(i));
    }
    // Ten cells of 1000 expected; four standard deviations are 120.
    for (int count : tenths) {
      assertThat(count).isBetween(880, 1120);
    }
    // Two uniform numbers lie a third of the range apart on average.
    assertThat(steps / 10_000 / size).isBetween(0.32, 0.345);
  }

  @Test
  void ordersMoreNumbersThanAnArrayHolds() {
    long size = 3_000_000_000_000L;
    WindowOrder order = WindowOrder.shuffled(size, 1, 1);
    for (long position : new long[] {0, 1, size / 2, size - 1}) {
      assertThat(order.at(position)).isBetween(0L, size - 1);
    }
  }
}
