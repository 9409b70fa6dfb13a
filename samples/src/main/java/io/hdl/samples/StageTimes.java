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
  private boolean ended;

  @Override
  public synchronized void on(JobEvent event) {
    if (event instanceof JobEvent.EpochFinished epoch) {
      epochs = epoch.epoch();
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
