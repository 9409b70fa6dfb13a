package io.hdl.data.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.testing.ManualTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class BandwidthLimitTest {
  private final ManualTime time = ManualTime.startingAt(Instant.EPOCH);
  private final BandwidthLimit limit = BandwidthLimit.bytesPerSecond(1000, time);

  private Duration passed() {
    return Duration.ofNanos(time.nanoTime());
  }

  @Test
  void manyUsersTogetherKeepToIt() throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      limit.used(7L * (i % 3));
    }
    assertThat(passed()).isBetween(Duration.ofMillis(690), Duration.ofMillis(700));
  }

  @Test
  void whatWasNotUsedIsLost() throws InterruptedException {
    time.advance(Duration.ofHours(1));
    limit.used(2000);
    assertThat(passed().minusHours(1)).isEqualTo(Duration.ofMillis(1950));
  }

  @Test
  void rejectsZero() {
    assertThatThrownBy(() -> BandwidthLimit.bytesPerSecond(0))
        .hasMessage("bytesPerSecond: 0 (expected: >= 1)");
  }
}
