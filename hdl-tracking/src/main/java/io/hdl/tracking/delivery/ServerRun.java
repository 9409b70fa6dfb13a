package io.hdl.tracking.delivery;

import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryPolicy;
import io.hdl.tracking.client.Artifacts;
import io.hdl.tracking.client.ServerException;
import io.hdl.tracking.client.TrackingClient;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.outbox.Destination;
import io.hdl.tracking.outbox.Item;
import java.time.Duration;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.mlflow.api.proto.Service;

/**
 * One run at a server, found or created when the server first answers. Belongs to one thread at a
 * time; {@link #id()} and {@link #link()} may be read by others.
 */
public final class ServerRun implements Destination {
  /** The tag by which a run is found again, whoever asked for it to be created. */
  public static final String KEY_TAG = "hdl.run.key";

  private static final Duration RETRY_LIMIT = Duration.ofSeconds(10);
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);
  private static final int MOST_TRIES = 4;

  private final TrackingServer server;
  private final Identity identity;
  private final Consumer<String> warning;
  private final Consumer<String> found;
  private final TrackingClient client;
  private long setAside;
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
   */
  public record Identity(
      String experiment,
      String key,
      Optional<String> knownId,
      String name,
      String user,
      long start) {
    /** Checks the key, which becomes part of a search. */
    public Identity {
      if (!key.matches("[0-9a-zA-Z-]+")) {
        throw new IllegalArgumentException(
            "run key: \"" + key + "\" (expected: letters, digits and -)");
      }
    }
  }

  private record Connected(String experimentId, String runId, Artifacts artifacts) {}

  private ServerRun(
      TrackingServer server, Identity identity, Consumer<String> found, Consumer<String> warning) {
    this.server = server;
    this.identity = identity;
    this.warning = warning;
    this.found = found;
    this.client = TrackingClient.of(server);
  }

  /**
   * A run that is not looked up yet.
   *
   * @param found takes the server's id of the run once it is known
   * @param warning takes a text for each item that the server refuses for good
   */
  public static ServerRun of(
      TrackingServer server, Identity identity, Consumer<String> found, Consumer<String> warning) {
    return new ServerRun(server, identity, found, warning);
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
   * @param limit the time after which nothing is tried again
   * @return the server's id of the run
   */
  public String connect(Duration limit) {
    return retrying("reach the MLflow server " + server, limit, this::connection).runId();
  }

  private Connected connection(Duration limit) {
    Connected known = connected;
    if (known != null) {
      return known;
    }
    Service.RunInfo run = new RunLookup(client, identity).findOrCreate(limit).getInfo();
    Connected made =
        new Connected(
            run.getExperimentId(), run.getRunId(), client.artifacts(run.getArtifactUri()));
    connected = made;
    found.accept(made.runId());
    return made;
  }

  /** A passing failure is tried again at once, a lasting one is left to the caller. */
  private static <T> T retrying(String what, Duration limit, Function<Duration, T> call) {
    return RetryPolicy.builder()
        .deadline(limit.compareTo(RETRY_LIMIT) < 0 ? limit : RETRY_LIMIT)
        .maxTries(MOST_TRIES)
        .build()
        .call(
            what,
            attempt -> call.apply(limit.compareTo(REQUEST_LIMIT) < 0 ? limit : REQUEST_LIMIT));
  }

  @Override
  public void deliver(Deque<Item> items, Duration limit) {
    Item head = items.element();
    int delivered =
        retrying(
            "log to the MLflow server " + server, limit, time -> deliverHead(head, items, time));
    for (int i = 0; i < delivered; i++) {
      items.remove();
    }
  }

  /** Sends the head and what goes with it; tells how many items that were. */
  private int deliverHead(Item head, Deque<Item> items, Duration limit) {
    Connected run = connection(limit);
    Batch batch = Batch.head(items);
    if (!batch.isEmpty()) {
      send(run.runId(), batch, limit);
      return batch.items().size();
    }
    try {
      if (head instanceof Item.Input input) {
        client.runs().logInputs(inputs(run.runId(), input), limit);
      } else if (head instanceof Item.Upload upload) {
        upload(run, upload, limit);
      } else if (head instanceof Item.End end) {
        client.runs().end(run.runId(), status(end.status()), end.time(), limit);
      }
    } catch (ServerException e) {
      if (!e.refusesContent()) {
        throw e;
      }
      refused(head, e);
    }
    return 1;
  }

  private void send(String runId, Batch batch, Duration limit) {
    try {
      client.runs().logBatch(batch.message(runId), limit);
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
    String why = String.valueOf(e.getMessage());
    if (item instanceof Item.Param param && why.contains("Changing param values is not allowed")) {
      warning.accept(param.keptFirst());
      return;
    }
    setAside++;
    warning.accept("The MLflow server did not take the %s. %s".formatted(item.title(), why));
  }

  private void upload(Connected run, Item.Upload upload, Duration limit) {
    try {
      run.artifacts().upload(upload.name(), upload.file(), limit);
    } catch (HdlException e) {
      if (!Artifacts.isFilesFault(e)) {
        throw e;
      }
      setAside++;
      warning.accept(String.valueOf(e.getMessage()));
      for (Throwable other : e.getSuppressed()) {
        warning.accept(String.valueOf(other.getMessage()));
      }
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
  public long setAside() {
    return setAside;
  }

  @Override
  public void close() {
    client.close();
  }
}
