package io.hdl.tracking;

import io.hdl.core.error.HdlException;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.TrackedModel;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.run.RunEnd;
import io.hdl.core.run.RunRecord;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.delivery.ServerRun;
import io.hdl.tracking.filestore.FileStore;
import io.hdl.tracking.filestore.FileStoreRun;
import io.hdl.tracking.filestore.KeptRun;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.RunStart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A run in MLflow: what is reported becomes items of an outbox. */
final class MlflowRun implements TrackedRun {
  private static final Duration CONNECT = Duration.ofSeconds(10);

  /** A run that was stopped ends within its process's grace period. */
  private static final Duration HURRIED_FLUSH = Duration.ofSeconds(10);

  /** Between an epoch and its checkpoint, so that neither has what the other lacks. */
  private static final Duration PERSIST = Duration.ofMillis(250);

  /** A metric's value at a step, of which a run has one. */
  private record Point(String key, long step) {}

  private final JobContext context;
  private final Duration flush;
  private final Outbox outbox;
  private final FileStore store;
  private final FileStoreRun local;
  private final @Nullable ServerRun server;
  private final String localId;
  private final RunWarnings warnings;
  private final ModelItems models;
  private final Set<Point> reported;
  private final AtomicBoolean over = new AtomicBoolean();

  private MlflowRun(
      JobContext context,
      Duration flush,
      Outbox outbox,
      FileStore store,
      FileStoreRun local,
      @Nullable ServerRun server,
      String localId,
      List<Item> earlier,
      RunWarnings warnings,
      Optional<Registering> registering) {
    this.context = context;
    this.flush = flush;
    this.outbox = outbox;
    this.store = store;
    this.local = local;
    this.server = server;
    this.localId = localId;
    this.warnings = warnings;
    Optional<String> directoryRun = server == null ? Optional.of(localId) : Optional.empty();
    this.models = new ModelItems(context, registering, directoryRun, warnings::warning);
    this.reported =
        earlier.stream()
            .filter(Item.Metric.class::isInstance)
            .map(Item.Metric.class::cast)
            .map(metric -> new Point(metric.key(), metric.step()))
            .collect(Collectors.toUnmodifiableSet());
  }

  /** A run in a directory of runs. */
  static MlflowRun inDirectory(
      Path root,
      String experiment,
      Duration flush,
      Optional<Registering> registering,
      RunRecord run,
      JobContext context) {
    FileStore store = FileStore.at(root);
    String id = context.pin("mlflow.run_id", MlflowRun::newId);
    RunWarnings warnings = RunWarnings.ofDirectory(context, store.root());
    FileStoreRun local = store.open(newRun(id, experiment, run), warnings::warning);
    List<Item> earlier = context.resumed() ? backlog(store, id, warnings) : List.of();
    Outbox outbox = Outbox.toDisk(local, warnings);
    MlflowRun opened =
        new MlflowRun(
            context, flush, outbox, store, local, null, id, earlier, warnings, registering);
    opened.tags(RunItems.openingTags(run));
    return opened;
  }

  /** A run at a server, with a copy in the run's directory until the server has everything. */
  static MlflowRun atServer(
      TrackingServer address,
      String experiment,
      Duration flush,
      Optional<Registering> registering,
      RunRecord run,
      JobContext context) {
    String key = context.pin("mlflow.run_key", MlflowRun::newId);
    FileStore store = FileStore.at(context.directory().outbox().resolve("mlruns"));
    RunWarnings warnings = RunWarnings.ofServer(context, address, store.root());
    boolean leftBehind = Files.isDirectory(store.root());
    FileStoreRun local = store.open(newRun(key, experiment, run), warnings::warning);
    List<Item> backlog = leftBehind ? backlog(store, key, warnings) : List.of();
    ServerRun server =
        ServerRun.of(
            address,
            new ServerRun.Identity(
                experiment,
                key,
                Optional.ofNullable(run.pins().get("mlflow.run_id")),
                run.runId(),
                user(),
                run.created().toEpochMilli()),
            id -> context.pin("mlflow.run_id", () -> id),
            warnings::warning);
    try {
      server.connect(CONNECT);
    } catch (HdlException e) {
      if (e.retryable()) {
        warnings.serverAway(e);
      } // else the sender comes upon the same refusal and reports it
    }
    Outbox outbox = Outbox.toServer(local, server, backlog, warnings);
    MlflowRun opened =
        new MlflowRun(
            context, flush, outbox, store, local, server, key, backlog, warnings, registering);
    opened.tags(RunItems.openingTags(run));
    opened.tags(Map.of(ServerRun.KEY_TAG, key));
    return opened;
  }

  /** What an earlier attempt did not get rid of. */
  private static List<Item> backlog(FileStore store, String id, RunWarnings warnings) {
    try {
      return store.run(id).map(KeptRun::items).orElse(List.of()).stream()
          .filter(item -> !(item instanceof Item.End))
          .toList();
    } catch (HdlException e) {
      warnings.warning(
          "What an earlier attempt left behind cannot be delivered. " + e.getMessage());
      return List.of();
    }
  }

  private static RunStart newRun(String id, String experiment, RunRecord run) {
    return new RunStart(
        id, Optional.empty(), experiment, run.runId(), user(), run.created().toEpochMilli());
  }

  private static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  private static String user() {
    return System.getProperty("user.name", "unknown");
  }

  @Override
  public String id() {
    ServerRun remote = server;
    return remote == null ? localId : remote.id().orElse(localId);
  }

  @Override
  public Optional<String> link() {
    ServerRun remote = server;
    Optional<String> page = remote == null ? Optional.empty() : remote.link();
    return page.isPresent() ? page : Optional.of(local.folder().toString());
  }

  @Override
  public void persist() {
    boolean unused = outbox.persist(PERSIST);
  }

  @Override
  public void metric(String key, double value, long step) {
    if (reported.contains(new Point(key, step))) {
      return; // a run that goes on does its last steps again
    }
    outbox.put(new Item.Metric(key, value, context.clock().millis(), step));
  }

  @Override
  public void params(Map<String, String> params) {
    params.forEach((key, value) -> outbox.put(new Item.Param(key, value)));
  }

  @Override
  public void tags(Map<String, String> tags) {
    tags.forEach((key, value) -> outbox.put(new Item.Tag(key, value)));
  }

  @Override
  public void input(DataProvenance data) {
    outbox.put(RunItems.input(data));
  }

  @Override
  public void artifact(Artifact artifact) {
    outbox.put(new Item.Upload(artifact.name(), artifact.file()));
  }

  @Override
  public TrackedRun nested(String name) {
    return new PrefixedRun(this, name);
  }

  @Override
  public void summary(String markdown) {
    tags(Map.of("mlflow.note.content", markdown));
  }

  @Override
  public void model(TrackedModel model) {
    models.of(model).forEach(outbox::put);
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
    Outbox.Outcome outcome =
        outbox.finish(
            new Item.End(status, context.clock().millis()), hurried ? HURRIED_FLUSH : flush);
    if (server != null && outcome.delivered()) {
      discardCopy();
    }
    warnings.finished(outcome);
  }

  private void discardCopy() {
    try {
      store.delete();
    } catch (HdlException e) {
      warnings.warning("The server has the run, but its copy stays. " + e.getMessage());
    }
  }

  @Override
  public void close() {
    over.set(true);
    outbox.close();
  }
}
