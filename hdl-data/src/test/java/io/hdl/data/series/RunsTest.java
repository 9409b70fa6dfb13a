package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunsTest {
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
  void findsTheRunOfEachNumber(long seed) {
    Random random = new Random(seed);
    long[] ends = new long[1 + random.nextInt(300)];
    long end = 0;
    for (int i = 0; i < ends.length; i++) {
      // Few long runs among many short ones: the table's entries are far from even.
      end += random.nextInt(50) == 0 ? 5000 : 1 + random.nextInt(3);
      ends[i] = end;
    }
    Runs runs = new Runs(ends.clone());
    int run = 0;
    for (long number = 0; number < end; number++) {
      run += number == ends[run] ? 1 : 0;
      assertThat(runs.of(number)).isEqualTo(run);
    }
    assertThat(runs.size()).isEqualTo(end);
  }
}
