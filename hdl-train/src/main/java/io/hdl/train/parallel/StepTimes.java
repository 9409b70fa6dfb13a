package io.hdl.train.parallel;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * Where the time of training steps goes: every stretch of time since {@link #begin} is booked on
 * one phase, so that the phases sum to the wall time. Belongs to the thread that trains, whose time
 * it accounts for: of several replicas the first one's, with the wait for the others under {@link
 * Phase#EXCHANGE}.
 *
 * <p>On a GPU the kernels of a step run behind the thread's back; their time appears where the
 * thread waits for them, mostly where the loss is read back ({@link Phase#BOOKKEEPING}). Sums are
 * exact all the same, and what a job waits for its input.
 */
public final class StepTimes {
  /** What a training thread does. */
  public enum Phase {
    /** Waits for the next batch. */
    INPUT,
    /** Hands the batch to the device and makes the model's inputs of it. */
    HOST_COPY,
    /** The model's forward pass and the loss. */
    FORWARD,
    /** The backward pass. */
    BACKWARD,
    /** Sums gradients, over micro-batches and replicas. */
    EXCHANGE,
    /** Clips the gradient and changes the weights. */
    OPTIMIZER,
    /** All else: frees memory, reads the loss back, tells listeners. */
    BOOKKEEPING
  }

  // One number each, which is added to without a box.
  private final Map<Phase, long[]> nanos = new EnumMap<>(Phase.class);
  private long mark;

  /** Nothing is booked yet. */
  public StepTimes() {
    for (Phase phase : Phase.values()) {
      nanos.put(phase, new long[1]);
    }
  }

  private long[] of(Phase phase) {
    return Objects.requireNonNull(nanos.get(phase), "phase");
  }

  /** Begins to account; forgets what was booked before. */
  public void begin() {
    nanos.values().forEach(sum -> sum[0] = 0);
    mark = System.nanoTime();
  }

  /** Books the time since the last call, or since {@link #begin}, on a phase. */
  public void book(Phase phase) {
    long now = System.nanoTime();
    of(phase)[0] += now - mark;
    mark = now;
  }

  /** What is booked on a phase, in nanoseconds. */
  public long nanos(Phase phase) {
    return of(phase)[0];
  }

  /** All that is booked, in nanoseconds. */
  public long totalNanos() {
    return nanos.values().stream().mapToLong(sum -> sum[0]).sum();
  }
}
