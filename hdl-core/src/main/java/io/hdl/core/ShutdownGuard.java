package io.hdl.core;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Lets a running job end in order when the process is asked to end: cancels the job and holds the
 * JVM's shutdown until the job is over or the grace period is.
 */
final class ShutdownGuard implements AutoCloseable {
  private final CountDownLatch over = new CountDownLatch(1);
  private final Thread hook;

  private ShutdownGuard(String job, Duration gracePeriod, Consumer<String> cancel) {
    hook =
        new Thread(
            () -> {
              cancel.accept("the process was asked to end (SIGTERM or Ctrl-C)");
              awaitOver(gracePeriod);
            },
            "hdl-shutdown-" + job);
  }

  /**
   * Guards a job from now on.
   *
   * @param cancel called with the reason when the process is asked to end
   */
  static ShutdownGuard install(String job, Duration gracePeriod, Consumer<String> cancel) {
    ShutdownGuard guard = new ShutdownGuard(job, gracePeriod, cancel);
    Runtime.getRuntime().addShutdownHook(guard.hook);
    return guard;
  }

  private void awaitOver(Duration gracePeriod) {
    try {
      boolean inTime = over.await(gracePeriod.toMillis(), TimeUnit.MILLISECONDS);
      if (!inTime) {
        org.slf4j.LoggerFactory.getLogger(ShutdownGuard.class)
            .warn(
                "The run did not end within the grace period of {}; the process ends now",
                gracePeriod);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The job is over: lets a shutdown in progress go on. Idempotent. */
  @Override
  public void close() {
    over.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The shutdown is in progress and waits for nothing but the latch above.
    }
  }
}
