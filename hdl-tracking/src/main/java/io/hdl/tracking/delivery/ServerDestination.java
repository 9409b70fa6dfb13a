package io.hdl.tracking.delivery;

import io.hdl.tracking.client.ServerException;
import io.hdl.tracking.client.TrackingClient;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.outbox.Destination;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.RunForgottenException;
import io.hdl.tracking.outbox.RunStart;
import java.time.Duration;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
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
  private final DeadLetters letters;
  private final Map<String, RunDelivery> runs = new ConcurrentHashMap<>();
  private final AtomicLong setAside = new AtomicLong();
  private final Set<String> madeAnew = ConcurrentHashMap.newKeySet();
  private Optional<RunForgottenException> forgotten = Optional.empty();

  /** Hears what becomes of runs, and knows what became of them before. Called by one thread. */
  public interface Listener {
    /** The server's id of a run, if an earlier process got one; else it is found by its key. */
    default Optional<String> knownId(RunStart run) {
      return Optional.empty();
    }

    /** A run was found or created. */
    default void found(RunStart run, String id) {}

    /** The server refused an item for good. */
    void warning(String text);
  }

  private ServerDestination(TrackingServer server, Listener listener, DeadLetters letters) {
    this.client = TrackingClient.of(server);
    this.listener = listener;
    this.letters = letters;
  }

  /** Runs at a server; asks nothing yet. What the server refuses is only told. */
  public static ServerDestination of(TrackingServer server, Listener listener) {
    return of(server, listener, DeadLetters.none());
  }

  /**
   * Runs at a server; asks nothing yet.
   *
   * @param letters keeps what the server refuses for good
   */
  public static ServerDestination of(
      TrackingServer server, Listener listener, DeadLetters letters) {
    return new ServerDestination(server, listener, letters);
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
   * Finds a run or creates it, and sets it to running; a deleted one is restored. Asking twice
   * never makes two runs: a new run carries its key, and is searched by it before one is created.
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
    Optional<String> knownId = listener.knownId(run);
    RunLookup.Found found = new RunLookup(client, run, knownId, parentOf(run)).findOrCreate(limit);
    if (found.origin() == RunLookup.Origin.CREATED
        && knownId.isPresent()
        && !madeAnew.contains(run.key())) {
      forgotten = Optional.of(forgotten(run, knownId.get()));
    } else if (found.origin() == RunLookup.Origin.RESTORED) {
      restored(run);
    }
    RunDelivery made =
        new RunDelivery(client, run, found.run(), letters, listener::warning, setAside::addAndGet);
    runs.put(run.key(), made);
    listener.found(run, found.run().getRunId());
    return made;
  }

  private void restored(RunStart run) {
    listener.warning(
        "The run \"%s\" was deleted at %s while items of it were on their way, and was restored. Delete it again when its job is over."
            .formatted(run.name(), client.server()));
  }

  private RunForgottenException forgotten(RunStart run, String id) {
    madeAnew.add(run.key());
    return new RunForgottenException(
        "%s does not know the run \"%s\" (%s) any more. It is made anew, and everything that the tracking log holds is sent again."
            .formatted(client.server(), run.name(), id));
  }

  private Optional<String> parentOf(RunStart run) {
    return run.parentKey().flatMap(this::id);
  }

  @Override
  public void deliver(RunStart run, Deque<Item> items, Duration limit) {
    int delivered = retrying("log to", limit, time -> deliverNow(run, items, time));
    for (int i = 0; i < delivered; i++) {
      items.remove();
    }
  }

  private int deliverNow(RunStart run, Deque<Item> items, Duration limit) {
    RunDelivery to = connection(run, limit);
    throwIfForgotten();
    if (items.isEmpty()) {
      return 0;
    }
    try {
      return to.deliver(items, limit);
    } catch (ServerException e) {
      if (!e.refusesContent() && e.status() != 404) {
        throw e;
      }
      return switch (to.standing(limit)) {
        case ACTIVE -> to.deliverSingly(items, e, limit);
        case DELETED -> {
          to.restore(limit);
          restored(run);
          yield 0;
        }
        case FORGOTTEN -> {
          forgotten = Optional.of(forgotten(run, to.run().getRunId()));
          throwIfForgotten();
          yield 0;
        }
      };
    }
  }

  /** The log begins anew, and so does this. */
  private void throwIfForgotten() {
    if (forgotten.isPresent()) {
      RunForgottenException why = forgotten.get();
      forgotten = Optional.empty();
      madeAnew.addAll(runs.keySet());
      runs.clear();
      throw why;
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
    return setAside.get();
  }

  @Override
  public void close() {
    client.close();
  }
}
