package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Requests that end in time. A text has a limit for all of its parts, connection, request and
 * answer; a file has one for the time in which no byte moves, so that a slow link is no error and a
 * dead one is. A credential that the server refuses is renewed once. Thread-safe.
 */
final class Http implements AutoCloseable {
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
  private static final AtomicInteger THREADS = new AtomicInteger();

  private final TrackingServer server;
  private final ExecutorService threads;
  private final Failures failures;
  private final ConcurrentHashMap<Long, CompletableFuture<?>> open = new ConcurrentHashMap<>();
  private final AtomicLong requests = new AtomicLong();

  /**
   * Given up at the end: its selector thread, which Java 17 cannot stop, ends when it is collected.
   */
  private final AtomicReference<@Nullable HttpClient> client;

  Http(TrackingServer server) {
    this.server = server;
    this.failures = new Failures(server, CONNECT_LIMIT);
    this.threads =
        Executors.newCachedThreadPool(
            work -> {
              Thread thread = new Thread(work, "hdl-tracking-http-" + THREADS.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    this.client =
        new AtomicReference<>(
            HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(CONNECT_LIMIT)
                .executor(threads)
                .build());
  }

  TrackingServer server() {
    return server;
  }

  /** Sends a request and gives the text of its answer. */
  String text(Call call, Duration limit) {
    return Answers.success(server, call, exchange(call, limit), Instant.now());
  }

  /**
   * Sends a request with a file in it.
   *
   * @param idle how long no byte may move, and how long the answer may take afterwards
   * @return the answer's {@code ETag}, if it has one
   */
  Optional<String> send(Call call, Duration idle) {
    HttpResponse<String> response = exchange(call, idle);
    String unused = Answers.success(server, call, response, Instant.now());
    return response.headers().firstValue("ETag");
  }

  /**
   * Writes what lies behind an address to a stream, which stays open.
   *
   * @param idle how long no byte may move
   * @return whether the answer said where it ends, so that a part of it was no success
   * @throws IOException if the stream fails
   */
  boolean receive(Call call, OutputStream out, Duration idle) throws IOException {
    Progress progress = new Progress();
    HttpResponse<String> response;
    try {
      response =
          exchange(
              call,
              idle,
              progress,
              info ->
                  Answers.isFile(call, info.statusCode(), info.headers())
                      ? Bodies.into(out, progress)
                      : HttpResponse.BodyHandlers.ofString().apply(info));
    } catch (HdlException e) {
      if (e.getCause() instanceof Bodies.LocalFailure local) {
        throw local.failure();
      }
      throw e;
    }
    if (!Answers.isFile(call, response.statusCode(), response.headers())) {
      String unused = Answers.success(server, call, response, Instant.now());
      throw Answers.page(server, call, response.statusCode());
    }
    return response.headers().firstValue("Content-Length").isPresent()
        || response.headers().firstValue("Transfer-Encoding").isPresent();
  }

  private HttpResponse<String> exchange(Call call, Duration limit) {
    return exchange(call, limit, new Progress(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpResponse<String> exchange(
      Call call, Duration limit, Progress progress, HttpResponse.BodyHandler<String> handler) {
    Optional<String> credential = credential(call);
    HttpResponse<String> response = once(call, credential, limit, progress, handler);
    if (credential.isEmpty() || !Refusal.ofToken(response)) {
      return response;
    }
    server.credentials().refused(credential.get());
    Optional<String> renewed = credential(call);
    return renewed.isEmpty() || renewed.equals(credential)
        ? response
        : once(call, renewed, limit, progress, handler);
  }

  /** Goes to the server's own host alone, and never from a secure address to an open one. */
  private Optional<String> credential(Call call) {
    boolean own =
        server.base().getHost().equalsIgnoreCase(call.address().getHost())
            && (!server.base().getScheme().equals("https")
                || call.address().getScheme().equals("https"));
    return own && call.identity() == Call.Identity.CREDENTIAL
        ? server.credentials().header()
        : Optional.empty();
  }

  private HttpResponse<String> once(
      Call call,
      Optional<String> credential,
      Duration limit,
      Progress progress,
      HttpResponse.BodyHandler<String> handler) {
    HttpClient now = client.get();
    if (now == null) {
      throw closed(call);
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(call.address());
    call.headers().forEach(request::header);
    credential.ifPresent(value -> request.header("Authorization", value));
    Bodies.@Nullable Outgoing file = null;
    if (call.body() instanceof Call.Part part) {
      file = new Bodies.Outgoing(part, progress);
      request.method(call.method(), file.publisher());
    } else if (call.body() instanceof Call.Encoded encoded) {
      request.method(call.method(), Bodies.whole(encoded.bytes()));
    } else if (call.body() instanceof Call.Text text) {
      request.method(call.method(), HttpRequest.BodyPublishers.ofString(text.text()));
    } else {
      request.method(call.method(), HttpRequest.BodyPublishers.noBody());
    }
    progress.begin();
    CompletableFuture<HttpResponse<String>> answer = now.sendAsync(request.build(), handler);
    long number = requests.incrementAndGet();
    open.put(number, answer);
    try {
      return await(call, answer, limit, progress, file);
    } finally {
      open.remove(number);
    }
  }

  private HttpResponse<String> await(
      Call call,
      CompletableFuture<HttpResponse<String>> answer,
      Duration limit,
      Progress progress,
      Bodies.@Nullable Outgoing file) {
    try {
      while (true) {
        long left = progress.nanosLeft(limit);
        if (left <= 0) {
          throw failures.late(call, limit, progress);
        }
        try {
          return answer.get(left, TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
          // Bytes may have moved meanwhile.
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failures.interrupted(call, e);
    } catch (CancellationException e) {
      throw closed(call);
    } catch (ExecutionException e) {
      if (client.get() == null) {
        throw closed(call);
      }
      IOException unread = file == null ? null : file.failure();
      if (unread != null && call.body() instanceof Call.Part part) {
        throw unreadable(call, part.file(), unread);
      }
      throw failures.of(call, e.getCause() == null ? e : e.getCause());
    } finally {
      boolean unused = answer.cancel(true);
    }
  }

  private static HdlException unreadable(Call call, Path file, IOException e) {
    return e instanceof NoSuchFileException
        ? new HdlException(
            ErrorCode.NOT_FOUND,
            "Cannot " + call.what() + ": " + file + " does not exist (any more).",
            e)
        : new HdlException(
            ErrorCode.IO_FAILURE,
            "Cannot " + call.what() + ": reading " + file + " failed: " + e,
            e);
  }

  private HdlException closed(Call call) {
    return new HdlException(
        ErrorCode.CANCELLED, "Cannot " + call.what() + " at " + server + ": the client is closed.");
  }

  /** Ends the threads; requests in progress fail. Idempotent. */
  @Override
  public void close() {
    client.set(null);
    open.values().forEach(answer -> answer.cancel(true));
    threads.shutdownNow();
    try {
      boolean unused = threads.awaitTermination(2, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
