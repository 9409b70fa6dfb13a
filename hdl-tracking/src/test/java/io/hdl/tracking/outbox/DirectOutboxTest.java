package io.hdl.tracking.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** An outbox before a destination on this machine. */
class DirectOutboxTest {
  private static final Item.End END = new Item.End(Item.EndStatus.FINISHED, 99);
  private static final Item UPLOAD = new Item.Upload("model", Path.of("model"));
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private final Kept disk = new Kept();
  private final Heard heard = new Heard();
  private Outbox outbox;
  private OutboxRun run;

  @BeforeEach
  void open() {
    outbox = Outbox.direct(disk, OutboxSettings.defaults(), heard);
    run = outbox.begin(OutboxTest.start(1));
  }

  @AfterEach
  void close() {
    outbox.close();
  }

  @Test
  void deliversInOrder() {
    for (int step = 0; step < 1000; step++) {
      run.put(metric(step));
    }
    run.put(UPLOAD);
    run.put(END);
    Outbox.Outcome outcome = outbox.finish(LIMIT);

    assertThat(outcome.delivered()).isTrue();
    assertThat(disk.items).hasSize(1002).startsWith(metric(0), metric(1)).endsWith(UPLOAD, END);
    assertThat(disk.closed).isTrue();
    assertThat(run.put(metric(1))).isFalse();
    assertThat(heard.texts).isEmpty();
  }

  @Test
  void hasDeliveredWhatItWasAskedToPersist() {
    for (int step = 1; step <= 20; step++) {
      run.put(metric(step));
      assertThat(outbox.persist(LIMIT)).isTrue();
      assertThat(disk.items).hasSize(step).contains(metric(step));
    }
    outbox.close();
    assertThat(outbox.persist(LIMIT)).isTrue();
  }

  @Test
  void waitsForTheDiskNoLongerThanItTriesAndSaysSo() {
    disk.fail(new HdlException(ErrorCode.NO_SPACE, "full"));
    run.put(metric(1));
    long start = System.nanoTime();
    assertThat(outbox.persist(LIMIT)).isFalse();
    assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(5).toNanos());
  }

  @Test
  void saysOnceThatTheDiskFailsAndCatchesUp() {
    disk.fail(new HdlException(ErrorCode.NO_SPACE, "full"));
    run.put(metric(1));
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> heard.texts.contains("disk: full"));
    run.put(metric(2));
    disk.fail(null);
    run.put(END);
    assertThat(outbox.finish(LIMIT).delivered()).isTrue();
    assertThat(disk.items).containsExactly(metric(1), metric(2), END);
    assertThat(heard.texts).containsExactly("disk: full");
  }

  @Test
  void reportsWhatTheDiskDidNotTake() {
    assertThat(outbox.persist(LIMIT)).isTrue(); // the run's beginning
    disk.fail(new HdlException(ErrorCode.NO_SPACE, "full"));
    run.put(metric(1));
    run.put(END);
    Outbox.Outcome outcome = outbox.finish(LIMIT);

    assertThat(outcome.delivered()).isFalse();
    assertThat(outcome.outstanding()).isEqualTo(2);
    assertThat(outcome.reason()).contains("full");
  }

  private static Item metric(long step) {
    return OutboxTest.metric(step);
  }
}
