package io.hdl.tracking;

import io.hdl.core.error.HdlException;
import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.run.RunEnd;
import io.hdl.core.run.RunRecord;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.delivery.ServerDestination;
import io.hdl.tracking.filestore.FileStore;
import io.hdl.tracking.filestore.FileStoreRun;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxRun;
import io.hdl.tracking.outbox.OutboxSettings;
import io.hdl.tracking.outbox.RunStart;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A run in MLflow: what is reported becomes items of an outbox. */
final class MlflowRun implements TrackedRun {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** A run that was stopped ends within its process's grace period. */
  private static final Duration HURRIED_FLUSH = Duration.ofSeconds(10);

  /** Between an epoch and its checkpoint, so that neither has what the other lacks. */
  private static final Duration PERSIST = Duration.ofMillis(250);

  private final JobContext context;
  private final Duration flush;
  private final Outbox outbox;
  private final OutboxRun run;
  private final @Nullable ServerDestination server;
  private final Path folder;
  private final RunWarnings warnings;
  private final AtomicBoolean over = new AtomicBoolean();

  private MlflowRun(
      JobContext context,
      Duration flush,
      Outbox outbox,
      OutboxRun run,
      @Nullable ServerDestination server,
      Path folder,
      RunWarnings warnings) {
    this.context = context;
    this.flush = flush;
    this.outbox = outbox;
    this.run = run;
    this.server = server;
    this.folder = folder;
    this.warnings = warnings;
  }

  /** A run in a directory of runs. */
  static MlflowRun inDirectory(
      Path root, String experiment, Duration flush, RunRecord run, JobContext context) {
    FileStore store = FileStore.at(root);
    String id = context.pin("mlflow.run_id", MlflowRun::newId);
    RunWarnings warnings = RunWarnings.ofDirectory(context, store.root());
    FileStoreRun local = store.open(experiment, newRun(id, run), warnings::warning);
    Outbox outbox = Outbox.direct(local, settings(context), warnings);
    OutboxRun begun = outbox.begin(start(id, experiment, run));
    MlflowRun opened = new MlflowRun(context, flush, outbox, begun, null, local.folder(), warnings);
    opened.tags(RunItems.openingTags(run));
    return opened;
  }

  /** A run at a server; what the server did not get yet is in the run's directory. */
  static MlflowRun atServer(
      TrackingServer address,
      String experiment,
      Duration flush,
      RunRecord run,
      JobContext context) {
    String key = context.pin("mlflow.run_key", MlflowRun::newId);
    Path folder = context.directory().outbox();
    RunWarnings warnings = RunWarnings.ofServer(context, address, folder);
    RunStart start = start(key, experiment, run);
    ServerDestination server =
        ServerDestination.of(address, new PinnedRun(run, context, warnings::warning));
    Outbox outbox = Outbox.open(folder, settings(context), warnings);
    OutboxRun begun = outbox.begin(start);
    try {
      String unused = server.connect(start, CONNECT);
    } catch (HdlException e) {
      if (e.retryable()) {
        warnings.serverAway(e);
      } // else the sender comes upon the same refusal and reports it
    }
    outbox.deliverTo(server);
    MlflowRun opened = new MlflowRun(context, flush, outbox, begun, server, folder, warnings);
    opened.tags(RunItems.openingTags(run));
    opened.tags(Map.of(ServerDestination.KEY_TAG, key));
    return opened;
  }

  private static OutboxSettings settings(JobContext context) {
    return OutboxSettings.defaults().withClock(context.clock());
  }

  private static RunStart start(String key, String experiment, RunRecord run) {
    return new RunStart(
        key, Optional.empty(), experiment, run.runId(), user(), run.created().toEpochMilli());
  }

  private static FileStore.NewRun newRun(String id, RunRecord run) {
    return new FileStore.NewRun(id, run.runId(), user(), run.created().toEpochMilli());
  }

  private static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  private static String user() {
    return System.getProperty("user.name", "unknown");
  }

  @Override
  public String id() {
    String key = run.start().key();
    ServerDestination remote = server;
    return remote == null ? key : remote.id(key).orElse(key);
  }

  @Override
  public Optional<String> link() {
    ServerDestination remote = server;
    Optional<String> page = remote == null ? Optional.empty() : remote.link(run.start().key());
    return page.isPresent() ? page : Optional.of(folder.toString());
  }

  @Override
  public void persist() {
    boolean unused = outbox.persist(PERSIST);
  }

  @Override
  public void metric(String key, double value, long step) {
    if (run.reported(key, step)) {
      return; // a run that goes on does its last steps again
    }
    run.put(new Item.Metric(key, value, context.clock().millis(), step));
  }

  @Override
  public void params(Map<String, String> params) {
    params.forEach((key, value) -> run.put(new Item.Param(key, value)));
  }

  @Override
  public void tags(Map<String, String> tags) {
    tags.forEach((key, value) -> run.put(new Item.Tag(key, value)));
  }

  @Override
  public void input(DataProvenance data) {
    run.put(RunItems.input(data));
  }

  @Override
  public void artifact(Artifact artifact) {
    run.put(new Item.Upload(artifact.name(), artifact.file()));
  }

  @Override
  public void model(Artifact model, Evaluation evaluation, GateDecision gate) {
    artifact(model);
    tags(RunItems.modelTags(model, gate));
  }

  @Override
  public void finish(RunEnd end) {
    Item.EndStatus status =
        end instanceof RunEnd.Finished
            ? Item.EndStatus.FINISHED
            : end instanceof RunEnd.Interrupted ? Item.EndStatus.KILLED : Item.EndStatus.FAILED;
    if (over.getAndSet(true)) {
      return;
    }
    if (end.reason().isPresent() || context.resumed()) {
      tags(Map.of("hdl.error", end.reason().orElse(""))); // what ended an earlier attempt is past
    }
    boolean hurried = status == Item.EndStatus.KILLED && flush.compareTo(HURRIED_FLUSH) > 0;
    run.put(new Item.End(status, context.clock().millis()));
    warnings.finished(outbox.finish(hurried ? HURRIED_FLUSH : flush));
  }

  @Override
  public void close() {
    over.set(true);
    outbox.close();
  }
}
