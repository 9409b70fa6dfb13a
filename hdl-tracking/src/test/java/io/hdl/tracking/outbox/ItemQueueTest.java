package io.hdl.tracking.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ItemQueueTest {
  @Test
  void keepsTheOrder() throws InterruptedException {
    ItemQueue queue = new ItemQueue(10);
    queue.put(1, metric("a", 1));
    queue.put(1, new Item.Param("p", "v"));
    queue.put(1, metric("a", 2));

    assertThat(taken(queue, false))
        .containsExactly(metric("a", 1), new Item.Param("p", "v"), metric("a", 2));
    assertThat(taken(queue, false)).isEmpty();
    assertThat(queue.thinned()).isZero();
  }

  @Test
  void thinsMetricsAndKeepsEverythingElseWhenItIsFull() throws InterruptedException {
    ItemQueue queue = new ItemQueue(8);
    queue.put(1, new Item.Param("first", "1"));
    for (int step = 1; step <= 8; step++) {
      queue.put(1, metric(step % 2 == 0 ? "even" : "odd", step));
      queue.put(1, new Item.Tag("tag" + step, "x"));
    }
    queue.put(1, metric("odd", 9));

    List<Item> items = taken(queue, false);
    assertThat(items.stream().filter(item -> item instanceof Item.Metric))
        .containsExactly(
            metric("odd", 3),
            metric("even", 4),
            metric("odd", 7),
            metric("even", 8),
            metric("odd", 9));
    assertThat(items.stream().filter(item -> !(item instanceof Item.Metric))).hasSize(9);
    assertThat(queue.thinned()).isEqualTo(4);
  }

  @Test
  void keepsTheNewestValueOfEveryKeyHoweverManyCome() throws InterruptedException {
    ItemQueue queue = new ItemQueue(100);
    for (int step = 0; step < 100_000; step++) {
      queue.put(1, metric("key" + step % 7, step));
    }

    List<Item> items = taken(queue, false);
    assertThat(items).hasSizeLessThanOrEqualTo(100);
    assertThat(items.size() + queue.thinned()).isEqualTo(100_000);
    for (int key = 0; key < 7; key++) {
      int last = 99_999 - (99_999 - key) % 7;
      assertThat(items).contains(metric("key" + last % 7, last));
    }
  }

  @Test
  void takesMoreKeysThanItsBound() throws InterruptedException {
    ItemQueue queue = new ItemQueue(10);
    for (int key = 0; key < 1000; key++) {
      queue.put(1, metric("key" + key, 1));
    }
    assertThat(taken(queue, false)).hasSize(1000);
    assertThat(queue.thinned()).isZero();
  }

  @Test
  void takesNothingOnceClosedAndGivesOutWhatIsInside() throws InterruptedException {
    ItemQueue queue = new ItemQueue(10);
    assertThat(queue.put(1, metric("a", 1))).isTrue();
    queue.close();
    assertThat(queue.put(1, metric("a", 2))).isFalse();
    assertThat(queue.isClosed()).isTrue();
    assertThat(taken(queue, true)).containsExactly(metric("a", 1));
  }

  @Test
  void losesNothingBetweenThreads() throws Exception {
    ItemQueue queue = new ItemQueue(1 << 20);
    int writers = 4;
    int each = 50_000;
    CountDownLatch done = new CountDownLatch(writers);
    for (int writer = 0; writer < writers; writer++) {
      String key = "w" + writer;
      Thread thread =
          new Thread(
              () -> {
                for (int step = 0; step < each; step++) {
                  queue.put(1, metric(key, step));
                }
                done.countDown();
              });
      thread.setDaemon(true);
      thread.start();
    }
    List<Item> all = new ArrayList<>();
    while (!done.await(1, TimeUnit.MILLISECONDS)) {
      all.addAll(taken(queue, false));
    }
    all.addAll(taken(queue, false));

    assertThat(all).hasSize(writers * each);
    long next = 0;
    for (Item item : all) {
      if (item instanceof Item.Metric metric && metric.key().equals("w2")) {
        assertThat(metric.step()).isEqualTo(next++);
      }
    }
  }

  @Test
  void rejectsACapacityThatCannotBeThinned() {
    assertThatThrownBy(() -> new ItemQueue(1)).hasMessage("capacity: 1 (expected: >= 2)");
  }

  private static Item metric(String key, long step) {
    return new Item.Metric(key, step, 0, step);
  }

  @Test
  void thinsMetricsOfDifferentRunsApart() throws InterruptedException {
    ItemQueue queue = new ItemQueue(4);
    for (int step = 1; step <= 5; step++) {
      queue.put(step % 2, metric("loss", step));
    }
    assertThat(taken(queue, false))
        .containsExactly(metric("loss", 3), metric("loss", 4), metric("loss", 5));
  }

  @Test
  @Timeout(60)
  void wakesTheReaderBeforeItIsFull() throws Exception {
    ItemQueue queue = new ItemQueue(64, Duration.ofDays(1));
    queue.put(1, metric("a", 1));
    queue.put(1, metric("a", 2));
    assertThat(taken(queue, true)).hasSize(2);
  }

  private static List<Item> taken(ItemQueue queue, boolean patient) throws InterruptedException {
    Entries entries = queue.take(patient);
    List<Item> items = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      items.add((Item) entries.what(i));
    }
    return items;
  }
}
