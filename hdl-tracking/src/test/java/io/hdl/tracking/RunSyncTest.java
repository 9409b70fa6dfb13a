package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.Leftovers;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxRun;
import io.hdl.tracking.outbox.OutboxSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunSyncTest {
  @TempDir Path home;

  @Test
  void saysWhatAJobHasOpenThatRunsAtTheMoment() {
    Path folder = home.resolve("demand/run-1/outbox");
    try (Outbox outbox =
        Outbox.open(folder, OutboxSettings.defaults(), new KilledTrainer.Silent())) {
      OutboxRun run = outbox.begin(KilledTrainer.RUN);
      run.put(new Item.Metric("loss", 0.5, 7, 1));
      assertThat(outbox.persist(Duration.ofSeconds(60))).isTrue();

      RunSync.Report report = RunSync.below(home).run();
      assertThat(report.isComplete()).isFalse();
      assertThat(report.entries())
          .singleElement()
          .satisfies(
              entry -> {
                assertThat(entry.folder()).isEqualTo(folder);
                assertThat(entry.delivered()).isZero();
                assertThat(entry.outstanding()).isEqualTo(2);
                assertThat(entry.reason())
                    .contains("In use by another job of this process, which delivers it itself.");
              });
      assertThat(Leftovers.below(home)).isEmpty();
    }
    assertThat(Leftovers.inUseBelow(home)).isEmpty();
    assertThat(Leftovers.below(home)).hasSize(1);
  }
}
