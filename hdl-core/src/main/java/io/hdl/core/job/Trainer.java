package io.hdl.core.job;

import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.Problems;
import java.util.Map;

/**
 * Makes a model out of data. Implementations are immutable.
 *
 * @param <D> the data it takes
 * @param <M> the model it makes
 */
public interface Trainer<D, M> {
  /** Adds every problem that can be found without I/O. */
  void check(Problems problems);

  /**
   * Adds every problem between the settings and the machine, before data is opened or a GPU is
   * taken.
   *
   * @throws io.hdl.core.error.HdlException with {@code ENVIRONMENT_MISMATCH} if the machine lacks
   *     something that the training cannot do without
   */
  default void checkEnvironment(HybridEnvironment environment, Problems problems) {}

  /**
   * Gets ready what training needs whatever the data, such as an engine that takes long to start.
   * The job calls it once the machine has passed {@link #checkEnvironment}, on a thread of its own,
   * while the data is opened; {@link #train} is called when it has returned. What it throws ends
   * the job before training begins. Takes nothing that would have to be given back: the data may
   * turn out to be unfit. Does nothing by default.
   *
   * @throws io.hdl.core.error.HdlException if training could not begin
   */
  default void prepare(HybridEnvironment environment) {}

  /** All settings by dotted name; part of a run's fingerprint and of its params. */
  Map<String, String> settings();

  /**
   * Trains on the calling thread until the model is done. Files that belong to the result are
   * written below {@link JobContext#directory()}. Continues from the run's checkpoints if there are
   * any.
   *
   * @throws io.hdl.core.error.JobCancelledException if the job was cancelled; what is needed to
   *     continue is on disk by then
   * @throws io.hdl.core.error.HdlException if training cannot begin or go on
   */
  Trained<M> train(D data, JobContext context);
}
