package io.hdl.data.storage;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Answers each request with the next of some texts, byte for byte; keeps what was asked. */
final class ScriptedServer implements AutoCloseable {
  /** In place of an answer: closes the connection. */
  static final String HANG_UP = "";

  private final ServerSocket socket;
  private final Thread thread;
  private final Deque<String> answers = new ArrayDeque<>();
  private final List<String> requests = new ArrayList<>();
  private volatile @Nullable Socket serving;
  private final AtomicInteger connections = new AtomicInteger();

  ScriptedServer(String... answers) {
    this.answers.addAll(List.of(answers));
    try {
      socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    thread = new Thread(this::accept, "hdl-scripted-server");
    thread.setDaemon(true);
    thread.start();
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort() + "/c/f.parquet");
  }

  int port() {
    return socket.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  private void accept() {
    while (true) {
      try (Socket client = socket.accept()) {
        serving = client;
        connections.incrementAndGet();
        serve(client);
      } catch (IOException e) {
        if (socket.isClosed()) {
          return;
        }
      }
    }
  }

  private void serve(Socket client) throws IOException {
    BufferedReader in =
        new BufferedReader(
            new InputStreamReader(client.getInputStream(), StandardCharsets.ISO_8859_1));
    while (true) {
      StringBuilder request = new StringBuilder();
      for (String line = in.readLine(); line == null || !line.isEmpty(); line = in.readLine()) {
        if (line == null) {
          return;
        }
        request.append(line).append('\n');
      }
      String answer;
      synchronized (this) {
        requests.add(request.toString());
        answer = answers.isEmpty() ? HANG_UP : answers.removeFirst();
      }
      if (answer.equals(HANG_UP)) {
        return;
      }
      client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
      client.getOutputStream().flush();
      if (answer.toLowerCase(java.util.Locale.ROOT).contains("connection: close")) {
        return;
      }
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
      Socket client = serving;
      if (client != null) {
        client.close();
      }
      thread.join(10_000);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
