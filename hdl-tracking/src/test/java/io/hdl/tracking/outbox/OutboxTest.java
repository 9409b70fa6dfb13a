package io.hdl.tracking.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class OutboxTest {
  private static final Item.End END = new Item.End(Item.EndStatus.FINISHED, 99);
  private static final Item UPLOAD = new Item.Upload("model", Path.of("model"));

  private final Kept disk = new Kept();
  private final Kept server = new Kept();
  private final Heard heard = new Heard();

  @Test
  void deliversInOrderToTheDisk() {
    Outbox outbox = Outbox.toDisk(disk, heard);
    for (int step = 0; step < 1000; step++) {
      outbox.put(metric(step));
    }
    outbox.put(UPLOAD);
    Outbox.Outcome outcome = outbox.finish(END, Duration.ofSeconds(10));

    assertThat(outcome.delivered()).isTrue();
    assertThat(outcome.outstanding()).isZero();
    assertThat(disk.items).hasSize(1002).startsWith(metric(0), metric(1)).endsWith(UPLOAD, END);
    assertThat(disk.closed).isTrue();
    assertThat(outbox.put(metric(1))).isFalse();
    assertThat(heard.texts).isEmpty();
  }

  @Test
  void hasOnTheDiskWhatItWasAskedToPersist() {
    Outbox outbox = Outbox.toServer(disk, server, List.of(), heard);
    for (int step = 1; step <= 20; step++) {
      outbox.put(metric(step));
      assertThat(outbox.persist(Duration.ofSeconds(10))).isTrue();
      assertThat(disk.items).hasSize(step).contains(metric(step));
    }
    outbox.close();
    assertThat(outbox.persist(Duration.ofSeconds(10))).isTrue();
  }

  @Test
  void waitsForTheDiskNoLongerThanItIsTold() {
    disk.fail(unavailable());
    Outbox outbox = Outbox.toDisk(disk, heard);
    outbox.put(metric(1));
    assertThat(outbox.persist(Duration.ofSeconds(10))).isTrue(); // as far as it can be
    outbox.close();
  }

  @Test
  void deliversToBothAndCopiesNoFilesIfTheServerHasThem() {
    Outbox outbox = Outbox.toServer(disk, server, List.of(), heard);
    outbox.put(metric(1));
    outbox.put(UPLOAD);
    Outbox.Outcome outcome = outbox.finish(END, Duration.ofSeconds(10));

    assertThat(outcome.delivered()).isTrue();
    assertThat(server.items).containsExactly(metric(1), UPLOAD, END);
    assertThat(disk.items).containsExactly(metric(1), END);
    assertThat(server.closed).isTrue();
  }

  @Test
  void givesTheServerWhatAnEarlierAttemptLeftBehind() {
    Outbox outbox = Outbox.toServer(disk, server, List.of(metric(1), metric(2)), heard);
    outbox.put(metric(3));
    outbox.finish(END, Duration.ofSeconds(10));

    assertThat(server.items).containsExactly(metric(1), metric(2), metric(3), END);
    assertThat(disk.items).containsExactly(metric(3), END);
  }

  @Test
  void catchesUpWhenTheServerComesBack() {
    server.fail(unavailable());
    Outbox outbox = Outbox.toServer(disk, server, List.of(), heard);
    outbox.put(metric(1));
    Awaitility.await().until(() -> heard.texts.contains("away"));
    outbox.put(metric(2));
    Awaitility.await().until(() -> disk.items.contains(metric(2)));
    assertThat(server.items).isEmpty();

    server.fail(null);
    outbox.put(metric(3));
    Awaitility.await().until(() -> server.items.contains(metric(3)));
    Outbox.Outcome outcome = outbox.finish(END, Duration.ofSeconds(10));

    assertThat(outcome.delivered()).isTrue();
    assertThat(server.items).containsExactly(metric(1), metric(2), metric(3), END);
    assertThat(heard.texts).containsExactly("away", "back");
  }

  @Test
  void endsAtOnceIfTheServerWasAwayBefore() {
    server.fail(unavailable());
    Outbox outbox = Outbox.toServer(disk, server, List.of(), heard);
    outbox.put(metric(1));
    outbox.put(UPLOAD);
    Awaitility.await().until(() -> heard.texts.contains("away"));
    long start = System.nanoTime();
    Outbox.Outcome outcome = outbox.finish(END, Duration.ofSeconds(30));

    assertThat(System.nanoTime() - start).isLessThan(Duration.ofSeconds(5).toNanos());
    assertThat(outcome.delivered()).isFalse();
    assertThat(outcome.outstanding()).isEqualTo(3);
    assertThat(outcome.reason()).contains("away");
    assertThat(disk.items).containsExactly(metric(1), END, UPLOAD);
    assertThat(heard.texts).containsExactly("away");
  }

  @Test
  void asksOnceMoreAtTheEnd() {
    server.fail(unavailable());
    Outbox outbox = Outbox.toServer(disk, server, List.of(), heard);
    outbox.put(metric(1));
    Awaitility.await().until(() -> heard.texts.contains("away"));
    server.fail(null);
    assertThat(outbox.finish(END, Duration.ofSeconds(30)).delivered()).isTrue();
    assertThat(server.items).containsExactly(metric(1), END);
  }

  @Test
  void waitsNoLongerThanTheLimitForAServerThatFailsAtTheEnd() {
    Outbox outbox = Outbox.toServer(disk, server, List.of(), heard);
    outbox.put(metric(1));
    Awaitility.await().until(() -> server.items.contains(metric(1)));
    server.fail(unavailable());
    long start = System.nanoTime();
    Outbox.Outcome outcome = outbox.finish(END, Duration.ofMillis(800));

    assertThat(System.nanoTime() - start)
        .isBetween(Duration.ofMillis(700).toNanos(), Duration.ofSeconds(5).toNanos());
    assertThat(outcome.delivered()).isFalse();
    assertThat(server.limits).allMatch(limit -> limit.compareTo(Duration.ofSeconds(31)) < 0);
    assertThat(disk.items).containsExactly(metric(1), END);
  }

  @Test
  void interruptsAServerThatHangsBeyondTheLimit() {
    server.hang = new CountDownLatch(1);
    Outbox outbox = Outbox.toServer(disk, server, List.of(), heard);
    outbox.put(metric(1));
    outbox.put(UPLOAD);
    Outbox.Outcome outcome = outbox.finish(END, Duration.ofMillis(100));

    assertThat(outcome.delivered()).isFalse();
    assertThat(disk.items).containsExactly(metric(1), END, UPLOAD);
    assertThat(disk.interrupted).isFalse();
    assertThat(heard.texts).isEmpty();
  }

  @Test
  void givesUpAServerThatRefuses() {
    server.fail(new HdlException(ErrorCode.UNAUTHENTICATED, "wrong token"));
    Outbox outbox = Outbox.toServer(disk, server, List.of(), heard);
    outbox.put(metric(1));
    Awaitility.await().until(() -> heard.texts.contains("abandoned: wrong token"));
    outbox.put(UPLOAD);
    Outbox.Outcome outcome = outbox.finish(END, Duration.ofSeconds(10));

    assertThat(outcome.delivered()).isFalse();
    assertThat(outcome.reason()).contains("wrong token");
    assertThat(disk.items).containsExactly(metric(1), END, UPLOAD);
    assertThat(heard.texts).containsExactly("abandoned: wrong token");
  }

  @Test
  void keepsTheCopyOfARunWithItemsSetAside() {
    server.setAside = 1;
    Outbox outbox = Outbox.toServer(disk, server, List.of(), heard);
    outbox.put(UPLOAD);
    Outbox.Outcome outcome = outbox.finish(END, Duration.ofSeconds(10));

    assertThat(outcome.delivered()).isFalse();
    assertThat(outcome.outstanding()).isEqualTo(1);
    assertThat(disk.items).containsExactly(END, UPLOAD);
  }

  @Test
  void saysOnceThatTheDiskFailsAndCatchesUp() {
    disk.fail(new HdlException(ErrorCode.NO_SPACE, "full"));
    Outbox outbox = Outbox.toDisk(disk, heard);
    outbox.put(metric(1));
    Awaitility.await().until(() -> heard.texts.contains("disk: full"));
    outbox.put(metric(2));
    disk.fail(null);
    Outbox.Outcome outcome = outbox.finish(END, Duration.ofSeconds(10));

    assertThat(outcome.delivered()).isTrue();
    assertThat(disk.items).containsExactly(metric(1), metric(2), END);
    assertThat(heard.texts).containsExactly("disk: full");
  }

  @Test
  void reportsWhatTheDiskDidNotTake() {
    disk.fail(new HdlException(ErrorCode.NO_SPACE, "full"));
    Outbox outbox = Outbox.toDisk(disk, heard);
    outbox.put(metric(1));
    Outbox.Outcome outcome = outbox.finish(END, Duration.ofSeconds(10));

    assertThat(outcome.delivered()).isFalse();
    assertThat(outcome.outstanding()).isEqualTo(2);
    assertThat(outcome.reason()).contains("full");
  }

  @Test
  void survivesADefectInADestination() {
    server.defect = new IllegalStateException("defect");
    Outbox outbox = Outbox.toServer(disk, server, List.of(), heard);
    outbox.put(metric(1));
    Outbox.Outcome outcome = outbox.finish(END, Duration.ofSeconds(10));

    assertThat(outcome.delivered()).isFalse();
    assertThat(disk.items).containsExactly(metric(1), END);
    assertThat(heard.texts).singleElement().asString().contains("defect");
  }

  @Test
  void closesWithoutAnEndAndTwice() {
    Outbox outbox = Outbox.toServer(disk, server, List.of(), heard);
    outbox.put(metric(1));
    outbox.close();
    outbox.close();
    assertThat(disk.items).containsExactly(metric(1));
    assertThat(server.items).containsExactly(metric(1));
    assertThat(disk.closed && server.closed).isTrue();
  }

  private static Item metric(long step) {
    return new Item.Metric("m", step, 0, step);
  }

  private static HdlException unavailable() {
    return new HdlException(ErrorCode.UNAVAILABLE, "away");
  }

  /** Keeps what it gets, unless it is told to fail. */
  private static final class Kept implements Destination {
    final List<Item> items = Collections.synchronizedList(new ArrayList<>());
    final List<Duration> limits = Collections.synchronizedList(new ArrayList<>());
    volatile @Nullable HdlException failure;
    volatile @Nullable RuntimeException defect;
    volatile @Nullable CountDownLatch hang;
    volatile long setAside;
    volatile boolean closed;
    volatile boolean interrupted;

    void fail(@Nullable HdlException with) {
      failure = with;
    }

    @Override
    public void deliver(Deque<Item> waiting, Duration limit) {
      limits.add(limit);
      interrupted |= Thread.currentThread().isInterrupted();
      HdlException refused = failure;
      if (refused != null) {
        throw refused;
      }
      RuntimeException broken = defect;
      if (broken != null) {
        throw broken;
      }
      CountDownLatch stuck = hang;
      if (stuck != null) {
        try {
          stuck.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new HdlException(ErrorCode.CANCELLED, "interrupted", e);
        }
      }
      items.add(waiting.remove());
    }

    @Override
    public long setAside() {
      return setAside;
    }

    @Override
    public void close() {
      closed = true;
    }
  }

  /** What the outbox tells. */
  private static final class Heard implements DeliveryObserver {
    final List<String> texts = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void serverAway(HdlException why) {
      texts.add("away");
    }

    @Override
    public void serverBack() {
      texts.add("back");
    }

    @Override
    public void serverAbandoned(HdlException why) {
      texts.add("abandoned: " + why.getMessage());
    }

    @Override
    public void diskFailed(HdlException why) {
      texts.add("disk: " + why.getMessage());
    }

    @Override
    public void warning(String text) {
      texts.add(text);
    }
  }
}
