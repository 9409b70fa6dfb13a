package io.hdl.core.testing;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A small HTTP proxy on the loopback interface that fails on demand.
 *
 * <pre>{@code
 * try (FaultProxy proxy = FaultProxy.before(server.uri())) {
 *   proxy.next(Fault.status(503, "1"), Fault.reset());   // the next two requests
 *   client.send(proxy.uri());
 *   assertThat(proxy.requests()).hasSize(3);
 * }
 * }</pre>
 *
 * Each request gets a connection of its own upstream, and the client's is closed after the answer.
 * Plain HTTP/1.1. Thread-safe; owns its threads, which end with {@link #close()}.
 */
public final class FaultProxy implements AutoCloseable {
  /**
   * A request that came through.
   *
   * @param method its method
   * @param target its path and query
   * @param headers its header lines
   * @param body its body as UTF-8 text, chunk framing included
   * @param fault what was done to it, if anything
   */
  public record Seen(
      String method, String target, List<String> headers, String body, Optional<Fault> fault) {
    /** The value of a header, its name in any case; empty if there is none. */
    public Optional<String> header(String name) {
      return new HttpMessage("", headers, "").header(name);
    }
  }

  private record Rule(Predicate<Seen> when, Fault fault) {}

  /** An open port with the thread's work that accepts on it. */
  private record Listening(ServerSocket socket, Future<?> accepting) {}

  private static final AtomicInteger NUMBER = new AtomicInteger();

  private final URI upstream;
  private final int port;
  private final ExecutorService threads;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final AtomicLong bodyBytes = new AtomicLong();
  private final Deque<Fault> next = new ArrayDeque<>();
  private final List<Rule> rules = new ArrayList<>();
  private final List<Seen> seen = new ArrayList<>();
  private @Nullable Listening listening;

  private FaultProxy(URI upstream) throws IOException {
    this.upstream = upstream;
    String name = "hdl-fault-proxy-" + NUMBER.incrementAndGet() + "-";
    AtomicInteger thread = new AtomicInteger();
    threads =
        Executors.newCachedThreadPool(
            work -> {
              Thread made = new Thread(work, name + thread.incrementAndGet());
              made.setDaemon(true);
              return made;
            });
    Listening first = listen(0);
    port = first.socket().getLocalPort();
    listening = first;
  }

  /** A proxy before a server, on a free port; without faults it only passes on. */
  public static FaultProxy before(URI upstream) {
    try {
      return new FaultProxy(upstream);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where clients connect. */
  public URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The next requests fail like this, one after the other. */
  public synchronized void next(Fault... faults) {
    next.addAll(List.of(faults));
  }

  /** Every request fails like this. */
  public void always(Fault fault) {
    when(request -> true, fault);
  }

  /** Every request that matches fails like this, unless one of {@link #next} is waiting. */
  public synchronized void when(Predicate<Seen> request, Fault fault) {
    rules.add(new Rule(request, fault));
  }

  /** Forgets all faults and listens again. */
  public synchronized void heal() {
    next.clear();
    rules.clear();
    if (listening == null) {
      try {
        listening = listen(port);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Refuses connections until {@link #heal()}. */
  public synchronized void refuse() {
    if (listening != null) {
      closeQuietly(listening.socket());
      // The port stays open in the kernel until nobody waits on it any more.
      await(listening.accepting());
      listening = null;
    }
  }

  /** Bytes of upstream's bodies that were handed to clients so far. */
  public long bodyBytes() {
    return bodyBytes.get();
  }

  /** All requests so far, in the order in which they were read. */
  public synchronized List<Seen> requests() {
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    closed.countDown();
    refuse();
    open.forEach(FaultProxy::closeQuietly);
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
        throw new HdlException(ErrorCode.INTERNAL, "The threads of the fault proxy do not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Listening listen(int wanted) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), wanted), 50);
    return new Listening(socket, threads.submit(() -> accept(socket)));
  }

  private void accept(ServerSocket socket) {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        open.add(client);
        threads.execute(() -> serve(client));
      } catch (IOException closedMeanwhile) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      OutputStream out = client.getOutputStream();
      InputStream in = new BufferedInputStream(client.getInputStream());
      Optional<HttpMessage> request = HttpMessage.read(in, () -> write(out, "100 Continue"));
      if (request.isPresent()) {
        answer(request.get(), client);
      }
    } catch (IOException | UncheckedIOException clientGone) {
      // What the client sees of it is what the test is about.
      closeQuietly(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(client);
    }
  }

  private void answer(HttpMessage request, Socket client) throws IOException, InterruptedException {
    Fault fault = note(request).fault().orElse(null);
    if (fault instanceof Fault.Reset) {
      FaultRelay.reset(client);
    } else if (fault instanceof Fault.Fin) {
      client.shutdownOutput();
    } else if (fault instanceof Fault.Stall) {
      closed.await();
    } else if (fault instanceof Fault.Answer answer) {
      String header = answer.header().map(line -> "\r\n" + line).orElse("");
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      write(
          client.getOutputStream(),
          answer.status()
              + " Fault"
              + header
              + "\r\nContent-Length: "
              + body.length
              + "\r\nContent-Type: "
              + answer.type()
              + "\r\nConnection: close");
      client.getOutputStream().write(body);
      client.getOutputStream().flush();
    } else {
      if (fault instanceof Fault.Delay delay) {
        pause(delay.by());
      }
      forward(request, client, fault);
    }
  }

  private void pause(Duration by) throws InterruptedException {
    closed.await(by.toNanos(), TimeUnit.NANOSECONDS);
  }

  private void forward(HttpMessage request, Socket client, @Nullable Fault fault)
      throws IOException, InterruptedException {
    try (Socket server = new Socket(upstream.getHost(), upstream.getPort())) {
      open.add(server);
      try {
        new FaultRelay(client, server, fault, closed, bodyBytes).relay(request);
      } finally {
        open.remove(server);
      }
    }
  }

  private synchronized Seen note(HttpMessage request) {
    String[] start = request.startLine().split(" ", 3);
    Seen plain =
        new Seen(
            start[0],
            start.length > 1 ? start[1] : "",
            List.copyOf(request.headers()),
            utf8(request),
            Optional.empty());
    Optional<Fault> fault =
        Optional.ofNullable(next.poll())
            .or(
                () ->
                    rules.stream()
                        .filter(rule -> rule.when().test(plain))
                        .map(Rule::fault)
                        .findFirst());
    Seen noted = new Seen(plain.method(), plain.target(), plain.headers(), plain.body(), fault);
    seen.add(noted);
    return noted;
  }

  private static String utf8(HttpMessage request) {
    byte[] bytes = request.body().getBytes(StandardCharsets.ISO_8859_1);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static void write(OutputStream out, String statusAndHeaders) {
    try {
      out.write(("HTTP/1.1 " + statusAndHeaders + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(Future<?> work) {
    try {
      work.get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new HdlException(ErrorCode.INTERNAL, "The fault proxy does not stop accepting", e);
    }
  }

  private static void closeQuietly(AutoCloseable socket) {
    try {
      socket.close();
    } catch (Exception alreadyGone) {
      // Nothing is left to be closed.
    }
  }
}
