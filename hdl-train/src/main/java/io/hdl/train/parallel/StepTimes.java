package io.hdl.train.parallel;

import java.util.Arrays;

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

  private final long[] nanos = new long[Phase.values().length];
  private long mark;

  /** Begins to account; forgets what was booked before. */
  public void begin() {
    Arrays.fill(nanos, 0);
    mark = System.nanoTime();
  }

  /** Books the time since the last call, or since {@link #begin}, on a phase. */
  public void book(Phase phase) {
    long now = System.nanoTime();
    nanos[phase.ordinal()] += now - mark;
    mark = now;
  }

  /** What is booked on a phase, in nanoseconds. */
  public long nanos(Phase phase) {
    return nanos[phase.ordinal()];
  }

  /** All that is booked, in nanoseconds. */
  public long totalNanos() {
    return Arrays.stream(nanos).sum();
  }
}
