package io.hdl.data.testing;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.hdl.core.testing.TestCertificate;
import io.hdl.data.testing.DfsFiles.Content;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A stand-in for the DFS endpoint of an ADLS Gen2 account with a hierarchical namespace, on a free
 * port of the loopback interface: what Azurite does not have.
 *
 * <pre>{@code
 * try (DfsServer lake = DfsServer.start()) {
 *   lake.createContainer("curated");
 *   lake.putFolder("curated", "retail/sales", localTable);
 *   run(lake.address("curated", "retail/sales"), lake.endpoint(), lake.accountKey());
 *   assertThat(lake.bytesSent()).isPositive();
 * }
 * }</pre>
 *
 * <p>It asks for a bearer token or a SharedKey header on every request and looks no further: it
 * proves no signature, no token and no permission. Files put from a path are read where they lie,
 * each time they are asked for; all else is in memory. Thread-safe; owns its threads, which end
 * with {@link #close()}.
 */
public final class DfsServer implements AutoCloseable {
  /**
   * A request that was answered.
   *
   * @param method its method
   * @param target its path and query
   * @param range the range of bytes that it asked for, if any
   * @param status what it was answered
   */
  public record Seen(String method, String target, Optional<String> range, int status) {}

  /** The account's name. */
  public static final String ACCOUNT = "contoso";

  private static final int BUFFER = 1 << 16;
  private static final AtomicInteger NUMBER = new AtomicInteger();

  static {
    // Else small answers wait for the client's acknowledgement.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final HttpServer server;
  private final boolean secure;
  private final ExecutorService threads;
  private final DfsFiles files = new DfsFiles();
  private final DfsRest rest = new DfsRest(files);
  private final String key;
  private final List<Seen> seen = new ArrayList<>();
  private final AtomicLong sent = new AtomicLong();
  private final AtomicLong received = new AtomicLong();
  private volatile @Nullable String acceptedToken;
  private volatile int denial;

  private DfsServer(HttpServer server) {
    this.server = server;
    secure = server instanceof HttpsServer;
    byte[] random = new byte[64];
    new SecureRandom().nextBytes(random);
    key = Base64.getEncoder().encodeToString(random);
    String name = "hdl-dfs-server-" + NUMBER.incrementAndGet() + "-";
    AtomicInteger thread = new AtomicInteger();
    threads =
        Executors.newCachedThreadPool(
            work -> {
              Thread made = new Thread(work, name + thread.incrementAndGet());
              made.setDaemon(true);
              return made;
            });
    server.setExecutor(threads);
    server.createContext("/", this::serve);
    server.start();
  }

  /** Starts an empty one over HTTP. */
  public static DfsServer start() {
    try {
      return new DfsServer(HttpServer.create(anyPort(), 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts an empty one over TLS; clients have to trust {@link TestCertificate}. */
  public static DfsServer startWithTls() {
    try {
      HttpsServer server = HttpsServer.create(anyPort(), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(TestCertificate.get().context()));
      return new DfsServer(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Address of the service without the account, for {@code HDL_ABFS_ENDPOINT}. */
  public URI endpoint() {
    return URI.create(
        (secure ? "https" : "http") + "://127.0.0.1:" + server.getAddress().getPort());
  }

  /** A key that looks like one; no signature made with it is checked. */
  public String accountKey() {
    return key;
  }

  /** The {@code abfs:} (with TLS {@code abfss:}) address of a path in a container. */
  public URI address(String container, String path) {
    return URI.create(
        (secure ? "abfss" : "abfs")
            + "://"
            + container
            + "@"
            + ACCOUNT
            + ".dfs.core.windows.net/"
            + path);
  }

  /** Makes a container; no error if there is one. */
  public void createContainer(String container) {
    files.create(container);
  }

  /** Puts a file there, over what is there. */
  public void put(String container, String path, byte[] content) {
    files.put(container, path, Content.of(content));
  }

  /** Puts a file of this machine there; it is read whenever it is asked for. */
  public void put(String container, String path, Path file) {
    try {
      files.put(container, path, Content.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Puts all files below a folder of this machine there. */
  public void putFolder(String container, String path, Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        String below = folder.relativize(file).toString().replace('\\', '/');
        put(container, path.isEmpty() ? below : path + "/" + below, file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The bytes of a file, if there is one. */
  public Optional<byte[]> content(String container, String path) {
    Optional<Content> content =
        files.find(container, path).flatMap(node -> Optional.ofNullable(node.content()));
    if (content.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = content.get().open()) {
      return Optional.of(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The paths of all files below a folder, by name. */
  public List<String> paths(String container, String folder) {
    return files.below(container, folder, true).stream()
        .filter(node -> !node.isFolder())
        .map(DfsFiles.Node::name)
        .toList();
  }

  /** Removes a file, or a folder with all below it, as a VACUUM does. */
  public void remove(String container, String path) {
    files.remove(container, path);
  }

  /** Bearer tokens other than this one, and keys, are answered with 401. */
  public void acceptOnly(String token) {
    acceptedToken = token;
  }

  /** Every request is answered with this status, 401 or 403, until {@link #allow()}. */
  public void deny(int status) {
    denial = status;
  }

  /** Takes {@link #acceptOnly} and {@link #deny} back. */
  public void allow() {
    denial = 0;
    acceptedToken = null;
  }

  /** Lists at most so many entries in one answer; the service's own limit is 5000. */
  public void pageSize(int entries) {
    rest.pageSize(entries);
  }

  /** All requests since the start or the last {@link #forget()}, in the order of their answers. */
  public List<Seen> requests() {
    synchronized (seen) {
      return List.copyOf(seen);
    }
  }

  /** Bytes of bodies sent, or about to be, since the start or the last {@link #forget()}. */
  public long bytesSent() {
    return sent.get();
  }

  /** Bytes of bodies received since the start or the last {@link #forget()}. */
  public long bytesReceived() {
    return received.get();
  }

  /** Begins to count anew. */
  public void forget() {
    synchronized (seen) {
      seen.clear();
    }
    sent.set(0);
    received.set(0);
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private void serve(HttpExchange exchange) throws IOException {
    try (exchange) {
      DfsRequest request = DfsRequest.of(exchange);
      received.addAndGet(request.body().length);
      DfsAnswer answer = refusal(request);
      if (answer == null) {
        answer = rest.answer(request);
      }
      // Before the client can go on, so that a test that asks afterwards finds it.
      synchronized (seen) {
        seen.add(
            new Seen(
                request.method(),
                exchange.getRequestURI().toString(),
                request.header("x-ms-range").or(() -> request.header("Range")),
                answer.status()));
      }
      send(exchange, request, answer);
    }
  }

  private @Nullable DfsAnswer refusal(DfsRequest request) {
    if (!request.account().equals(ACCOUNT)) {
      return DfsAnswer.error(404, "ResourceNotFound", "There is no account " + request.account());
    }
    String authorization = request.header("Authorization").orElse("");
    boolean bearer = authorization.startsWith("Bearer ");
    if (denial == 403) {
      return DfsAnswer.error(
          403,
          "AuthorizationPermissionMismatch",
          "This request is not authorized to perform this operation using this permission.");
    }
    String accepted = acceptedToken;
    boolean refused = accepted != null && !authorization.equals("Bearer " + accepted);
    if (denial == 401 || refused) {
      return DfsAnswer.error(
              401,
              "InvalidAuthenticationInfo",
              "Server failed to authenticate the request. Please refer to the information in the"
                  + " www-authenticate header.")
          .with("WWW-Authenticate", "Bearer authorization_uri=https://login.microsoftonline.com");
    }
    if (!bearer && !authorization.startsWith("SharedKey ")) {
      return DfsAnswer.error(
          401,
          "NoAuthenticationInformation",
          "Server failed to authenticate the request: it has no Authorization header.");
    }
    return null;
  }

  private void send(HttpExchange exchange, DfsRequest request, DfsAnswer answer)
      throws IOException {
    answer.headers().forEach(exchange.getResponseHeaders()::set);
    exchange.getResponseHeaders().set("x-ms-request-id", UUID.randomUUID().toString());
    exchange
        .getResponseHeaders()
        .set("x-ms-version", request.header("x-ms-version").orElse("2021-12-02"));
    Content content = answer.content();
    long length = content == null ? answer.body().length : answer.length();
    if (request.method().equals("HEAD")) {
      exchange.sendResponseHeaders(answer.status(), -1);
      return;
    }
    exchange.sendResponseHeaders(answer.status(), length == 0 ? -1 : length);
    if (length == 0) {
      return;
    }
    try (OutputStream out = exchange.getResponseBody()) {
      if (content == null) {
        sent.addAndGet(answer.body().length);
        out.write(answer.body());
      } else {
        sendPart(content, answer.from(), length, out);
      }
    }
  }

  private void sendPart(Content content, long from, long length, OutputStream out)
      throws IOException {
    try (InputStream in = content.open()) {
      in.skipNBytes(from);
      byte[] buffer = new byte[BUFFER];
      long left = length;
      while (left > 0) {
        int read = in.read(buffer, 0, (int) Math.min(left, buffer.length));
        if (read < 0) {
          throw new IOException("The file has become shorter");
        }
        sent.addAndGet(read);
        out.write(buffer, 0, read);
        left -= read;
      }
    }
  }
}
