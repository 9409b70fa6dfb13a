package io.hdl.train;

import io.hdl.core.error.HdlException;
import io.hdl.core.event.JobEvent;
import io.hdl.core.job.JobContext;
import io.hdl.core.run.SettingsChange;
import io.hdl.train.checkpoint.CheckpointPolicy;
import io.hdl.train.checkpoint.CheckpointWriter;
import io.hdl.train.checkpoint.Checkpoints;
import io.hdl.train.checkpoint.TrainingState;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The checkpoints of a run: when one is due, what is told of it, what a run may go on from. Belongs
 * to the thread that trains; events come from the writer's.
 */
final class RunCheckpoints implements AutoCloseable {
  private final JobContext context;
  private final long everyNanos;
  private final Checkpoints checkpoints;
  private final CheckpointWriter writer;
  private long last = System.nanoTime();
  private long lastStep;
  private int lastEpoch;

  RunCheckpoints(JobContext context, CheckpointPolicy policy) {
    this.context = context;
    everyNanos = policy.every().toNanos();
    checkpoints = new Checkpoints(context.directory().checkpoints(), policy.keepLast());
    writer = new CheckpointWriter(checkpoints, new Events());
  }

  private final class Events implements CheckpointWriter.Listener {
    @Override
    public void written(TrainingState state, Path file) {
      context
          .events()
          .publish(
              new JobEvent.CheckpointWritten(
                  context.clock().instant(),
                  file,
                  state.progress().epoch(),
                  state.progress().step()));
    }

    @Override
    public void failed(TrainingState state, HdlException why) {
      context.warning(
          "The checkpoint at step "
              + state.progress().step()
              + " could not be written; those before it stay. If the next one fails too, the job"
              + " ends. "
              + why.getMessage());
    }
  }

  /**
   * The state that the run goes on from, if it has one.
   *
   * @param identity what this training is made of
   * @param software versions of what computes now
   * @throws HdlException with {@code INVALID_SETTINGS} if the state is of another training, with
   *     {@code CORRUPT_DATA} if none is whole
   */
  Optional<TrainingState> find(Map<String, String> identity, Map<String, String> software) {
    Optional<Checkpoints.Found> found = checkpoints.read();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    TrainingState.Progress progress = found.get().state().progress();
    Path file = found.get().file();
    if (!found.get().damaged().isEmpty()) {
      context.warning(
          "Training goes on from the checkpoint "
              + file
              + ": "
              + (found.get().damaged().size() == 1 ? "a newer one" : "newer ones")
              + " could not be read: "
              + String.join("; ", found.get().damaged())
              + ".");
    }
    TrainingIdentity.requireSame(file, progress.identity(), identity);
    String versions =
        SettingsChange.describe(known(progress.software(), software), "then", software, "now");
    if (!versions.isEmpty()) {
      context.warning(
          "The checkpoint "
              + file
              + " was written by other software ("
              + versions
              + "). Training goes on, but may end with other bits than one that was not"
              + " interrupted.");
    }
    lastStep = progress.step();
    lastEpoch = progress.epoch();
    return Optional.of(found.get().state());
  }

  /** Only what both know of: a run's context may have less to tell than that of another one. */
  private static Map<String, String> known(Map<String, String> saved, Map<String, String> now) {
    Map<String, String> both = new LinkedHashMap<>(now);
    both.replaceAll((name, version) -> saved.getOrDefault(name, version));
    return both;
  }

  /** Whether one is due between two steps of an epoch. */
  boolean isDue() {
    return System.nanoTime() - last >= everyNanos && !writer.isBusy();
  }

  /** Begins to write where the training stands, unless that is kept already. */
  void write(TrainingProgress progress, Supplier<TrainingState> state) {
    if (progress.step == lastStep && progress.epoch == lastEpoch) {
      return;
    }
    writer.submit(state.get());
    last = System.nanoTime();
    lastStep = progress.step;
    lastEpoch = progress.epoch;
  }

  /**
   * Waits until the last one is on the disk.
   *
   * @throws HdlException if the last two could not be written
   */
  void await() {
    writer.await();
  }

  @Override
  public void close() {
    writer.close();
  }
}
