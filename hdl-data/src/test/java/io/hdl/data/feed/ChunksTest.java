package io.hdl.data.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChunksTest {
  @ParameterizedTest
  @CsvSource({"0, 4, 3", "1, 4, 3", "11, 4, 3", "12, 4, 1", "12, 1, 5"})
  void worksOnEveryNumberOnce(int numbers, int size, int threads) {
    AtomicIntegerArray done = new AtomicIntegerArray(numbers);
    Set<String> names = ConcurrentHashMap.newKeySet();
    Chunks chunks = Chunks.of(numbers, size);
    chunks.run(
        "hdl-test",
        threads,
        thread ->
            (chunk, from, end) -> {
              assertThat(from).isEqualTo(chunk * size);
              names.add(Thread.currentThread().getName());
              for (int i = from; i < end; i++) {
                done.incrementAndGet(i);
              }
            });
    for (int i = 0; i < numbers; i++) {
      assertThat(done.get(i)).isEqualTo(1);
    }
    assertThat(chunks.count()).isEqualTo((numbers + size - 1) / size);
    assertThat(chunks.threads(threads)).isBetween(1, threads);
    names.remove(Thread.currentThread().getName());
    assertThat(names).allMatch(name -> name.startsWith("hdl-test-"));
  }

  @Test
  void throwsTheFailureOfTheFirstChunkWhateverTheThreads() {
    CountDownLatch both = new CountDownLatch(2);
    assertThatThrownBy(
            () ->
                Chunks.of(20, 1)
                    .run(
                        "hdl-test",
                        2,
                        thread ->
                            (chunk, from, end) -> {
                              both.countDown();
                              await(both);
                              throw new IllegalStateException("chunk " + chunk);
                            }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("chunk 0");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void anInterruptEndsTheWorkWhenTheThreadsHaveEnded() {
    Thread caller = Thread.currentThread();
    CountDownLatch otherHasBegun = new CountDownLatch(1);
    CountDownLatch callerIsInterrupted = new CountDownLatch(1);
    try {
      assertThatThrownBy(
              () ->
                  Chunks.of(2, 1)
                      .run(
                          "hdl-test",
                          2,
                          thread ->
                              (chunk, from, end) -> {
                                if (Thread.currentThread() == caller) {
                                  await(otherHasBegun);
                                  caller.interrupt();
                                  callerIsInterrupted.countDown();
                                } else {
                                  otherHasBegun.countDown();
                                  await(callerIsInterrupted);
                                  while (caller.isInterrupted()) {
                                    Thread.onSpinWait(); // until it waits for this thread
                                  }
                                }
                              }))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CANCELLED))
          .hasMessage("The work of the threads hdl-test was interrupted.");
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
  }

  @Test
  void refusesChunksOfNothing() {
    assertThatThrownBy(() -> Chunks.of(3, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("chunks: 0 of 3 numbers (expected: >= 1 of >= 0)");
  }
}
