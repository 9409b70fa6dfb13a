package io.hdl.core;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.job.Cancellation;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** The one place for a training job in this JVM: the engine allows one gradient collector. */
final class TrainingSlot implements AutoCloseable {
  private static final ReentrantLock LOCK = new ReentrantLock();
  private static final Condition FREED = LOCK.newCondition();
  private static final long POLL_MILLIS = 100;
  private static @Nullable String holder;

  private TrainingSlot() {}

  /**
   * Takes the place for a job.
   *
   * @throws HdlException with {@link ErrorCode#BUSY} if it is taken and the job does not wait
   * @throws JobCancelledException if the job is cancelled while it waits
   */
  static TrainingSlot take(String job, WhenBusy whenBusy, Cancellation cancellation) {
    LOCK.lock();
    try {
      while (holder != null) {
        if (whenBusy == WhenBusy.REFUSE) {
          throw taken(job, holder);
        }
        cancellation.throwIfRequested();
        FREED.await(POLL_MILLIS, TimeUnit.MILLISECONDS);
      }
      holder = job;
      return new TrainingSlot();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JobCancelledException(
          "The job \"" + job + "\" was interrupted while it waited for another one to end.");
    } finally {
      LOCK.unlock();
    }
  }

  private static HdlException taken(String job, String holder) {
    return new HdlException(
        ErrorCode.BUSY,
        "Cannot run the job \""
            + job
            + "\": the job \""
            + holder
            + "\" trains in this JVM. Run it afterwards, use whenBusy(WhenBusy.WAIT), or start it"
            + " in a process of its own.");
  }

  @Override
  public void close() {
    LOCK.lock();
    try {
      holder = null;
      FREED.signalAll();
    } finally {
      LOCK.unlock();
    }
  }
}
