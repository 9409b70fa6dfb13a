package io.hdl.core;

import io.hdl.core.event.JobEvent;
import io.hdl.core.job.TrackedRun;

/**
 * Which steps' losses a tracker gets. The rule: every step whose number is a multiple of the
 * stride, and the last one, if its loss was read back; the stride is the smallest power of two with
 * which the planned steps have at most {@value #MOST_POINTS} multiples. It depends on nothing else,
 * so a run that is continued reports the same steps as one that was not interrupted.
 */
final class StepCurve {
  /** Name of the metric; the epoch's mean is {@code train_loss}. */
  static final String KEY = "train_loss_step";

  static final int MOST_POINTS = 2000;

  private StepCurve() {}

  static void report(JobEvent.StepFinished event, TrackedRun run) {
    if (event.loss().isPresent() && isReported(event.step(), event.steps())) {
      run.metric(KEY, event.loss().getAsDouble(), event.step());
    }
  }

  static boolean isReported(long step, long steps) {
    return step == steps || step % stride(steps) == 0;
  }

  static long stride(long steps) {
    long stride = 1;
    while (steps / stride > MOST_POINTS) {
      stride *= 2;
    }
    return stride;
  }
}
