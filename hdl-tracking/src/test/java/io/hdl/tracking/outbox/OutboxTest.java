package io.hdl.tracking.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OutboxTest {
  private static final Item.End END = new Item.End(Item.EndStatus.FINISHED, 99);
  private static final Item TAG = new Item.Tag("t", "v");
  private static final Duration LONG = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final Kept server = new Kept();
  private final Heard heard = new Heard();
  private Outbox outbox;
  private OutboxRun run;

  @BeforeEach
  void open() {
    outbox = Outbox.open(folder, settings(), heard);
    run = outbox.begin(start(1));
  }

  @AfterEach
  void close() {
    outbox.close();
  }

  private static OutboxSettings settings() {
    return OutboxSettings.defaults().withGather(Duration.ZERO);
  }

  static RunStart start(int number) {
    return new RunStart(
        String.format("%032x", number), Optional.empty(), "e", "run " + number, "u", 1);
  }

  private void reopen() {
    outbox.close();
    open();
  }

  @Test
  void deliversInOrderAndRemovesTheLog() throws Exception {
    outbox.deliverTo(server);
    List<Item> all = new ArrayList<>();
    for (int step = 0; step < 3000; step++) {
      all.add(metric(step));
      assertThat(run.put(metric(step))).isTrue();
    }
    run.put(TAG);
    run.put(END);
    Outbox.Outcome outcome = outbox.finish(LONG);

    assertThat(outcome).isEqualTo(new Outbox.Outcome(true, 0, 0, 0, Optional.empty()));
    all.add(TAG);
    all.add(END);
    assertThat(server.items).containsExactlyElementsOf(all);
    assertThat(server.closed).isTrue();
    assertThat(run.put(metric(1))).isFalse();
    assertThat(heard.texts).isEmpty();
    assertThat(Segment.in(folder)).isEmpty();
    assertThat(folder.toFile().list()).containsExactly("lock");
  }

  @Test
  void hasOnTheDiskWhatItWasAskedToPersist() throws Exception {
    for (int step = 1; step <= 20; step++) {
      run.put(metric(step));
      assertThat(outbox.persist(LONG)).isTrue();
      assertThat(stored()).hasSize(step).contains(metric(step));
    }
    assertThat(outbox.state().items()).isEqualTo(21);
    assertThat(outbox.state().oldest()).isPresent();
    assertThat(outbox.state().bytes()).isPositive();
  }

  @Test
  void handsToTheSystemWithoutBeingAsked() {
    run.put(TAG);
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> stored().contains(TAG));
  }

  private List<Item> stored() throws Exception {
    List<Item> items = new ArrayList<>();
    try (LogReader reader =
        new LogReader(folder, 0, () -> Long.MAX_VALUE, (segment, from, bytes, atEnd) -> {})) {
      while (reader.next()) {
        if (reader.entry().orElse(null) instanceof Item item) {
          items.add(item);
        }
      }
    }
    return items;
  }

  @Test
  void deliversWhatAnEarlierProcessLeftBehind() {
    run.put(metric(1));
    run.put(metric(2));
    reopen();
    assertThat(run.reported("m", 2)).isTrue();
    assertThat(run.reported("m", 3)).isFalse();
    run.put(metric(3));
    assertThat(run.reported("m", 3)).isFalse();
    run.put(END);
    outbox.deliverTo(server);
    assertThat(outbox.finish(LONG).delivered()).isTrue();
    assertThat(server.items).containsExactly(metric(1), metric(2), metric(3), END);
  }

  @Test
  void sendsNothingAgainThatWasAcknowledged() {
    outbox.deliverTo(server);
    run.put(metric(1));
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> server.items.contains(metric(1)));
    reopen();
    run.put(metric(2));
    run.put(END);
    outbox.deliverTo(server);
    assertThat(outbox.finish(LONG).delivered()).isTrue();
    assertThat(server.items).containsExactly(metric(1), metric(2), END);
  }

  @Test
  void knowsAfterAnInterruptedEndWhatWasReported() {
    outbox.deliverTo(server);
    run.put(metric(7));
    run.put(new Item.End(Item.EndStatus.KILLED, 9));
    assertThat(outbox.finish(LONG).delivered()).isTrue();
    assertThat(Leftovers.below(folder)).isEmpty();
    reopen();
    assertThat(run.reported("m", 7)).isTrue();
    run.put(metric(8));
    Kept later = new Kept();
    outbox.deliverTo(later);
    run.put(END);
    assertThat(outbox.finish(LONG).delivered()).isTrue();
    assertThat(later.items).containsExactly(metric(8), END);
    assertThat(folder.toFile().list()).containsExactly("lock");
  }

  @Test
  void catchesUpWhenTheServerComesBack() {
    server.fail(unavailable());
    outbox.deliverTo(server);
    run.put(metric(1));
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> heard.texts.contains("away"));
    assertThat(outbox.state().lastError()).contains("away");
    run.put(metric(2));
    server.fail(null);
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> server.items.contains(metric(2)));
    run.put(END);
    assertThat(outbox.finish(LONG).delivered()).isTrue();
    assertThat(server.items).containsExactly(metric(1), metric(2), END);
    assertThat(heard.texts).containsExactly("away", "back");
    assertThat(outbox.state().lastError()).isEmpty();
    assertThat(outbox.state().items()).isZero();
  }

  @Test
  void endsAtOnceIfTheServerWasAwayBefore() {
    server.fail(unavailable());
    outbox.deliverTo(server);
    run.put(metric(1));
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> heard.texts.contains("away"));
    long start = System.nanoTime();
    run.put(END);
    Outbox.Outcome outcome = outbox.finish(LONG);

    assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(5).toNanos());
    assertThat(outcome.delivered()).isFalse();
    assertThat(outcome.outstanding()).isEqualTo(3);
    assertThat(outcome.reason()).contains("away");
    assertThat(heard.texts).containsExactly("away");
    assertThat(Leftovers.below(folder))
        .containsExactly(new Leftovers.Leftover(folder, Optional.of(start(1)), 3));
  }

  @Test
  void asksOnceMoreAtTheEnd() {
    server.fail(unavailable());
    outbox.deliverTo(server);
    run.put(metric(1));
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> heard.texts.contains("away"));
    server.fail(null);
    run.put(END);
    assertThat(outbox.finish(LONG).delivered()).isTrue();
    assertThat(server.items).containsExactly(metric(1), END);
  }

  @Test
  void waitsNoLongerThanTheLimitForAServerThatFailsAtTheEnd() {
    outbox.deliverTo(server);
    run.put(metric(1));
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> server.items.contains(metric(1)));
    server.fail(unavailable());
    long start = System.nanoTime();
    run.put(END);
    Outbox.Outcome outcome = outbox.finish(Duration.ofMillis(800));

    assertThat(System.nanoTime() - start)
        .isBetween(Duration.ofMillis(700).toNanos(), Duration.ofSeconds(5).toNanos());
    assertThat(outcome.delivered()).isFalse();
    assertThat(outcome.outstanding()).isEqualTo(1);
    assertThat(server.limits).allMatch(limit -> limit.compareTo(Duration.ofSeconds(31)) < 0);
  }

  @Test
  void interruptsAServerThatHangsBeyondTheLimit() {
    server.hang = new CountDownLatch(1);
    outbox.deliverTo(server);
    run.put(metric(1));
    run.put(END);
    Outbox.Outcome outcome = outbox.finish(Duration.ofMillis(100));
    assertThat(outcome.delivered()).isFalse();
    assertThat(outcome.outstanding()).isEqualTo(3);
  }

  @Test
  void givesUpAServerThatRefuses() {
    server.fail(new HdlException(ErrorCode.UNAUTHENTICATED, "wrong token"));
    outbox.deliverTo(server);
    run.put(metric(1));
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> heard.texts.contains("abandoned: wrong token"));
    run.put(END);
    Outbox.Outcome outcome = outbox.finish(LONG);
    assertThat(outcome.delivered()).isFalse();
    assertThat(outcome.reason()).contains("wrong token");
    assertThat(heard.texts).containsExactly("abandoned: wrong token");
  }

  @Test
  void countsItemsThatWereSetAside() {
    server.setAside = 1;
    outbox.deliverTo(server);
    run.put(END);
    Outbox.Outcome outcome = outbox.finish(LONG);
    assertThat(outcome.delivered()).isFalse();
    assertThat(outcome.outstanding()).isEqualTo(1);
    assertThat(Leftovers.below(folder)).isEmpty();
  }

  @Test
  void survivesADefectInADestination() {
    server.fail(new IllegalStateException("defect"));
    outbox.deliverTo(server);
    run.put(metric(1));
    run.put(END);
    assertThat(outbox.finish(LONG).delivered()).isFalse();
    assertThat(heard.texts).singleElement().asString().contains("defect");
  }

  @Test
  void keepsRunsApartAndParentsFirst() {
    server.most = 100;
    RunStart inner =
        new RunStart(start(2).key(), Optional.of(start(1).key()), "e", "run 2", "u", 1);
    OutboxRun nested = outbox.begin(inner);
    for (int step = 0; step < 50; step++) {
      run.put(metric(step));
      nested.put(metric(100 + step));
    }
    nested.put(END);
    run.put(END);
    outbox.deliverTo(server);
    assertThat(outbox.finish(LONG).delivered()).isTrue();
    assertThat(server.begun).containsExactly("run 1", "run 2");
    assertThat(server.calls).hasSize(2).allMatch(call -> call.size() == 51);
    assertThat(outbox.main()).contains(start(1));
  }

  @Test
  void beginsARunWithoutItems() {
    outbox.deliverTo(server);
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> server.begun.contains("run 1"));
    assertThat(outbox.finish(LONG).delivered()).isTrue();
  }

  @Test
  void offersEverythingAgainToAServerThatForgotTheRun() {
    outbox.deliverTo(server);
    run.put(metric(1));
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> server.items.contains(metric(1)));
    server.fail(new RunForgottenException("gone"));
    run.put(metric(2));
    Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> heard.texts.contains("gone"));
    server.items.clear();
    server.fail(null);
    run.put(END);
    assertThat(outbox.finish(LONG).delivered()).isTrue();
    assertThat(server.items).containsExactly(metric(1), metric(2), END);
    assertThat(outbox.state().items()).isZero();
  }

  @Test
  void refusesAFolderThatIsInUse() {
    assertThatThrownBy(() -> Outbox.open(folder, settings(), heard))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BUSY))
        .hasMessageStartingWith("The tracking log in " + folder + " is in use by another job");
    assertThat(Leftovers.below(folder)).isEmpty();
  }

  @Test
  void closesWithoutAnEndAndTwice() {
    outbox.deliverTo(server);
    run.put(metric(1));
    outbox.close();
    outbox.close();
    assertThat(server.items).containsExactly(metric(1));
    assertThat(server.closed).isTrue();
    assertThatThrownBy(() -> outbox.begin(start(3))).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void turnsAFolderIntoItsFiles() throws Exception {
    Path model = Files.createDirectories(folder.resolve("model/weights"));
    Files.writeString(model.resolve("a.bin"), "abc");
    Files.writeString(folder.resolve("model/config"), "");
    run.put(new Item.Upload("model", folder.resolve("model")));
    run.put(new Item.Upload("gone", folder.resolve("gone")));
    run.put(END);
    outbox.deliverTo(server);
    assertThat(outbox.finish(LONG).delivered()).isTrue();
    assertThat(server.items.stream().filter(Item.Upload.class::isInstance).map(Item::title))
        .containsExactly(
            "artifact \"model/config\"", "artifact \"model/weights/a.bin\"", "artifact \"gone\"");
    Item.Upload weights = (Item.Upload) server.items.get(1);
    assertThat(weights.file()).isEqualTo(model.resolve("a.bin"));
    assertThat(weights.print().orElseThrow().bytes()).isEqualTo(3);
  }

  static Item metric(long step) {
    return new Item.Metric("m", step, 0, step);
  }

  private static HdlException unavailable() {
    return new HdlException(ErrorCode.UNAVAILABLE, "away");
  }
}
