package io.hdl.data.storage;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Opens connections and keeps those that may serve again. Thread-safe. */
final class HttpConnections implements Closeable {
  /** Servers and the boxes between close what was idle for a minute or more. */
  private static final long KEPT_NANOS = Duration.ofSeconds(20).toNanos();

  private final SSLContext tls;
  private final @Nullable ProxySelector proxies;
  private final Duration connectTimeout;
  private final Duration idleTimeout;
  private final Map<HttpOrigin, Deque<HttpConnection>> idle = new HashMap<>();
  private boolean closed;

  HttpConnections(
      SSLContext tls,
      @Nullable ProxySelector proxies,
      Duration connectTimeout,
      Duration idleTimeout) {
    this.tls = tls;
    this.proxies = proxies;
    this.connectTimeout = connectTimeout;
    this.idleTimeout = idleTimeout;
  }

  /** The proxy between this machine and a server, if there is one. */
  @Nullable InetSocketAddress proxy(HttpOrigin origin) throws IOException {
    if (proxies == null) {
      return null;
    }
    URI uri = origin.uri();
    List<Proxy> found = proxies.select(uri);
    if (found == null || found.isEmpty() || found.get(0).type() == Proxy.Type.DIRECT) {
      return null;
    }
    if (found.get(0).type() != Proxy.Type.HTTP
        || !(found.get(0).address() instanceof InetSocketAddress address)) {
      throw new ProtocolException("the proxy " + found.get(0) + " is no HTTP proxy");
    }
    return address;
  }

  /** One that served before, if one is idle. */
  @Nullable HttpConnection reuse(HttpOrigin origin) {
    while (true) {
      HttpConnection connection;
      synchronized (this) {
        Deque<HttpConnection> waiting = idle.get(origin);
        connection = waiting == null ? null : waiting.pollLast();
      }
      if (connection == null) {
        return null;
      }
      if (System.nanoTime() - connection.idleSince() < KEPT_NANOS && connection.quiet()) {
        return connection;
      }
      connection.close();
    }
  }

  /** A new one. */
  HttpConnection open(HttpOrigin origin) throws IOException {
    InetSocketAddress proxy = proxy(origin);
    SocketWire socket =
        proxy == null
            ? connect(origin.name(), origin.port())
            : connect(proxy.getHostString(), proxy.getPort());
    try {
      if (!origin.tls()) {
        return new HttpConnection(socket);
      }
      if (proxy != null) {
        tunnel(socket, origin);
      }
      return new HttpConnection(TlsWire.over(socket, tls, origin.name(), origin.port()));
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** Keeps one for the next request. */
  void keep(HttpOrigin origin, HttpConnection connection) {
    connection.idleSince(System.nanoTime());
    synchronized (this) {
      if (!closed) {
        Deque<HttpConnection> waiting = idle.computeIfAbsent(origin, o -> new ArrayDeque<>());
        waiting.addLast(connection);
        // Those that nobody came back for: the one waiting longest is the first.
        while (System.nanoTime() - waiting.getFirst().idleSince() >= KEPT_NANOS) {
          waiting.removeFirst().close();
        }
        return;
      }
    }
    connection.close();
  }

  private SocketWire connect(String host, int port) throws IOException {
    InetAddress[] addresses = InetAddress.getAllByName(host);
    IOException failure = new UnknownHostException(host);
    for (InetAddress address : addresses) {
      try {
        return SocketWire.connect(
            new InetSocketAddress(address, port), connectTimeout, idleTimeout);
      } catch (java.io.InterruptedIOException e) {
        if (Thread.currentThread().isInterrupted()) {
          throw e;
        }
        failure = e;
      } catch (IOException e) {
        failure = e;
      }
    }
    throw failure;
  }

  private static void tunnel(SocketWire socket, HttpOrigin origin) throws IOException {
    HttpConnection connection = new HttpConnection(socket);
    String target = origin.hostAndPort();
    connection.send("CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n\r\n");
    HttpHead head = connection.head();
    if (head.status() / 100 != 2) {
      throw new ProtocolException("the proxy answers CONNECT with " + head.status());
    }
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      idle.values().forEach(waiting -> waiting.forEach(HttpConnection::close));
      idle.clear();
    }
  }
}
