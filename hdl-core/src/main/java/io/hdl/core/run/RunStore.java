package io.hdl.core.run;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.Redaction;
import io.hdl.core.json.Json;
import io.hdl.core.provenance.RunProvenance;
import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The runs below one home directory. Finds the unfinished run of a job or begins a new one, and
 * hands it out locked, so that two processes never work on the same run.
 */
public final class RunStore {
  private static final Logger LOG = LoggerFactory.getLogger(RunStore.class);

  private final Path home;
  private final Clock clock;
  private final Function<Instant, String> ids;

  /**
   * Runs below a home directory.
   *
   * @param home the home directory; created by the first run
   * @param clock stamps the records
   * @param ids makes the id of a run that begins at an instant
   */
  public RunStore(Path home, Clock clock, Function<Instant, String> ids) {
    this.home = home.toAbsolutePath().normalize();
    this.clock = clock;
    this.ids = ids;
  }

  /** The home directory. */
  public Path home() {
    return home;
  }

  /**
   * Checks that runs of a job can be kept here, creating the job's folder.
   *
   * @throws HdlException with {@link ErrorCode#IO_FAILURE} if the folder cannot be written
   */
  public void checkWritable(String job) {
    Path folder = home.resolve(job);
    try {
      Files.createDirectories(folder);
      Path probe = Files.createTempFile(folder, ".writable", "");
      Files.delete(probe);
    } catch (IOException e) {
      HdlException failure = FileFailure.of("write to the hdl home directory", home, e);
      throw new HdlException(
          failure.code(),
          failure.getMessage() + " HDL_HOME or home(Path) of the job choose another one.",
          e);
    }
  }

  /**
   * The newest unfinished run of the job with the same fingerprint, or a new one. Unfinished is a
   * run that was interrupted, or that is recorded as running while no process holds it.
   *
   * @param provenance what the run depends on as far as it is known; its software and host replace
   *     those of an earlier attempt
   */
  public RunHandle continueOrBegin(String job, String fingerprint, RunProvenance provenance) {
    for (Path root : newestFirst(job)) {
      Optional<RunHandle> unfinished = takeUnfinished(job, root, fingerprint, provenance);
      if (unfinished.isPresent()) {
        return unfinished.get();
      }
    }
    return begin(job, fingerprint, provenance);
  }

  /** The records of a job's runs, newest first; runs whose record cannot be read are left out. */
  public List<RunRecord> runs(String job) {
    List<RunRecord> records = new ArrayList<>();
    for (Path root : newestFirst(job)) {
      read(root).ifPresent(records::add);
    }
    return records;
  }

  /**
   * The newest run of the job that was interrupted and that another fingerprint keeps from being
   * continued.
   */
  public Optional<RunRecord> leftBehind(String job, String fingerprint) {
    return runs(job).stream()
        .filter(record -> record.state() == RunState.INTERRUPTED)
        .filter(record -> !record.fingerprint().equals(fingerprint))
        .findFirst();
  }

  private RunHandle begin(String job, String fingerprint, RunProvenance provenance) {
    Instant now = clock.instant();
    RunDirectory directory = new RunDirectory(home, job, ids.apply(now));
    try {
      Files.createDirectories(home.resolve(job));
      Files.createDirectory(directory.root());
    } catch (IOException e) {
      throw FileFailure.of("create the run directory", directory.root(), e);
    }
    RunLock lock =
        RunLock.tryAcquire(directory)
            .orElseThrow(
                () ->
                    new HdlException(
                        ErrorCode.BUSY,
                        "Another process holds the new run " + directory.root() + "."));
    RunRecord record =
        new RunRecord(
            job,
            directory.runId(),
            RunState.RUNNING,
            now,
            now,
            fingerprint,
            1,
            Map.of(),
            provenance,
            Optional.empty());
    return RunHandle.open(directory, lock, record, clock);
  }

  private Optional<RunHandle> takeUnfinished(
      String job, Path root, String fingerprint, RunProvenance provenance) {
    Optional<RunRecord> seen = read(root);
    if (seen.isEmpty() || !isUnfinished(seen.get(), job, fingerprint)) {
      return Optional.empty();
    }
    RunDirectory directory = new RunDirectory(home, job, seen.get().runId());
    Optional<RunLock> lock = RunLock.tryAcquire(directory);
    if (lock.isEmpty()) {
      return Optional.empty();
    }
    // Read again under the lock: the holder may just have finished the run.
    Optional<RunRecord> current = read(root);
    if (current.isEmpty() || !isUnfinished(current.get(), job, fingerprint)) {
      lock.get().close();
      return Optional.empty();
    }
    RunProvenance known = current.get().provenance();
    RunProvenance next =
        new RunProvenance(
            known.data(), known.settings(), known.seed(), provenance.software(), provenance.host());
    RunRecord record = current.get().nextAttempt(next, clock.instant());
    return Optional.of(RunHandle.open(directory, lock.get(), record, clock));
  }

  private static boolean isUnfinished(RunRecord record, String job, String fingerprint) {
    boolean open = record.state() == RunState.RUNNING || record.state() == RunState.INTERRUPTED;
    return open && record.job().equals(job) && record.fingerprint().equals(fingerprint);
  }

  private List<Path> newestFirst(String job) {
    Path folder = home.resolve(job);
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .sorted(Comparator.comparing((Path path) -> path.getFileName().toString()).reversed())
          .toList();
    } catch (IOException e) {
      throw FileFailure.of("list the runs in", folder, e);
    }
  }

  private static Optional<RunRecord> read(Path root) {
    Path file = root.resolve("run.json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(Json.read(Files.readString(file), RunRecord.class, file.toString()));
    } catch (IOException | HdlException e) {
      LOG.warn(
          "Left out a run whose record cannot be read: {}",
          Redaction.text(String.valueOf(e.getMessage())));
      return Optional.empty();
    }
  }
}
