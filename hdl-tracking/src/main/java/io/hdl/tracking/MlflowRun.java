package io.hdl.tracking;

import com.google.common.hash.Hashing;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.TrackedModel;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.run.RunEnd;
import io.hdl.core.run.RunRecord;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.OutboxRun;
import io.hdl.tracking.outbox.RunStart;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** A run in MLflow, the job's own or one below it: what is reported becomes items of an outbox. */
class MlflowRun implements TrackedRun {
  private static final String NOTE = "mlflow.note.content";
  private static final int KEY_DIGITS = 32;

  private final JobTracking job;
  private final OutboxRun run;
  private final Optional<Registering> registering;
  private final Map<String, MlflowRun> nested = new LinkedHashMap<>();
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicBoolean ownNote = new AtomicBoolean();

  private MlflowRun(JobTracking job, RunStart start, Optional<Registering> registering) {
    this.job = job;
    this.run = job.begin(start);
    this.registering = registering;
  }

  /**
   * The job's own run; owns the tracking.
   *
   * @param flush how long its end may wait for a server
   * @param registering what models are registered as, if they are
   */
  static TrackedRun of(
      JobTracking job, Duration flush, Optional<Registering> registering, RunRecord record) {
    MlflowRun opened = new Main(job, flush, registering);
    opened.tags(RunItems.openingTags(record));
    return opened;
  }

  @Override
  public String id() {
    return job.id(run.start().key());
  }

  @Override
  public Optional<String> link() {
    return job.link(run.start().key());
  }

  @Override
  public void persist() {
    job.persist();
  }

  @Override
  public void metric(String key, double value, long step) {
    if (run.reported(key, step)) {
      return; // a run that goes on does its last steps again
    }
    put(new Item.Metric(key, value, now(), step));
  }

  @Override
  public void metrics(Map<String, Double> values, long step) {
    if (over.get()) {
      return;
    }
    long now = now();
    List<Item> items = new ArrayList<>(values.size());
    values.forEach(
        (key, value) -> {
          if (!run.reported(key, step)) {
            items.add(new Item.Metric(key, value, now, step));
          }
        });
    boolean unused = run.putAll(items);
  }

  @Override
  public void params(Map<String, String> params) {
    params.forEach((key, value) -> put(new Item.Param(key, value)));
  }

  @Override
  public void tags(Map<String, String> tags) {
    if (tags.containsKey(NOTE)) {
      ownNote.set(true);
    }
    tags.forEach((key, value) -> put(new Item.Tag(key, value)));
  }

  @Override
  public void input(DataProvenance data) {
    put(RunItems.input(data));
  }

  @Override
  public void artifact(Artifact artifact) {
    put(new Item.Upload(artifact.name(), artifact.file()));
  }

  @Override
  public void model(TrackedModel model) {
    job.models(run.start(), registering).of(model).forEach(this::put);
  }

  /** The note that MLflow's UI shows first; one that somebody wrote himself stays. */
  @Override
  public void summary(String markdown) {
    if (!ownNote.get()) {
      put(new Item.Tag(NOTE, markdown));
    }
  }

  /**
   * The key of a nested run follows from its parent's and its name, so that it is found again by
   * its name alone, whatever happened in between.
   */
  @Override
  public TrackedRun nested(String name) {
    if (name.isBlank()) {
      throw new IllegalArgumentException("nested: a blank name (expected: at least one letter)");
    }
    synchronized (nested) {
      return nested.computeIfAbsent(name, this::begin);
    }
  }

  private MlflowRun begin(String name) {
    RunStart parent = run.start();
    String key =
        Hashing.sha256()
            .hashString(parent.key() + "\n" + name, StandardCharsets.UTF_8)
            .toString()
            .substring(0, KEY_DIGITS);
    return new MlflowRun(
        job,
        new RunStart(
            key, Optional.of(parent.key()), parent.experiment(), name, parent.user(), now()),
        registering);
  }

  @Override
  public void finish(RunEnd end) {
    if (over.getAndSet(true)) {
      return;
    }
    List<MlflowRun> below;
    synchronized (nested) {
      below = List.copyOf(nested.values());
    }
    below.forEach(part -> part.finish(end));
    if (end.reason().isPresent() || job.context().resumed()) {
      // What ended an earlier attempt is past.
      run.put(new Item.Tag("hdl.error", end.reason().orElse("")));
    }
    run.put(new Item.End(status(end), now()));
  }

  static Item.EndStatus status(RunEnd end) {
    return end instanceof RunEnd.Finished
        ? Item.EndStatus.FINISHED
        : end instanceof RunEnd.Interrupted ? Item.EndStatus.KILLED : Item.EndStatus.FAILED;
  }

  private void put(Item item) {
    if (!over.get()) {
      boolean unused = run.put(item);
    }
  }

  private long now() {
    return job.context().clock().millis();
  }

  @Override
  public void close() {}

  /** The job's own run, whose end is the end of the tracking. */
  private static final class Main extends MlflowRun {
    /** A run that was stopped ends within its process's grace period. */
    private static final Duration HURRIED_FLUSH = Duration.ofSeconds(10);

    private final JobTracking job;
    private final Duration flush;
    private final AtomicBoolean flushed = new AtomicBoolean();

    Main(JobTracking job, Duration flush, Optional<Registering> registering) {
      super(job, job.main(), registering);
      this.job = job;
      this.flush = flush;
    }

    @Override
    public void finish(RunEnd end) {
      super.finish(end);
      if (!flushed.getAndSet(true)) {
        boolean hurried = end instanceof RunEnd.Interrupted && flush.compareTo(HURRIED_FLUSH) > 0;
        job.finish(hurried ? HURRIED_FLUSH : flush);
      }
    }

    @Override
    public void close() {
      flushed.set(true);
      job.close();
    }
  }
}
