package io.hdl.core.job;

import io.hdl.core.error.JobCancelledException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A request to stop, made once and seen everywhere. Thread-safe. */
public final class Cancellation {
  private final AtomicReference<Optional<String>> reason = new AtomicReference<>(Optional.empty());

  /** Asks the job to stop in order; the first reason counts. Returns at once. */
  public void request(String why) {
    reason.compareAndSet(Optional.empty(), Optional.of(why));
  }

  /** Why the job shall stop, if it shall. */
  public Optional<String> reason() {
    return reason.get();
  }

  /** Whether the job shall stop. */
  public boolean isRequested() {
    return reason.get().isPresent();
  }

  /**
   * Throws if the job shall stop.
   *
   * @throws JobCancelledException with the reason
   */
  public void throwIfRequested() {
    reason
        .get()
        .ifPresent(
            why -> {
              throw new JobCancelledException("The job was cancelled: " + why);
            });
  }
}
