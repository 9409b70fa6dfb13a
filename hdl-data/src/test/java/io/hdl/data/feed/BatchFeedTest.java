package io.hdl.data.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.job.Cancellation;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class BatchFeedTest {
  private static FeedSettings settings(int threads, int depth) {
    return new FeedSettings(threads, depth, () -> {});
  }

  private static BatchFeed<long[]> open(FeedSettings settings) {
    return BatchFeed.open("test", settings, () -> new long[64]);
  }

  private static void fillAll(long number, long[] batch) {
    SplittableRandom random = new SplittableRandom(number);
    for (int i = 0; i < batch.length; i++) {
      batch[i] = number;
      if (random.nextInt(16) == 0) {
        Thread.onSpinWait();
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,2", "1,3", "2,2", "2,4", "4,3", "4,6", "8,16"})
  void deliversEachBatchInOrderWholeWhateverThreadsAndDepth(int threads, int depth) {
    try (BatchFeed<long[]> feed = open(settings(threads, depth))) {
      for (long pass = 0; pass < 3; pass++) {
        long from = pass * 7;
        feed.begin(from, from + 500, BatchFeedTest::fillAll);
        for (long number = from; number < from + 500; number++) {
          assertThat(feed.hasNext()).isTrue();
          try (Lease<long[]> lease = feed.next()) {
            assertThat(lease.number()).isEqualTo(number);
            assertThat(lease.batch()).containsOnly(number);
          }
        }
        assertThat(feed.hasNext()).isFalse();
        assertThatThrownBy(feed::next).isInstanceOf(NoSuchElementException.class);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"1,2", "2,3", "4,5", "4,8"})
  void fillsNoBatchAgainBeforeItsLeaseIsClosed(int threads, int depth) {
    AtomicInteger written = new AtomicInteger();
    try (BatchFeed<long[]> feed = open(settings(threads, depth))) {
      feed.begin(
          0,
          400,
          (number, batch) -> {
            fillAll(number, batch);
            written.incrementAndGet();
          });
      List<Lease<long[]>> open = new ArrayList<>();
      for (long number = 0; number < 400; number++) {
        open.add(feed.next());
        // Hold as many as can be held, and see that all of them stay what they are although the
        // other places of the ring were filled.
        if (open.size() == depth) {
          assertThat(written.get()).isEqualTo(number + 1);
          for (Lease<long[]> lease : open) {
            assertThat(lease.batch()).containsOnly(lease.number());
          }
          open.remove(0).close();
        }
      }
      open.forEach(Lease::close);
    }
  }

  @Test
  void aBatchThatIsReadWhileOthersAreFilledDoesNotChange() throws InterruptedException {
    CountDownLatch ahead = new CountDownLatch(4);
    try (BatchFeed<long[]> feed = open(settings(3, 4))) {
      feed.begin(
          0,
          100,
          (number, batch) -> {
            fillAll(number, batch);
            ahead.countDown();
          });
      Lease<long[]> first = feed.next();
      assertThat(ahead.await(30, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 1000; i++) {
        assertThat(first.batch()[i % 64]).isZero();
        Thread.onSpinWait();
      }
      first.close();
    }
  }

  @Test
  void aLeaseClosedTwiceGivesNothingAwayAndAClosedOneHasNoBatch() {
    try (BatchFeed<long[]> feed = open(settings(1, 2))) {
      feed.begin(0, 10, BatchFeedTest::fillAll);
      Lease<long[]> first = feed.next();
      first.close();
      Lease<long[]> second = feed.next();
      Lease<long[]> third = feed.next();
      // Lies where the first lay; closing that one again must not free it.
      first.close();
      assertThat(third.batch()).containsOnly(2);
      assertThatThrownBy(first::batch)
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("The lease of batch 0 is closed.");
      second.close();
      assertThat(feed.next().number()).isEqualTo(3);
      assertThat(third.batch()).containsOnly(2);
    }
  }

  @Test
  void refusesToWaitForABatchWhosePlaceIsLeased() {
    try (BatchFeed<long[]> feed = open(settings(1, 2))) {
      feed.begin(0, 10, BatchFeedTest::fillAll);
      Lease<long[]> first = feed.next();
      feed.next().close();
      assertThatThrownBy(feed::next)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Batch 2 takes the place of batch 0, whose lease is open");
      assertThatThrownBy(() -> feed.begin(0, 1, BatchFeedTest::fillAll))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("still leased");
      first.close();
      assertThat(feed.next().number()).isEqualTo(2);
    }
  }

  @Test
  void aFailureReachesTheConsumerWithItsOwnErrorAfterTheBatchesBeforeIt() {
    HdlException failure = new HdlException(ErrorCode.CORRUPT_DATA, "page 7 is damaged");
    try (BatchFeed<long[]> feed = open(settings(3, 4))) {
      feed.begin(
          0,
          100,
          (number, batch) -> {
            if (number >= 5) {
              throw number == 5 ? failure : new IllegalStateException("batch " + number);
            }
            fillAll(number, batch);
          });
      for (int i = 0; i < 5; i++) {
        feed.next().close();
      }
      assertThatThrownBy(feed::next).isSameAs(failure);
      assertThatThrownBy(feed::next).isSameAs(failure);
      // The next pass is not affected.
      feed.begin(0, 1, BatchFeedTest::fillAll);
      feed.next().close();
    }
  }

  @Test
  void anErrorOfAFillingThreadReachesTheConsumer() {
    try (BatchFeed<long[]> feed = open(settings(1, 2))) {
      feed.begin(
          0,
          1,
          (number, batch) -> {
            throw new AssertionError("filling");
          });
      assertThatThrownBy(feed::next).isInstanceOf(AssertionError.class).hasMessage("filling");
    }
  }

  @Test
  void aCancelledConsumerDoesNotWaitForABatchThatNeverComes() {
    Cancellation cancellation = new Cancellation();
    CountDownLatch never = new CountDownLatch(1);
    BatchFeed.Filler<long[]> stuck =
        new BatchFeed.Filler<>() {
          @Override
          public void fill(long number, long[] batch) {
            cancellation.request("enough");
            awaitUninterruptibly(never);
          }

          @Override
          public void stop() {
            never.countDown();
          }
        };
    try (BatchFeed<long[]> feed = open(settings(1, 2).cancelledBy(cancellation))) {
      feed.begin(0, 1, stuck);
      assertThatThrownBy(feed::next)
          .isInstanceOf(JobCancelledException.class)
          .hasMessage("The job was cancelled: enough");
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void anInterruptedConsumerStopsWaitingAndStaysInterrupted() {
    CountDownLatch never = new CountDownLatch(1);
    BatchFeed<long[]> feed = open(settings(1, 2));
    feed.begin(0, 1, (number, batch) -> awaitUninterruptibly(never));
    Thread.currentThread().interrupt();
    assertThatThrownBy(feed::next)
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED));
    assertThat(Thread.interrupted()).isTrue();
    never.countDown();
    feed.close();
  }

  @Test
  void closingEndsTheThreadsAndCanBeRepeated() {
    BatchFeed<long[]> feed = BatchFeed.open("ending", settings(3, 4), () -> new long[64]);
    feed.begin(0, 1000, BatchFeedTest::fillAll);
    feed.next();
    assertThat(threads("hdl-feed-ending-")).isEqualTo(3);
    feed.close();
    feed.close();
    assertThat(threads("hdl-feed-ending-")).isZero();
    assertThat(feed.hasNext()).isFalse();
    assertThatThrownBy(feed::next)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("The feed is closed.");
  }

  private static long threads(String prefix) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(prefix) && thread.isAlive())
        .count();
  }

  @Test
  void anAbandonedPassLeavesNothingToTheNext() {
    try (BatchFeed<long[]> feed = open(settings(4, 6))) {
      for (int pass = 0; pass < 200; pass++) {
        long offset = pass * 1000L;
        feed.begin(0, 50, (number, batch) -> fillAll(number + offset, batch));
        for (int i = 0; i < pass % 5; i++) {
          try (Lease<long[]> lease = feed.next()) {
            assertThat(lease.batch()).containsOnly(lease.number() + offset);
          }
        }
      }
    }
  }

  @Test
  void measuresHowLongItsConsumerWaited() {
    CountDownLatch started = new CountDownLatch(1);
    try (BatchFeed<long[]> feed = open(settings(1, 2))) {
      assertThat(feed.waitedNanos()).isZero();
      long begun = System.nanoTime();
      feed.begin(
          0,
          1,
          (number, batch) -> {
            started.countDown();
            while (System.nanoTime() - begun < 20_000_000) {
              Thread.onSpinWait();
            }
          });
      awaitUninterruptibly(started);
      long before = System.nanoTime();
      feed.next().close();
      assertThat(feed.waitedNanos()).isPositive().isLessThanOrEqualTo(System.nanoTime() - before);
    }
  }

  @Test
  void allocatesNothingPerBatchButALease() {
    ThreadMXBean bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    try (BatchFeed<long[]> feed = open(settings(1, 3))) {
      long allocated = 0;
      for (int pass = 0; pass < 3; pass++) {
        feed.begin(0, 10_000, (number, batch) -> batch[0] = number);
        allocated = bean.getThreadAllocatedBytes(self);
        while (feed.hasNext()) {
          feed.next().close();
        }
        allocated = bean.getThreadAllocatedBytes(self) - allocated;
      }
      // A lease, and now and then a node of the queue that a waiting thread stands in.
      assertThat(allocated / 10_000).isLessThan(160);
    }
  }

  @Test
  void rejectsARingOfOneBatchAndNoThread() {
    assertThatThrownBy(() -> FeedSettings.defaults().depth(1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("depth: 1 (expected: >= 2, one batch to read and one to fill)");
    assertThatThrownBy(() -> FeedSettings.defaults().threads(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("threads: 0 (expected: >= 1)");
    assertThat(FeedSettings.forHost(2).threads()).isEqualTo(1);
    assertThat(FeedSettings.forHost(128).threads()).isEqualTo(4);
  }
}
