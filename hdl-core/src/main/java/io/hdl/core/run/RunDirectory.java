package io.hdl.core.run;

import java.nio.file.Path;

/**
 * The files of one run: {@code <home>/<job>/<run>/}. The paths are names; a folder below the root
 * exists once somebody created it.
 *
 * @param home the hdl home directory
 * @param job name of the job
 * @param runId id of the run
 */
public record RunDirectory(Path home, String job, String runId) {
  /** The run's own folder. */
  public Path root() {
    return home.resolve(job).resolve(runId);
  }

  /** The record of the run, {@code run.json}. */
  public Path record() {
    return root().resolve("run.json");
  }

  /** Checkpoints of the training. */
  public Path checkpoints() {
    return root().resolve("checkpoints");
  }

  /** What the tracker still has to deliver. */
  public Path outbox() {
    return root().resolve("outbox");
  }

  /** The trained model. */
  public Path model() {
    return root().resolve("model");
  }

  /** The report for people. */
  public Path report() {
    return root().resolve("report");
  }
}
