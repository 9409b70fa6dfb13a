package io.hdl.benchmarks.tracking;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;

/** A tracking server that takes everything and keeps nothing; prints its address, as JSON. */
public final class StubServer {
  private static final String RUN =
      "{\"info\":{\"run_id\":\"r\",\"run_uuid\":\"r\",\"experiment_id\":\"0\",\"status\":\"RUNNING\",\"lifecycle_stage\":\"active\",\"artifact_uri\":\"mlflow-artifacts:/0/r/artifacts\"}}";

  private StubServer() {}

  /** Serves until standard input ends. */
  public static void main(String[] arguments) throws IOException {
    answerAtOnce();
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] unused = exchange.getRequestBody().readAllBytes();
            byte[] answer =
                answer(exchange.getRequestURI().getPath()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
    System.out.println("{\"uri\":\"http://127.0.0.1:" + server.getAddress().getPort() + "\"}");
    while (System.in.read() >= 0) {
      // Whoever started this process ends it by closing its input.
    }
    System.exit(0);
  }

  /** Has this process's servers send what they have; else an answer may take 40 ms more. */
  static void answerAtOnce() {
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private static String answer(String path) {
    if (path.endsWith("experiments/get-by-name")) {
      return "{\"experiment\":{\"experiment_id\":\"0\",\"name\":\"x\",\"lifecycle_stage\":\"active\"}}";
    }
    if (path.endsWith("runs/create") || path.endsWith("runs/get")) {
      return "{\"run\":" + RUN + "}";
    }
    return "{}";
  }
}
