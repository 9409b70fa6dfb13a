package io.hdl.core.job;

import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.run.RunEnd;
import java.util.Map;
import java.util.Optional;

/**
 * One run at a tracker. Every method takes its item and returns at once, whatever the network does;
 * items are delivered in order in the background. Thread-safe.
 */
public interface TrackedRun extends AutoCloseable {
  /** The run's id at the tracker. */
  String id();

  /** Where a person looks at the run: an address or a path. */
  Optional<String> link();

  /** One metric value at a step, stamped with the current time. */
  void metric(String key, double value, long step);

  /**
   * The values of several metrics at a step, all stamped with the same time: for those who log much
   * at every step, since it takes less than as many calls of {@link #metric}. The map is read
   * before this returns, and may be used again.
   */
  default void metrics(Map<String, Double> values, long step) {
    values.forEach((key, value) -> metric(key, value, step));
  }

  /**
   * Waits until what was taken so far outlives a crash of this process, at most a fraction of a
   * second and without waiting for the network. A checkpoint that is written next then never knows
   * more than the tracker. Does nothing unless a tracker says otherwise.
   */
  default void persist() {}

  /** Settings of the run. */
  void params(Map<String, String> params);

  /** Facts about the run; a later value replaces an earlier one. */
  void tags(Map<String, String> tags);

  /** The data that the run reads. */
  void input(DataProvenance data);

  /** A file or folder of the result; it must stay unchanged until {@link #finish} returns. */
  void artifact(Artifact artifact);

  /**
   * A run below this one, for a part of the work: a stage, a fold. Under the same name it is the
   * same run, also when the job is continued; then it is running again. It is over when it is
   * finished, which delivers nothing by itself, or when this run is: then it ends as this one does.
   * Its {@link #close} does nothing.
   *
   * @param name what the run is called, not blank; unique below this run
   */
  TrackedRun nested(String name);

  /**
   * What people read first about the run: a short text in Markdown, the last one counts. Nothing
   * unless a tracker shows such a text.
   */
  default void summary(String markdown) {}

  /** The trained model; its folder must stay unchanged until {@link #finish} returns. */
  void model(TrackedModel model);

  /**
   * Delivers what is outstanding and marks the run's end. What cannot be delivered in reasonable
   * time stays on this machine, and a warning says where and how it gets delivered later.
   */
  void finish(RunEnd end);

  /** Releases threads and files. Idempotent; without {@link #finish} the run stays as it is. */
  @Override
  void close();
}
