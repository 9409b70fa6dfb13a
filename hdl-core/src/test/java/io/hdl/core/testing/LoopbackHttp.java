package io.hdl.core.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A small HTTP server on the loopback interface that stands in for a service: it writes down what
 * it is asked and answers what a test says. Thread-safe.
 */
public final class LoopbackHttp implements AutoCloseable {
  /**
   * What was asked.
   *
   * @param method GET, POST, ...
   * @param path the path, decoded
   * @param query the query's parameters, decoded
   * @param headers the headers with names in lower case, the first value of each
   * @param body the body as text
   */
  public record Asked(
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      String body) {
    /** A header's value; its name in lower case. */
    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name));
    }

    /** The fields of a form in the body. */
    public Map<String, String> form() {
      return parameters(body);
    }
  }

  /** What is answered: a status, headers and a text. */
  public record Answer(int status, Map<String, String> headers, String body) {
    /** JSON with a status. */
    public static Answer json(int status, String body) {
      return new Answer(status, Map.of("Content-Type", "application/json"), body);
    }

    /** The same with one more header. */
    public Answer with(String header, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(header, value);
      return new Answer(status, more, body);
    }
  }

  /** Makes the answer to a request. */
  @FunctionalInterface
  public interface Service {
    /** May wait; every request has a thread of its own. */
    Answer answer(Asked asked) throws IOException, InterruptedException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Asked> asked = new ArrayList<>();

  private LoopbackHttp(int port, Service service) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(threads);
    server.createContext("/", exchange -> serve(exchange, service));
    server.start();
  }

  /** Starts one on a free port. */
  public static LoopbackHttp serving(Service service) {
    return new LoopbackHttp(0, service);
  }

  /** Starts one on a port. */
  public static LoopbackHttp serving(int port, Service service) {
    return new LoopbackHttp(port, service);
  }

  /** Its address, without a path. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** All that was asked so far. */
  public List<Asked> asked() {
    synchronized (asked) {
      return List.copyOf(asked);
    }
  }

  private void serve(HttpExchange exchange, Service service) throws IOException {
    try (exchange) {
      Map<String, String> headers = new LinkedHashMap<>();
      exchange
          .getRequestHeaders()
          .forEach(
              (name, values) ->
                  headers.put(name.toLowerCase(java.util.Locale.ROOT), values.get(0)));
      String query = exchange.getRequestURI().getRawQuery();
      Asked request =
          new Asked(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              parameters(query == null ? "" : query),
              headers,
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      synchronized (asked) {
        asked.add(request);
      }
      Answer answer = service.answer(request);
      answer.headers().forEach((name, value) -> exchange.getResponseHeaders().set(name, value));
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Map<String, String> parameters(String encoded) {
    Map<String, String> found = new LinkedHashMap<>();
    for (String pair : encoded.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        found.put(
            URLDecoder.decode(pair.substring(0, equals), StandardCharsets.UTF_8),
            URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      }
    }
    return found;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
