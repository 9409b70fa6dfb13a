package io.hdl.core;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StepCurveTest {
  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "2000, 1",
    "2001, 2",
    "4001, 2",
    "4002, 4",
    "1000000, 512",
    "0, 1",
  })
  void takesTheSmallestPowerOfTwoThatKeepsTheBound(long steps, long stride) {
    assertThat(StepCurve.stride(steps)).isEqualTo(stride);
  }

  @ParameterizedTest
  @CsvSource({"1", "37", "2000", "2001", "50000", "999999"})
  void reportsAtMostTwoThousandPointsAndTheLast(long steps) {
    List<Long> reported =
        LongStream.rangeClosed(1, steps)
            .filter(step -> StepCurve.isReported(step, steps))
            .boxed()
            .toList();
    assertThat(reported).hasSizeLessThanOrEqualTo(StepCurve.MOST_POINTS + 1).endsWith(steps);
    assertThat(reported.size()).isGreaterThan((int) Math.min(steps, 1000) - 1);
  }

  @Test
  void goesOnAtTheSameStepsAfterAnInterruption() {
    long steps = 10_000;
    List<Long> whole = reported(1, steps, steps);
    for (long stop : new long[] {1, 7, 4096, 9999}) {
      List<Long> parts = new java.util.ArrayList<>(reported(1, stop, steps));
      parts.addAll(reported(stop + 1, steps, steps));
      assertThat(parts).isEqualTo(whole);
    }
  }

  private static List<Long> reported(long from, long to, long steps) {
    return LongStream.rangeClosed(from, to)
        .filter(step -> StepCurve.isReported(step, steps))
        .boxed()
        .toList();
  }
}
