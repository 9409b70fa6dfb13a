package io.hdl.tracking.client;

import io.hdl.core.retry.RetryPolicy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Speaks to one tracking server. Thread-safe; owns its connections, which end with {@link
 * #close()}.
 *
 * <pre>{@code
 * try (TrackingClient client = TrackingClient.of(server)) {
 *   Duration limit = Duration.ofSeconds(30);
 *   String experiment = client.experiments().getOrCreate("demand", limit);
 *   List<Service.Run> runs =
 *       client.retrying("search runs", Duration.ofMinutes(2),
 *           time -> client.runs().search(List.of(experiment), "metrics.wape < 0.1", time));
 * }
 * }</pre>
 *
 * <p>Each call takes the time that it may need, connection, request and answer together, and asks
 * once. It fails with {@link ServerException} for an answer that is no success, and with an {@link
 * io.hdl.core.error.HdlException} whose {@code retryable()} is true where the same call may succeed
 * later.
 */
public final class TrackingClient implements AutoCloseable {
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(30);
  private static final int MOST_TRIES = 4;

  private final Http http;
  private final Experiments experiments;
  private final Runs runs;
  private final Registry registry;
  private final LoggedModels loggedModels;
  private final ArtifactPlaces places;
  private final Endpoints endpoints;
  private final AtomicReference<@Nullable Capabilities> capabilities = new AtomicReference<>();

  private TrackingClient(TrackingServer server) {
    http = new Http(server);
    endpoints = new Endpoints(http);
    experiments = new Experiments(endpoints);
    runs = new Runs(endpoints);
    registry = new Registry(endpoints);
    loggedModels = new LoggedModels(endpoints);
    places = new ArtifactPlaces(endpoints, Multipart.defaults());
  }

  /** A client of a server; asks nothing yet. */
  public static TrackingClient of(TrackingServer server) {
    return new TrackingClient(server);
  }

  /** The server that it speaks to. */
  public TrackingServer server() {
    return http.server();
  }

  /** Experiments. */
  public Experiments experiments() {
    return experiments;
  }

  /** Runs and what they log. */
  public Runs runs() {
    return runs;
  }

  /** Registered models. */
  public Registry registry() {
    return registry;
  }

  /** The logged models of MLflow 3. */
  public LoggedModels loggedModels() {
    return loggedModels;
  }

  /** What the server has; it is asked once. */
  public Capabilities capabilities(Duration limit) {
    Capabilities known = capabilities.get();
    if (known == null) {
      known = Capabilities.ask(endpoints, limit);
      capabilities.set(known);
    }
    return known;
  }

  /**
   * The files below a place.
   *
   * @param root where they lie, such as a run's {@code artifact_uri}
   */
  public Artifacts artifacts(String root) {
    return new Artifacts(() -> places.at(root));
  }

  /**
   * Does it until it succeeds, at most 4 times and within a limit: what may pass is tried again
   * after a wait, no sooner than the server asks for by {@code Retry-After}.
   *
   * @param what what it does, for messages: {@code search runs}
   * @param limit the time after which nothing is tried again
   * @param call takes the time that one try may need, at most 30 s
   */
  public <T> T retrying(String what, Duration limit, Function<Duration, T> call) {
    return RetryPolicy.builder()
        .deadline(limit)
        .maxTries(MOST_TRIES)
        .build()
        .call(what, attempt -> call.apply(shorter(attempt.remaining(), REQUEST_LIMIT)));
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Ends connections and threads; requests in progress fail. */
  @Override
  public void close() {
    places.close();
    http.close();
  }
}
