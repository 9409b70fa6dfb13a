package io.hdl.core.testing;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A real MLflow tracking server on a free port of the loopback interface, over SQLite and a folder
 * of artifacts that it serves itself, in a temporary folder of its own.
 *
 * <pre>{@code
 * try (MlflowServer server = MlflowServer.start()) {
 *   run(server.uri());
 *   assertThat(server.python("import mlflow; print(mlflow.search_runs().shape[0])")).contains("1");
 * }
 * }</pre>
 *
 * Where no MLflow can be had the test is skipped, see {@link MlflowPython#require()}. Thread-safe.
 */
public final class MlflowServer implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final int TRIES = 3;
  private static final Map<MlflowVersion, MlflowServer> SHARED = new EnumMap<>(MlflowVersion.class);

  private final MlflowPython python;
  private final Path folder;
  private final List<String> store;
  private final Thread atExit = new Thread(this::stop, "hdl-mlflow-server-at-exit");
  private volatile boolean shared;
  private int port;
  private @Nullable Process process;

  private MlflowServer(MlflowPython python, Path folder, List<String> store) {
    this.python = python;
    this.folder = folder;
    this.store = store;
  }

  /** Starts an empty server and waits until it answers. */
  public static MlflowServer start() {
    return start(MlflowVersion.CURRENT);
  }

  /** Starts an empty server of a release and waits until it answers. */
  public static MlflowServer start(MlflowVersion version) {
    MlflowPython python = MlflowPython.require(version);
    Path folder = temporaryFolder();
    return started(
        python,
        folder,
        List.of(
            "--backend-store-uri",
            "sqlite:///" + folder.resolve("mlflow.db"),
            "--artifacts-destination",
            folder.resolve("artifacts").toUri().toString(),
            "--serve-artifacts"));
  }

  /**
   * A server that all tests of this JVM share, started by the first one and ended with the JVM: for
   * tests that leave it running and look at experiments, runs and models of their own alone.
   * Closing it does nothing.
   */
  public static MlflowServer shared(MlflowVersion version) {
    synchronized (SHARED) {
      return SHARED.computeIfAbsent(
          version,
          missing -> {
            MlflowServer server = start(missing);
            server.shared = true;
            Runtime.getRuntime().removeShutdownHook(server.atExit);
            Runtime.getRuntime()
                .addShutdownHook(
                    new Thread(
                        () -> {
                          server.end();
                          delete(server.folder);
                        },
                        "hdl-mlflow-shared-at-exit"));
            return server;
          });
    }
  }

  /** The same of the current release. */
  public static MlflowServer shared() {
    return shared(MlflowVersion.CURRENT);
  }

  /** Starts a server that reads a folder of runs, as people do who look at serverless runs. */
  public static MlflowServer overFileStore(Path mlruns) {
    MlflowPython python = MlflowPython.require();
    return started(
        python,
        temporaryFolder(),
        List.of("--backend-store-uri", mlruns.toAbsolutePath().toUri().toString()));
  }

  /** Address of the server, for {@code MLFLOW_TRACKING_URI}. */
  public synchronized URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  /** The release of MLflow that runs. */
  public String version() {
    return python.version();
  }

  /** Where it keeps runs, as MLflow's own programs want it told. */
  public String backendStore() {
    return store.get(1);
  }

  /** What the server printed so far. */
  public String log() {
    try {
      return Files.exists(logFile()) ? Files.readString(logFile()) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Runs a script in the server's own Python, with {@code MLFLOW_TRACKING_URI} set, and gives what
   * it prints.
   */
  public String python(String script, String... arguments) {
    return python.run(script, Map.of("MLFLOW_TRACKING_URI", uri().toString()), arguments);
  }

  /** Ends the server's processes and keeps its data; {@link #restart()} begins anew. */
  public synchronized void stop() {
    requireOwn();
    end();
  }

  private void requireOwn() {
    if (shared) {
      throw new IllegalStateException("Others use this server as well.");
    }
  }

  private synchronized void end() {
    if (process != null) {
      ExternalCommand.end(process.toHandle());
      process = null;
    }
  }

  /** Kills the server's processes ({@code SIGKILL}), whatever they are at, and keeps its data. */
  public synchronized void kill() {
    requireOwn();
    if (process != null) {
      List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
      all.add(process.toHandle());
      all.forEach(ProcessHandle::destroyForcibly);
      all.forEach(each -> each.onExit().join());
      process = null;
    }
  }

  /** Starts the server again on its port and data. */
  public synchronized void restart() {
    stop();
    launch();
    if (!awaitHealth()) {
      throw new AssertionError("The MLflow server does not start again:\n" + tail());
    }
  }

  @Override
  public void close() {
    if (shared) {
      return;
    }
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException exiting) {
      return;
    }
    delete(folder);
  }

  private static MlflowServer started(MlflowPython python, Path folder, List<String> store) {
    MlflowServer server = new MlflowServer(python, folder, store);
    Runtime.getRuntime().addShutdownHook(server.atExit);
    for (int i = 0; i < TRIES; i++) {
      if (server.startOnFreePort()) {
        return server;
      }
    }
    String tail = server.tail();
    server.close();
    throw new AssertionError("The MLflow server does not start:\n" + tail);
  }

  /** False if it ended, for instance because somebody took the port meanwhile. */
  private synchronized boolean startOnFreePort() {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    launch();
    boolean healthy = awaitHealth();
    if (!healthy) {
      stop();
    }
    return healthy;
  }

  private synchronized void launch() {
    List<String> command =
        new ArrayList<>(List.of(python.interpreter().toString(), "-m", "mlflow", "server"));
    command.addAll(store);
    command.addAll(
        List.of("--host", "127.0.0.1", "--port", Integer.toString(port), "--workers", "1"));
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    Map<String, String> variables = new HashMap<>(MlflowPython.quiet());
    variables.put("MLFLOW_SERVER_ENABLE_JOB_EXECUTION", "false");
    variables.put("MLFLOW_ALLOW_FILE_STORE", "true");
    builder.environment().keySet().removeIf(name -> name.startsWith("MLFLOW_"));
    builder.environment().putAll(variables);
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
    try {
      Process begun = builder.start();
      begun.getOutputStream().close();
      process = begun;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private synchronized boolean awaitHealth() {
    HttpClient client = HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    HttpRequest health =
        HttpRequest.newBuilder(URI.create(uri() + "/health"))
            .timeout(Duration.ofSeconds(5))
            .build();
    long end = System.nanoTime() + START_LIMIT.toNanos();
    try {
      while (process != null && System.nanoTime() < end) {
        if (isHealthy(client, health)) {
          return true;
        }
        if (process.waitFor(100, TimeUnit.MILLISECONDS)) {
          return false;
        }
      }
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private static boolean isHealthy(HttpClient client, HttpRequest health)
      throws InterruptedException {
    try {
      return client.send(health, HttpResponse.BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }

  private String tail() {
    return ExternalCommand.lastLines(log(), 30);
  }

  private Path logFile() {
    return folder.resolve("server.log");
  }

  private static Path temporaryFolder() {
    try {
      return Files.createTempDirectory("hdl-mlflow");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path root) {
    try {
      MoreFiles.deleteRecursively(root, RecursiveDeleteOption.ALLOW_INSECURE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
