package io.hdl.tracking;

import io.hdl.core.error.HdlException;
import io.hdl.core.job.JobContext;
import io.hdl.core.run.RunRecord;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.delivery.DeadLetters;
import io.hdl.tracking.delivery.ServerDestination;
import io.hdl.tracking.filestore.FileStore;
import io.hdl.tracking.filestore.FileStoreDestination;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxRun;
import io.hdl.tracking.outbox.OutboxSettings;
import io.hdl.tracking.outbox.RunStart;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The tracking of one job: an outbox for its run and the runs below it, and where that delivers to.
 * Thread-safe.
 */
final class JobTracking implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** Between an epoch and its checkpoint, so that neither has what the other lacks. */
  private static final Duration PERSIST = Duration.ofMillis(250);

  private final JobContext context;
  private final RunStart main;
  private final Outbox outbox;
  private final Path folder;
  private final RunWarnings warnings;
  private final @Nullable ServerDestination server;
  private final Optional<LeftoverDelivery> leftovers;

  private JobTracking(
      JobContext context,
      RunStart main,
      Outbox outbox,
      Path folder,
      RunWarnings warnings,
      @Nullable ServerDestination server,
      Optional<LeftoverDelivery> leftovers) {
    this.context = context;
    this.main = main;
    this.outbox = outbox;
    this.folder = folder;
    this.warnings = warnings;
    this.server = server;
    this.leftovers = leftovers;
  }

  /** In a directory of runs, whose files need no log before them. */
  static JobTracking inDirectory(Path root, String experiment, RunRecord run, JobContext context) {
    String id = context.pin("mlflow.run_id", JobTracking::newKey);
    FileStore store = FileStore.at(root);
    RunWarnings warnings = RunWarnings.ofDirectory(context, store.root());
    RunStart start = start(id, experiment, run);
    FileStoreDestination destination = new FileStoreDestination(store, warnings::warning);
    Path folder = destination.open(start);
    Outbox outbox = Outbox.direct(destination, settings(context), warnings);
    warnings.watch(outbox::state);
    return new JobTracking(context, start, outbox, folder, warnings, null, Optional.empty());
  }

  /** At a server; what it did not get yet is in the run's directory. */
  static JobTracking atServer(
      TrackingServer address, String experiment, RunRecord run, JobContext context) {
    String key = context.pin("mlflow.run_key", JobTracking::newKey);
    Path folder = context.directory().outbox();
    RunWarnings warnings = RunWarnings.ofServer(context, address, folder);
    RunStart start = start(key, experiment, run);
    ServerDestination server =
        ServerDestination.of(
            address,
            new PinnedRun(run, context, warnings::warning),
            DeadLetters.in(folder, context.clock()));
    Outbox outbox = OutboxDelivery.claim(folder, settings(context), warnings);
    OutboxRun unused = outbox.begin(start);
    try {
      String unusedId = server.connect(start, CONNECT);
    } catch (HdlException e) {
      if (e.retryable()) {
        warnings.serverAway(e);
      } // else the sender comes upon the same refusal and reports it
    }
    warnings.watch(outbox::state);
    outbox.deliverTo(server);
    return new JobTracking(
        context,
        start,
        outbox,
        folder,
        warnings,
        server,
        Optional.of(LeftoverDelivery.start(context, address)));
  }

  private static OutboxSettings settings(JobContext context) {
    return OutboxSettings.defaults().withClock(context.clock());
  }

  private static RunStart start(String key, String experiment, RunRecord run) {
    return new RunStart(
        key, Optional.empty(), experiment, run.runId(), user(), run.created().toEpochMilli());
  }

  private static String newKey() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  private static String user() {
    return System.getProperty("user.name", "unknown");
  }

  JobContext context() {
    return context;
  }

  /** The job's own run. */
  RunStart main() {
    return main;
  }

  /** The models of a run. */
  ModelItems models(RunStart run, Optional<Registering> registering) {
    Path models = context.directory().root().resolve("mlflow");
    return new ModelItems(
        context,
        registering,
        server == null ? Optional.of(run.key()) : Optional.<String>empty(),
        run.parentKey().isEmpty() ? models : models.resolve(run.key()),
        warnings::warning);
  }

  /** Begins a run, or finds it again. */
  OutboxRun begin(RunStart start) {
    return outbox.begin(start);
  }

  /** The id of a run at the tracker: its key until a server gave it another one. */
  String id(String key) {
    ServerDestination remote = server;
    return remote == null ? key : remote.id(key).orElse(key);
  }

  /** Where people look at a run. */
  Optional<String> link(String key) {
    ServerDestination remote = server;
    if (remote != null) {
      return remote.link(key).or(() -> Optional.of(folder.toString()));
    }
    return Optional.of((key.equals(main.key()) ? folder : folder.resolveSibling(key)).toString());
  }

  void persist() {
    boolean unused = outbox.persist(PERSIST);
  }

  /** Delivers what is outstanding, and tells what became of it. */
  void finish(Duration limit) {
    leftovers.ifPresent(LeftoverDelivery::hurry);
    Outbox.Outcome outcome = outbox.finish(limit);
    warnings.finished(outcome);
    leftovers.ifPresent(LeftoverDelivery::close);
  }

  @Override
  public void close() {
    leftovers.ifPresent(LeftoverDelivery::close);
    outbox.close();
  }
}
