package io.hdl.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.event.JobEvent;
import io.hdl.core.event.JobListener;
import io.hdl.core.job.Tracker;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class PreparationTest {
  @TempDir Path home;

  private final CountingSource source = new CountingSource();

  private HybridJob<String> job(AveragingTrainer trainer, JobListener listener) {
    return HybridJob.named("prepared")
        .data(source)
        .train(trainer)
        .track(Tracker.none())
        .home(home)
        .listener(listener)
        .build();
  }

  @Test
  void preparesWhileTheDataIsOpened() {
    CountDownLatch opened = new CountDownLatch(1);
    List<String> order = new CopyOnWriteArrayList<>();
    AveragingTrainer trainer =
        new AveragingTrainer(1)
            .preparedBy(
                () -> {
                  await(opened);
                  order.add("prepared on " + Thread.currentThread().getName());
                })
            .onEpoch(() -> order.add("trained"));

    HybridJob<String> job =
        job(
            trainer,
            event -> {
              if (event instanceof JobEvent.DataOpened) {
                opened.countDown();
              }
            });
    job.run();

    assertThat(order).containsExactly("prepared on hdl-prepare", "trained");
  }

  @Test
  void aFailedPreparationEndsTheJobBeforeTraining() {
    HdlException broken = new HdlException(ErrorCode.ENVIRONMENT_MISMATCH, "No engine here");
    List<String> trained = new CopyOnWriteArrayList<>();
    AveragingTrainer trainer =
        new AveragingTrainer(1)
            .preparedBy(
                () -> {
                  throw broken;
                })
            .onEpoch(() -> trained.add("epoch"));

    assertThatThrownBy(() -> job(trainer, event -> {}).run()).isSameAs(broken);
    assertThat(trained).isEmpty();
    assertThat(source.closed()).isEqualTo(1);
  }

  @Test
  void theDatasFailureGoesBeforeThatOfThePreparation() {
    HdlException missing = new HdlException(ErrorCode.NOT_FOUND, "No table here");
    IllegalStateException broken = new IllegalStateException("No engine here");

    assertThatThrownBy(
            () -> {
              try (Preparation preparation =
                  Preparation.start(
                      () -> {
                        throw broken;
                      })) {
                assertThat(preparation).isNotNull();
                throw missing;
              }
            })
        .isSameAs(missing)
        .hasSuppressedException(broken);
  }

  @Test
  void tellsAFailureOnceAndLeavesNoThreadBehind() {
    AtomicReference<Thread> thread = new AtomicReference<>(Thread.currentThread());
    Preparation preparation =
        Preparation.start(
            () -> {
              thread.set(Thread.currentThread());
              throw new StackOverflowError("deep");
            });

    assertThatThrownBy(preparation::await).isInstanceOf(StackOverflowError.class);
    preparation.close();
    assertThat(thread).hasValueSatisfying(ended -> assertThat(ended.isAlive()).isFalse());
  }

  @Test
  void anInterruptWaitsForTheEndAndIsKept() {
    CountDownLatch go = new CountDownLatch(1);
    Thread caller = Thread.currentThread();
    Preparation preparation =
        Preparation.start(
            () -> {
              caller.interrupt();
              await(go);
            });
    Thread opener = new Thread(go::countDown);
    opener.start();

    preparation.await();

    assertThat(Thread.interrupted()).isTrue();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
