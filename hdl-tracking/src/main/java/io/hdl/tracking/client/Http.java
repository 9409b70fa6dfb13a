package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLException;

/** Requests with a deadline for all of their parts, connection, answer and body. Thread-safe. */
final class Http implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  /** What an upload must reach at least, or the link counts as broken. */
  private static final long SLOWEST_BYTES_PER_SECOND = 64 * 1024;

  private static final AtomicInteger THREADS = new AtomicInteger();

  private final TrackingServer server;
  private final ExecutorService threads;
  private final HttpClient client;

  Http(TrackingServer server) {
    this.server = server;
    this.threads =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "hdl-tracking-http-" + THREADS.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT_LIMIT)
            .executor(threads)
            .build();
  }

  TrackingServer server() {
    return server;
  }

  /** Reads from an endpoint below {@code /api/2.0/mlflow/}. */
  String get(String what, String endpoint, Duration limit) {
    return send(what, request("/api/2.0/mlflow/" + endpoint).GET(), limit);
  }

  /** Sends JSON to an endpoint below {@code /api/2.0/mlflow/}. */
  String post(String what, String endpoint, String json, Duration limit) {
    return send(
        what,
        request("/api/2.0/mlflow/" + endpoint)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json)),
        limit);
  }

  /**
   * Sends a file, streaming. The limit grows with the file's size.
   *
   * @param address where to; the credentials go there only if it is the tracking server's own host
   */
  void put(String what, URI address, Path file, Duration limit) {
    try {
      long bytes = Files.size(file);
      HttpRequest.Builder request =
          HttpRequest.newBuilder(address)
              .header("Content-Type", "application/octet-stream")
              .PUT(
                  bytes == 0
                      ? HttpRequest.BodyPublishers.noBody()
                      : HttpRequest.BodyPublishers.ofFile(file));
      if (server.base().getHost().equals(address.getHost())) {
        authorize(request);
      }
      send(what, request, limit.plusSeconds(bytes / SLOWEST_BYTES_PER_SECOND));
    } catch (FileNotFoundException | java.nio.file.NoSuchFileException e) {
      throw new HdlException(
          ErrorCode.NOT_FOUND, "Cannot " + what + ": " + file + " does not exist (any more).", e);
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.IO_FAILURE, "Cannot " + what + ": reading " + file + " failed: " + e, e);
    }
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.endpoint(path));
    authorize(request);
    return request.header("Accept", "application/json");
  }

  private void authorize(HttpRequest.Builder request) {
    server.credentials().header().ifPresent(header -> request.header("Authorization", header));
  }

  private String send(String what, HttpRequest.Builder request, Duration limit) {
    CompletableFuture<HttpResponse<String>> answer =
        client.sendAsync(request.build(), HttpResponse.BodyHandlers.ofString());
    try {
      HttpResponse<String> response = answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return Answers.success(server, what, response, Instant.now());
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw unavailable(what, "no answer within " + seconds(limit), e);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw unavailable(what, "interrupted while waiting for the answer", e);
    } catch (ExecutionException e) {
      throw failure(what, e.getCause() == null ? e : e.getCause());
    }
  }

  private HdlException failure(String what, Throwable cause) {
    for (Throwable deep = cause; deep != null; deep = deep.getCause()) {
      if (deep instanceof UnresolvedAddressException) {
        return unavailable(what, "the host name is not known", cause);
      }
    }
    if (cause instanceof HttpConnectTimeoutException) {
      return unavailable(what, "no connection within " + seconds(CONNECT_LIMIT), cause);
    }
    if (cause instanceof ConnectException) {
      return unavailable(what, "connection refused", cause);
    }
    if (cause instanceof HttpTimeoutException) {
      return unavailable(what, "no answer in time", cause);
    }
    if (cause instanceof SSLException) {
      return new HdlException(
          ErrorCode.REFUSED_BY_SERVICE,
          "Cannot %s at %s: no secure connection (%s). Check the scheme of MLFLOW_TRACKING_URI and that Java's trust store holds the server's certificate authority."
              .formatted(what, server, cause.getMessage()),
          cause);
    }
    if (cause instanceof IOException) {
      String why =
          cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      return unavailable(what, "the connection broke (" + why + ")", cause);
    }
    return new HdlException(
        ErrorCode.INTERNAL, "Cannot " + what + " at " + server + ": " + cause, cause);
  }

  private HdlException unavailable(String what, String why, Throwable cause) {
    return new HdlException(
        ErrorCode.UNAVAILABLE,
        "Cannot %s at %s: %s. Check that the server runs and that MLFLOW_TRACKING_URI is its address."
            .formatted(what, server, why),
        cause);
  }

  private static String seconds(Duration limit) {
    return limit.toMillis() / 1000.0 + " s";
  }

  /**
   * Ends the threads; requests in progress fail. The client's own selector thread, a daemon, ends
   * when the client is collected: Java 17 has no way to close it.
   */
  @Override
  public void close() {
    threads.shutdownNow();
  }
}
