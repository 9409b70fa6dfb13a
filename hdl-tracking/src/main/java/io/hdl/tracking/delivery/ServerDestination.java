package io.hdl.tracking.delivery;

import io.hdl.tracking.client.TrackingClient;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.outbox.Destination;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.RunStart;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Runs at a tracking server, each found or created when its first items come. Belongs to one thread
 * at a time; {@link #id} and {@link #link} may be called by others.
 */
public final class ServerDestination implements Destination {
  /** The tag by which a run is found again, whoever asked for it to be created. */
  public static final String KEY_TAG = "hdl.run.key";

  private static final Duration RETRY_LIMIT = Duration.ofSeconds(10);

  private final TrackingClient client;
  private final Listener listener;
  private final Map<String, RunDelivery> runs = new ConcurrentHashMap<>();

  /** Hears what becomes of runs, and knows what became of them before. Called by one thread. */
  public interface Listener {
    /** The server's id of a run, if an earlier process got one. */
    Optional<String> knownId(RunStart run);

    /** A run was found or created. */
    void found(RunStart run, String id);

    /** The server refused an item for good. */
    void warning(String text);
  }

  private ServerDestination(TrackingServer server, Listener listener) {
    this.client = TrackingClient.of(server);
    this.listener = listener;
  }

  /** Runs at a server; asks nothing yet. */
  public static ServerDestination of(TrackingServer server, Listener listener) {
    return new ServerDestination(server, listener);
  }

  /** The server's id of a run by its key, once it is known. */
  public Optional<String> id(String key) {
    return Optional.ofNullable(runs.get(key)).map(run -> run.run().getRunId());
  }

  /** The page that shows a run to people by its key, once it is known. */
  public Optional<String> link(String key) {
    return Optional.ofNullable(runs.get(key))
        .map(run -> client.server().link(run.run().getExperimentId(), run.run().getRunId()));
  }

  /**
   * Finds a run or creates it, and sets it to running. Asking twice never makes two runs: a new run
   * carries its key, and is searched by it before one is created.
   *
   * @param limit the time after which nothing is tried again
   * @return the server's id of the run
   */
  public String connect(RunStart run, Duration limit) {
    return retrying("reach", limit, time -> connection(run, time)).run().getRunId();
  }

  private RunDelivery connection(RunStart run, Duration limit) {
    RunDelivery known = runs.get(run.key());
    if (known != null) {
      return known;
    }
    RunLookup lookup = new RunLookup(client, run, listener.knownId(run), parentOf(run));
    RunDelivery made =
        new RunDelivery(client, run.key(), lookup.findOrCreate(limit).getInfo(), listener::warning);
    runs.put(run.key(), made);
    listener.found(run, made.run().getRunId());
    return made;
  }

  private Optional<String> parentOf(RunStart run) {
    return run.parentKey().flatMap(this::id);
  }

  @Override
  public void deliver(RunStart run, Deque<Item> items, Duration limit) {
    int delivered =
        retrying(
            "log to",
            limit,
            time -> {
              RunDelivery to = connection(run, time);
              return items.isEmpty() ? 0 : to.deliver(items, time);
            });
    for (int i = 0; i < delivered; i++) {
      items.remove();
    }
  }

  /** A passing failure is tried again at once, a lasting one is left to the caller. */
  private <T> T retrying(String what, Duration limit, Function<Duration, T> call) {
    return client.retrying(
        what + " the MLflow server " + client.server(),
        limit.compareTo(RETRY_LIMIT) < 0 ? limit : RETRY_LIMIT,
        call);
  }

  @Override
  public long setAside() {
    return runs.values().stream().mapToLong(RunDelivery::setAside).sum();
  }

  @Override
  public void close() {
    client.close();
  }
}
