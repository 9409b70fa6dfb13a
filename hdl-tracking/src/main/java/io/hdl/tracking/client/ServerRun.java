package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.tracking.outbox.Destination;
import io.hdl.tracking.outbox.Item;
import java.time.Duration;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.mlflow.api.proto.Service;

/**
 * One run at a server, found or created when the server first answers. Belongs to one thread at a
 * time; {@link #id()} and {@link #link()} may be read by others.
 */
public final class ServerRun implements Destination {
  /** The tag by which a run is found again, whoever asked for it to be created. */
  public static final String KEY_TAG = "hdl.run.key";

  private final TrackingServer server;
  private final Identity identity;
  private final Consumer<String> warning;
  private final RestApi api;
  private volatile @Nullable Connected connected;

  /**
   * What tells a run from others and what a new one is called.
   *
   * @param experiment name of the experiment
   * @param key value of {@link #KEY_TAG}, unique to the run
   * @param knownId the server's id of the run, if an earlier attempt got one
   * @param name the run's name for people
   * @param user who runs it
   * @param start milliseconds since 1970
   * @param tags further tags of a new run
   */
  public record Identity(
      String experiment,
      String key,
      Optional<String> knownId,
      String name,
      String user,
      long start,
      Map<String, String> tags) {
    /** Checks the key, which becomes part of a search, and copies the tags. */
    public Identity {
      if (!key.matches("[0-9a-zA-Z-]+")) {
        throw new IllegalArgumentException(
            "run key: \"" + key + "\" (expected: letters, digits and -)");
      }
      tags = Map.copyOf(tags);
    }
  }

  private record Connected(String experimentId, String runId, ArtifactUploads artifacts) {}

  private ServerRun(TrackingServer server, Identity identity, Consumer<String> warning) {
    this.server = server;
    this.identity = identity;
    this.warning = warning;
    this.api = new RestApi(new Http(server));
  }

  /**
   * A run that is not looked up yet.
   *
   * @param warning takes a text for each item that the server refuses for good
   */
  public static ServerRun of(TrackingServer server, Identity identity, Consumer<String> warning) {
    return new ServerRun(server, identity, warning);
  }

  /** The server's id of the run, once it is known. */
  public Optional<String> id() {
    Connected now = connected;
    return now == null ? Optional.empty() : Optional.of(now.runId());
  }

  /** The page that shows the run to people, once it is known. */
  public Optional<String> link() {
    Connected now = connected;
    return now == null
        ? Optional.empty()
        : Optional.of(server.link(now.experimentId(), now.runId()));
  }

  /**
   * Finds the run or creates it, and sets it to running. Asking twice never makes two runs: a new
   * run carries its key, and is searched by it before one is created.
   *
   * @param limit the time that each of up to five requests may take
   * @return the server's id of the run
   */
  public String connect(Duration limit) {
    return connection(limit).runId();
  }

  private Connected connection(Duration limit) {
    Connected known = connected;
    if (known != null) {
      return known;
    }
    Connected made = find(limit).orElseGet(() -> create(limit));
    connected = made;
    return made;
  }

  private Optional<Connected> find(Duration limit) {
    if (identity.knownId().isEmpty()) {
      return Optional.empty();
    }
    Optional<Service.Run> run = api.run(identity.knownId().get(), limit);
    if (run.isEmpty() || !run.get().getInfo().getLifecycleStage().equals("active")) {
      return Optional.empty();
    }
    return Optional.of(reopen(run.get(), limit));
  }

  private Connected create(Duration limit) {
    String experimentId = experiment(limit);
    Optional<Service.Run> earlier = api.runWithTag(experimentId, KEY_TAG, identity.key(), limit);
    if (earlier.isPresent()) {
      return reopen(earlier.get(), limit);
    }
    Map<String, String> tags = new HashMap<>(identity.tags());
    tags.put(KEY_TAG, identity.key());
    tags.put("mlflow.user", identity.user());
    Service.Run run =
        api.createRun(
            experimentId, identity.name(), identity.user(), identity.start(), tags, limit);
    return connected(run);
  }

  private String experiment(Duration limit) {
    Optional<Service.Experiment> known = api.experiment(identity.experiment(), limit);
    if (known.isEmpty()) {
      Optional<String> created = api.createExperiment(identity.experiment(), limit);
      if (created.isPresent()) {
        return created.get();
      }
      known = api.experiment(identity.experiment(), limit); // somebody else was faster
    }
    Service.Experiment experiment =
        known.orElseThrow(
            () ->
                new HdlException(
                    ErrorCode.UNAVAILABLE,
                    "%s says of the experiment \"%s\" both that it exists and that it does not."
                        .formatted(server, identity.experiment())));
    if (experiment.getLifecycleStage().equals("deleted")) {
      throw new HdlException(
          ErrorCode.NOT_FOUND,
          "The experiment \"%s\" at %s was deleted. Restore it with `mlflow experiments restore -x %s`, or track under another name."
              .formatted(identity.experiment(), server, experiment.getExperimentId()));
    }
    return experiment.getExperimentId();
  }

  private Connected reopen(Service.Run run, Duration limit) {
    if (run.getInfo().getStatus() != Service.RunStatus.RUNNING) {
      api.updateRun(run.getInfo().getRunId(), Service.RunStatus.RUNNING, 0, limit);
    }
    return connected(run);
  }

  private Connected connected(Service.Run run) {
    return new Connected(
        run.getInfo().getExperimentId(),
        run.getInfo().getRunId(),
        new ArtifactUploads(api.http(), run.getInfo().getArtifactUri()));
  }

  @Override
  public void deliver(Deque<Item> items, Duration limit) {
    Connected run = connection(limit);
    Item head = items.element();
    if (head instanceof Item.Input input) {
      api.logInputs(inputs(run.runId(), input), limit);
      items.remove();
    } else if (head instanceof Item.Upload upload) {
      upload(run, upload, limit);
      items.remove();
    } else if (head instanceof Item.End end) {
      api.updateRun(run.runId(), status(end.status()), end.time(), limit);
      items.remove();
    } else {
      Batch batch = Batch.head(items);
      send(run.runId(), batch, limit);
      for (int i = 0; i < batch.items().size(); i++) {
        items.remove();
      }
    }
  }

  private void send(String runId, Batch batch, Duration limit) {
    try {
      api.logBatch(runId, RestApi.print(batch.message(runId)), limit);
    } catch (ServerException e) {
      if (!e.refusesContent()) {
        throw e;
      }
      if (!batch.isSingle()) {
        send(runId, batch.firstHalf(), limit);
        send(runId, batch.secondHalf(), limit);
      } else if (!(batch.isSingleNaN() && String.valueOf(e.getMessage()).contains("UNIQUE"))) {
        refused(batch.items().get(0), e);
      }
    }
  }

  private void refused(Item item, ServerException e) {
    String name =
        item instanceof Item.Metric metric
            ? "the metric \"" + metric.key() + "\""
            : item instanceof Item.Param param
                ? "the param \"" + param.key() + "\""
                : item instanceof Item.Tag tag ? "the tag \"" + tag.key() + "\"" : "an item";
    warning.accept(
        "The MLflow server did not take " + name + "; everything else goes on. " + e.getMessage());
  }

  private void upload(Connected run, Item.Upload upload, Duration limit) {
    try {
      run.artifacts().upload(upload, limit);
    } catch (ServerException e) {
      if (!e.refusesContent()) {
        throw e;
      }
      warning.accept(
          "The MLflow server did not take the artifact \"%s\". %s"
              .formatted(upload.name(), e.getMessage()));
    }
  }

  private static Service.LogInputs inputs(String runId, Item.Input input) {
    Service.DatasetInput.Builder dataset =
        Service.DatasetInput.newBuilder()
            .setDataset(
                Service.Dataset.newBuilder()
                    .setName(input.name())
                    .setDigest(input.digest())
                    .setSourceType(input.sourceType())
                    .setSource(input.source())
                    .setProfile(input.profile()));
    input
        .tags()
        .forEach(
            (key, value) ->
                dataset.addTags(Service.InputTag.newBuilder().setKey(key).setValue(value)));
    return Service.LogInputs.newBuilder().setRunId(runId).addDatasets(dataset).build();
  }

  private static Service.RunStatus status(Item.EndStatus status) {
    return switch (status) {
      case FINISHED -> Service.RunStatus.FINISHED;
      case FAILED -> Service.RunStatus.FAILED;
      case KILLED -> Service.RunStatus.KILLED;
    };
  }

  @Override
  public void close() {
    api.close();
  }
}
