package io.hdl.core.job;

import io.hdl.core.error.JobCancelledException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A request to stop, made once and seen everywhere. Thread-safe. */
public final class Cancellation {
  private final AtomicReference<@Nullable String> reason = new AtomicReference<>();

  /** Asks the job to stop in order; the first reason counts. Returns at once. */
  public void request(String why) {
    reason.compareAndSet(null, why);
  }

  /** Why the job shall stop, if it shall. */
  public Optional<String> reason() {
    return Optional.ofNullable(reason.get());
  }

  /** Whether the job shall stop. */
  public boolean isRequested() {
    return reason.get() != null;
  }

  /**
   * Throws if the job shall stop.
   *
   * @throws JobCancelledException with the reason
   */
  public void throwIfRequested() {
    String why = reason.get();
    if (why != null) {
      throw new JobCancelledException("The job was cancelled: " + why);
    }
  }
}
