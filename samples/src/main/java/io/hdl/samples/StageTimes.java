package io.hdl.samples;

import io.hdl.core.event.JobEvent;
import io.hdl.core.event.JobListener;
import java.util.LinkedHashMap;
import java.util.Map;

/** Takes the times and counts of a job's events down; read after the job is over. */
final class StageTimes implements JobListener {
  private int epochs;
  private long windows;
  private double trainingSeconds;
  private int bestEpoch;
  private double bestLoss = Double.POSITIVE_INFINITY;
  private boolean ended;

  @Override
  public synchronized void on(JobEvent event) {
    if (event instanceof JobEvent.EpochFinished epoch) {
      epochs = epoch.epoch();
      Double loss = epoch.metrics().get("validation_loss");
      if (loss == null || loss < bestLoss) {
        bestEpoch = epochs;
        bestLoss = loss == null ? bestLoss : loss;
      }
    } else if (event instanceof JobEvent.StepFinished step) {
      windows = step.windows();
      trainingSeconds = step.elapsed().toNanos() / 1e9;
    } else if (event instanceof JobEvent.JobFinished) {
      ended = true;
    }
  }

  /** Whether a job began and is over. */
  synchronized boolean ended() {
    return ended;
  }

  /** The epoch with the lowest validation loss, from 1; without validation the last. */
  synchronized int bestEpoch() {
    return bestEpoch;
  }

  /** Epochs trained and windows per second, by name. */
  synchronized Map<String, Object> facts() {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("epochs", epochs);
    if (trainingSeconds > 0) {
      facts.put("windowsPerSecond", Math.round(windows / trainingSeconds));
    }
    return facts;
  }
}
