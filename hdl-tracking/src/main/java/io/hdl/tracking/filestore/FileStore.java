package io.hdl.tracking.filestore;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.FileFailure;
import io.hdl.tracking.filestore.Experiments.Experiment;
import io.hdl.tracking.outbox.RunStart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A directory of experiments and runs in MLflow's own layout. Immutable and thread-safe; several
 * processes, Python's too, may use the same directory at the same time.
 */
public final class FileStore {
  private final Path root;
  private final Experiments experiments;
  private final Clock clock;

  private FileStore(Path root, Clock clock) {
    this.root = root.toAbsolutePath().normalize();
    this.experiments = new Experiments(this.root);
    this.clock = clock;
  }

  /** The store in a directory, which need not exist yet. */
  public static FileStore at(Path root) {
    return new FileStore(root, Clock.systemUTC());
  }

  /** Whether a directory looks like a store: it holds an experiment. */
  public static boolean isAt(Path directory) {
    try {
      return !new Experiments(directory).active().isEmpty();
    } catch (IOException unreadable) {
      return false;
    }
  }

  /** The directory, absolute. */
  public Path root() {
    return root;
  }

  /**
   * Opens a run of an experiment, creating what is missing. The run's key is its id. A run that
   * exists is set back to running, wherever it lies, and takes further items.
   *
   * @param warning takes a text for each item that cannot be kept
   * @throws HdlException with {@link ErrorCode#IO_FAILURE} or {@link ErrorCode#NO_SPACE} if the
   *     directory cannot be written, with {@link ErrorCode#NOT_FOUND} if the run or the experiment
   *     was deleted
   */
  public FileStoreRun open(RunStart run, Consumer<String> warning) {
    try {
      Optional<Path> known = folderOf(run.key(), experiments.active());
      if (known.isPresent()) {
        return FileStoreRun.open(known.get(), run, warning);
      }
      if (folderOf(run.key(), experiments.deleted()).isPresent()) {
        throw deleted(run.key());
      }
      Experiment experiment = experiments.findOrCreate(run.experiment(), run.start());
      return FileStoreRun.open(experiment.folder().resolve(run.key()), run, warning);
    } catch (IOException e) {
      throw FileFailure.of("open the run in", root, e);
    }
  }

  private HdlException deleted(String id) {
    return new HdlException(
        ErrorCode.NOT_FOUND,
        "The experiment of the run %s in %s was deleted. Restore it with `mlflow experiments restore`, or begin a new run."
            .formatted(id, root));
  }

  /**
   * The runs that are kept here and were not deleted, the oldest first, but none before its parent.
   * Folders that somebody spoilt are passed over with a warning in the log.
   *
   * @throws HdlException if the directory cannot be read
   */
  public List<KeptRun> runs() {
    try {
      return KeptRuns.in(experiments.active()).stream().filter(run -> !run.isDeleted()).toList();
    } catch (IOException e) {
      throw FileFailure.of("read the runs in", root, e);
    }
  }

  /**
   * A run by its id, also one that was deleted.
   *
   * @throws HdlException if the directory cannot be read
   */
  public Optional<KeptRun> run(String id) {
    try {
      for (List<Experiment> part : List.of(experiments.active(), experiments.deleted())) {
        Optional<Path> folder = folderOf(id, part);
        if (folder.isPresent()) {
          return KeptRuns.in(part).stream().filter(run -> run.start().key().equals(id)).findFirst();
        }
      }
      return Optional.empty();
    } catch (IOException e) {
      throw FileFailure.of("read the run " + id + " in", root, e);
    }
  }

  /**
   * Moves a run to the bin, as MLflow does: it is marked and can be restored.
   *
   * @throws HdlException with {@link ErrorCode#NOT_FOUND} if there is no such run
   */
  public void deleteRun(String id) {
    try {
      new RunMeta(require(id)).delete(clock.millis());
    } catch (IOException e) {
      throw FileFailure.of("delete the run " + id + " in", root, e);
    }
  }

  /**
   * Takes a run out of the bin.
   *
   * @throws HdlException with {@link ErrorCode#NOT_FOUND} if there is no such run, or its
   *     experiment was deleted
   */
  public void restoreRun(String id) {
    try {
      new RunMeta(require(id)).restore();
    } catch (IOException e) {
      throw FileFailure.of("restore the run " + id + " in", root, e);
    }
  }

  private Path require(String id) throws IOException {
    Optional<Path> folder = folderOf(id, experiments.active());
    return folder.orElseThrow(
        () ->
            new HdlException(
                ErrorCode.NOT_FOUND,
                "There is no run \"%s\" in %s. Runs lie in <experiment>/<run>; deleted experiments in %s."
                    .formatted(id, root, experiments.trash())));
  }

  /**
   * Moves an experiment to the bin, with its runs.
   *
   * @throws HdlException with {@link ErrorCode#NOT_FOUND} if there is no such experiment
   */
  public void deleteExperiment(String name) {
    try {
      Experiment experiment =
          experiments.find(name).orElseThrow(() -> noExperiment(name, "deleted already"));
      long now = clock.millis();
      for (KeptRun run : KeptRuns.in(List.of(experiment))) {
        if (!run.isDeleted()) {
          new RunMeta(run.folder()).delete(now);
        }
      }
      experiments.mark(experiment.folder(), "deleted", now);
      Files.createDirectories(experiments.trash());
      Files.move(experiment.folder(), experiments.trash().resolve(experiment.id()));
    } catch (IOException e) {
      throw FileFailure.of("delete the experiment \"" + name + "\" in", root, e);
    }
  }

  /**
   * Takes an experiment out of the bin, with all of its runs, as MLflow does.
   *
   * @throws HdlException with {@link ErrorCode#NOT_FOUND} if there is no such experiment in the bin
   */
  public void restoreExperiment(String name) {
    try {
      Experiment experiment =
          experiments.findDeleted(name).orElseThrow(() -> noExperiment(name, "active already"));
      Path folder = root.resolve(experiment.id());
      Files.move(experiment.folder(), folder);
      experiments.mark(folder, "active", clock.millis());
      for (KeptRun run : KeptRuns.in(List.of(new Experiment(folder, name)))) {
        new RunMeta(run.folder()).restore();
      }
    } catch (IOException e) {
      throw FileFailure.of("restore the experiment \"" + name + "\" in", root, e);
    }
  }

  private HdlException noExperiment(String name, String or) {
    return new HdlException(
        ErrorCode.NOT_FOUND,
        "There is no experiment \"%s\" to do that with in %s, or it is %s."
            .formatted(name, root, or));
  }

  /**
   * Removes the store with everything in it.
   *
   * @throws HdlException if files cannot be removed
   */
  public void delete() {
    try {
      FileWriting.remove(root);
    } catch (IOException e) {
      throw FileFailure.of("remove", root, e);
    }
  }

  /** The id of the active experiment with a name, if there is one. */
  Optional<String> find(String name) throws IOException {
    return experiments.find(name).map(Experiment::id);
  }

  private static Optional<Path> folderOf(String run, List<Experiment> among) {
    return among.stream()
        .map(experiment -> experiment.folder().resolve(run))
        .filter(folder -> new RunMeta(folder).exists())
        .findFirst();
  }
}
