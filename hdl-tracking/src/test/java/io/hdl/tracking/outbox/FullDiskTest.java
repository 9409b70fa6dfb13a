package io.hdl.tracking.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is full to the end of the job: what is in memory alone goes from there. */
class FullDiskTest {
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final int STEPS = 2000;

  @TempDir Path folder;
  private final AtomicBoolean full = new AtomicBoolean();
  private final Kept server = new Kept();
  private final Heard heard = new Heard();

  FullDiskTest() {
    server.most = 1000;
  }

  private Outbox open(int maxQueued) {
    return Outbox.open(
        folder,
        new OutboxSettings(
            maxQueued, 1 << 30, 8 << 20, Duration.ZERO, OutboxSettings.defaults().clock()),
        heard,
        path -> new FullDisk(path, full));
  }

  /** One value reaches the disk, then no byte more. */
  private void report(Outbox outbox) {
    OutboxRun run = outbox.begin(OutboxTest.start(1));
    run.put(OutboxTest.metric(0));
    assertThat(outbox.persist(LONG)).isTrue();
    full.set(true);
    for (int step = 1; step <= STEPS; step++) {
      run.put(OutboxTest.metric(step));
      run.put(new Item.Param("p" + step, "v"));
    }
    OutboxRun below = outbox.begin(below());
    below.put(new Item.Param("below", "v"));
    below.put(new Item.End(Item.EndStatus.FINISHED, 98));
    run.put(new Item.End(Item.EndStatus.FINISHED, 99));
    assertThat(outbox.persist(LONG)).isFalse();
  }

  private static RunStart below() {
    RunStart main = OutboxTest.start(1);
    return new RunStart("2".repeat(32), Optional.of(main.key()), "e", "run 2", "u", 2);
  }

  private List<Long> steps() {
    return server.items.stream()
        .filter(Item.Metric.class::isInstance)
        .map(item -> ((Item.Metric) item).step())
        .toList();
  }

  @Test
  void deliversFromMemoryWhatTheDiskNeverTook() {
    try (Outbox outbox = open(1 << 18)) {
      outbox.deliverTo(server);
      report(outbox);
      assertThat(heard.texts).singleElement().asString().contains("the disk is full");
      Outbox.Outcome outcome = outbox.finish(LONG);
      assertThat(outcome.delivered()).as(outcome.toString()).isTrue();
      assertThat(outcome.lost()).isZero();
      assertThat(outbox.state().items()).isZero();
    }
    assertThat(steps())
        .containsExactlyElementsOf(LongStream.rangeClosed(0, STEPS).boxed().toList());
    assertThat(server.items.stream().filter(Item.Param.class::isInstance)).hasSize(STEPS + 1);
    assertThat(server.items.stream().filter(Item.End.class::isInstance)).hasSize(2);
    assertThat(server.begun).containsExactly("run 1", "run 2");
    assertThat(folder.toFile().list()).containsExactly("lock");
  }

  @Test
  void tellsWhatIsLostWhenTheServerIsAwayAsWell() {
    server.fail(new HdlException(ErrorCode.UNAVAILABLE, "The server is away."));
    try (Outbox outbox = open(100)) {
      outbox.deliverTo(server);
      report(outbox);
      Outbox.Outcome outcome = outbox.finish(Duration.ofMillis(300));
      assertThat(outcome.delivered()).isFalse();
      assertThat(outcome.thinned()).isPositive();
      assertThat(outcome.lost() + outcome.thinned()).isEqualTo(2 * STEPS + 3);
      assertThat(outcome.outstanding()).isGreaterThan(outcome.lost());
      assertThat(outcome.reason().orElse(""))
          .startsWith("The server is away. Cannot write the tracking log in")
          .contains("the disk is full");
    }
    server.fail(null);
    full.set(false);
    try (Outbox outbox = open(100)) {
      outbox.deliverTo(server);
      assertThat(outbox.finish(LONG).delivered()).isTrue();
    }
    // And with what was acknowledged, what arrived of writes that failed.
    assertThat(steps()).startsWith(0L).doesNotHaveDuplicates();
  }
}
