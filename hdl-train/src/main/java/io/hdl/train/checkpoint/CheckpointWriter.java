package io.hdl.train.checkpoint;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Writes checkpoints beside the training, on a thread of its own, {@code hdl-checkpoint}: at most
 * one at a time. One that cannot be written is told of and training goes on; the second in a row
 * ends it. Belongs to the thread that trains.
 */
public final class CheckpointWriter implements AutoCloseable {
  /** Hears what became of a checkpoint, on the writer's thread. */
  public interface Listener {
    /** A checkpoint is on the disk. */
    void written(TrainingState state, Path file);

    /** A checkpoint could not be written; the ones before are as they were. */
    void failed(TrainingState state, HdlException why);
  }

  private final Checkpoints checkpoints;
  private final Listener listener;
  private final ExecutorService thread =
      Executors.newSingleThreadExecutor(
          work -> {
            Thread made = new Thread(work, "hdl-checkpoint");
            made.setDaemon(true);
            return made;
          });
  private @Nullable Future<?> inFlight;
  private int failures;
  private @Nullable HdlException last;

  /** Writes to a folder from now on; nobody else may use the checkpoints meanwhile. */
  public CheckpointWriter(Checkpoints checkpoints, Listener listener) {
    this.checkpoints = checkpoints;
    this.listener = listener;
  }

  /** Whether a checkpoint is being written. */
  public boolean isBusy() {
    return inFlight != null && !inFlight.isDone();
  }

  /**
   * Begins to write a state, after the one before.
   *
   * @throws HdlException if the two before could not be written
   */
  public void submit(TrainingState state) {
    await();
    inFlight = thread.submit(() -> write(state));
  }

  private void write(TrainingState state) {
    try {
      Path file = checkpoints.write(state);
      failures = 0;
      listener.written(state, file);
    } catch (HdlException e) {
      failures++;
      last = e;
      listener.failed(state, e);
    }
  }

  /**
   * Waits for the checkpoint that is being written.
   *
   * @throws HdlException if it and the one before could not be written
   */
  public void await() {
    settle();
    HdlException why = last;
    if (failures > 1 && why != null) {
      throw new HdlException(
          why.code(),
          "Cannot keep checkpoints: two in a row could not be written, the last because: "
              + why.getMessage()
              + " Mend the disk and run the job again.",
          why);
    }
  }

  private void settle() {
    Future<?> running = inFlight;
    inFlight = null;
    boolean interrupted = false;
    while (running != null) {
      try {
        running.get();
        running = null;
      } catch (InterruptedException e) {
        // A checkpoint is either written or not: nobody goes on before that is known.
        interrupted = true;
      } catch (ExecutionException e) {
        throw new HdlException(
            ErrorCode.INTERNAL, "Cannot write a checkpoint: " + e.getCause(), e.getCause());
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for the checkpoint that is being written and ends the thread. Idempotent. */
  @Override
  public void close() {
    try {
      settle();
    } finally {
      thread.shutdown();
    }
  }
}
