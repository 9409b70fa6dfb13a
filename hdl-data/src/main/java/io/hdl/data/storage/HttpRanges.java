package io.hdl.data.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.ProxySelector;
import java.net.URI;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/**
 * Ranges by plain GETs over HTTP/1.1: the cheapest way that bytes can come (see
 * benchmarks/RESULTS.md), and one that an interrupt ends at once.
 *
 * <pre>{@code
 * try (HttpRanges ranges = HttpRanges.builder(signer).idleTimeout(Duration.ofSeconds(30)).build();
 *     RangeResponse range = ranges.open(uri, 0, 8 << 20, RangeReader.ANY_VERSION)) {
 *   range.read(buffer);
 * }
 * }</pre>
 *
 * <p>Connections are used again. Redirects are refused: the lake makes none, login pages do. Only
 * an answer 206 with the range that was asked for is taken, never a 200. A 401 is answered once by
 * a fresh credential. TLS certificates are checked against the host and the JVM's trust store.
 * Proxies are those of the JVM ({@code https.proxyHost} and its like), without authentication.
 *
 * <p>Thread-safe; owns its idle connections. Answers that are open when it is closed go on.
 */
public final class HttpRanges implements RangeReader, AutoCloseable {
  private final RequestSigner signer;
  private final UnaryOperator<URI> targets;
  private final HttpConnections connections;
  private final RangeFailure failures;

  private HttpRanges(Builder builder) {
    signer = builder.signer;
    targets = builder.targets;
    failures = new RangeFailure(builder.failures);
    connections =
        new HttpConnections(
            builder.tls == null ? defaultTls() : builder.tls,
            builder.proxies,
            builder.connectTimeout,
            builder.idleTimeout);
  }

  /** Settings of a reader whose requests are signed. */
  public static Builder builder(RequestSigner signer) {
    return new Builder(signer);
  }

  @Override
  public RangeResponse open(URI object, long from, long length, String ifMatch) {
    if (from < 0 || length < 1) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "range: " + length + " bytes from " + from + " (expected: at least 1 from 0 on)");
    }
    URI target = targets.apply(object);
    HttpOrigin origin = origin(object, target);
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Range", "bytes=" + from + "-" + (from + length - 1));
    if (!ifMatch.equals(ANY_VERSION)) {
      headers.put("If-Match", ifMatch);
    }
    try {
      Map<String, String> signed = signer.headers("GET", target, headers);
      Answer answer = exchange(target, origin, headers, signed);
      if (answer.head.status() == 401 && signer.refused(signed)) {
        answer.connection.close();
        answer = exchange(target, origin, headers, signer.headers("GET", target, headers));
      }
      return accept(object, origin, answer, from, length);
    } catch (IOException e) {
      throw failures.broken(object, target, e);
    }
  }

  private record Answer(HttpConnection connection, HttpHead head) {}

  /** Sends the request, on a connection that served before or on a new one. */
  private Answer exchange(
      URI target, HttpOrigin origin, Map<String, String> headers, Map<String, String> signed)
      throws IOException {
    String request = request(target, origin, headers, signed);
    HttpConnection used = connections.reuse(origin);
    if (used != null) {
      try {
        return answer(used, request);
      } catch (IOException e) {
        // The server may have closed it at that moment; a GET may be sent again.
        if (Thread.currentThread().isInterrupted()
            || e instanceof java.net.SocketTimeoutException
            || e instanceof ProtocolException) {
          throw e;
        }
      }
    }
    return answer(connections.open(origin), request);
  }

  private static Answer answer(HttpConnection connection, String request) throws IOException {
    try {
      connection.send(request);
      return new Answer(connection, connection.head());
    } catch (IOException | RuntimeException e) {
      connection.close();
      throw e;
    }
  }

  private String request(
      URI target, HttpOrigin origin, Map<String, String> headers, Map<String, String> signed)
      throws IOException {
    String path = target.getRawPath() == null ? "" : target.getRawPath();
    StringBuilder request = new StringBuilder(512).append("GET ");
    if (!origin.tls() && connections.proxy(origin) != null) {
      request.append("http://").append(origin.authority());
    }
    request.append(path.isEmpty() ? "/" : path);
    if (target.getRawQuery() != null) {
      request.append('?').append(target.getRawQuery());
    }
    request.append(" HTTP/1.1\r\n");
    append(request, "Host", origin.authority());
    append(request, "User-Agent", "hdl");
    append(request, "Accept", "*/*");
    append(request, "Accept-Encoding", "identity");
    headers.forEach((name, value) -> append(request, name, value));
    signed.forEach((name, value) -> append(request, name, value));
    return request.append("\r\n").toString();
  }

  private static void append(StringBuilder request, String name, String value) {
    for (int i = 0; i < value.length(); i++) {
      if (value.charAt(i) < ' ' || value.charAt(i) > 0xff) {
        throw new HdlException(
            ErrorCode.INVALID_ARGUMENT, name + ": a character that no HTTP header can hold");
      }
    }
    request.append(name).append(": ").append(value).append("\r\n");
  }

  private RangeResponse accept(URI object, HttpOrigin origin, Answer answer, long from, long length)
      throws IOException {
    boolean taken = false;
    try {
      HttpHead head = answer.head;
      HttpBody body = new HttpBody(answer.connection, head);
      if (head.status() != 206) {
        throw failures.status(object, head, body.beginning(), from, length);
      }
      if (head.header("content-encoding").map(e -> !e.equals("identity")).orElse(false)) {
        throw new ProtocolException(
            "a body in the encoding " + head.header("content-encoding").orElse(""));
      }
      ContentRange range = ContentRange.parse(head.header("content-range").orElse(""));
      if (range.from() != from || range.length() > length) {
        throw new ProtocolException(
            "bytes "
                + range.from()
                + "-"
                + (range.from() + range.length() - 1)
                + " for bytes "
                + from
                + "-"
                + (from + length - 1));
      }
      if (head.contentLength().orElse(range.length()) != range.length()) {
        throw new ProtocolException(
            head.contentLength().orElse(0) + " bytes for a range of " + range.length());
      }
      taken = true;
      return new HttpRangeResponse(
          object, range, head.header("etag"), body, answer.connection, done(origin, head));
    } finally {
      if (!taken) {
        answer.connection.close();
      }
    }
  }

  private Consumer<HttpConnection> done(HttpOrigin origin, HttpHead head) {
    return head.keepsOpen()
        ? connection -> connections.keep(origin, connection)
        : HttpConnection::close;
  }

  private static HttpOrigin origin(URI object, URI target) {
    try {
      return HttpOrigin.of(target);
    } catch (IllegalArgumentException e) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "uri: " + object + " (expected: an address that leads to http: or https:)",
          e);
    }
  }

  private static SSLContext defaultTls() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new HdlException(
          ErrorCode.ENVIRONMENT_MISMATCH,
          "This JVM has no TLS: " + e.getMessage() + ". Check javax.net.ssl.trustStore.",
          e);
    }
  }

  /** Closes the idle connections; whatever is still read goes on. */
  @Override
  public void close() {
    connections.close();
  }

  /** Settings of a reader. Not thread-safe. */
  public static final class Builder {
    private final RequestSigner signer;
    private UnaryOperator<URI> targets = uri -> uri;
    private @Nullable Function<URI, StorageFailure> failures;
    private Duration connectTimeout = Duration.ofSeconds(10);
    private Duration idleTimeout = Duration.ofSeconds(30);
    private @Nullable SSLContext tls;
    private @Nullable ProxySelector proxies = ProxySelector.getDefault();

    private Builder(RequestSigner signer) {
      this.signer = Objects.requireNonNull(signer, "signer");
    }

    /** Where an object's requests go; by default its own address must be http or https. */
    public Builder targets(UnaryOperator<URI> targetOfObject) {
      targets = targetOfObject;
      return this;
    }

    /** Who words what goes wrong with an object. */
    Builder failures(Function<URI, StorageFailure> failuresAtObject) {
      failures = failuresAtObject;
      return this;
    }

    /** The most time that connecting to one address may take; default 10 s. */
    public Builder connectTimeout(Duration value) {
      connectTimeout = positive("connectTimeout", value);
      return this;
    }

    /** The longest that a connection may stay silent while bytes are due; default 30 s. */
    public Builder idleTimeout(Duration value) {
      idleTimeout = positive("idleTimeout", value);
      return this;
    }

    /** What is trusted, if not the JVM's trust store. */
    Builder tls(SSLContext context) {
      tls = context;
      return this;
    }

    /** The proxies between here and the servers, if not those of the JVM. */
    public Builder proxies(ProxySelector selector) {
      proxies = selector;
      return this;
    }

    /** The reader. */
    public HttpRanges build() {
      return new HttpRanges(this);
    }

    private static Duration positive(String name, Duration value) {
      if (value.isNegative() || value.isZero()) {
        throw new HdlException(
            ErrorCode.INVALID_ARGUMENT, name + ": " + value + " (expected: > 0)");
      }
      return value;
    }
  }
}
