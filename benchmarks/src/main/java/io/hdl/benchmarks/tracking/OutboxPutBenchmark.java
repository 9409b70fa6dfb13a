package io.hdl.benchmarks.tracking;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.sun.net.httpserver.HttpServer;
import io.hdl.core.error.HdlException;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxObserver;
import io.hdl.tracking.outbox.OutboxRun;
import io.hdl.tracking.outbox.OutboxSettings;
import io.hdl.tracking.outbox.RunStart;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.mlflow.tracking.MlflowClient;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * What a metric value costs the training thread: put into an outbox, with the writer at work, and
 * beside it mlflow-client's own call against a server on the loopback interface that answers at
 * once. One value every 10 microseconds, as a busy training loop logs.
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Thread)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init") // JMH calls setUp before anything else
public class OutboxPutBenchmark {
  private static final int KEYS = 100;

  private final String[] keys = new String[KEYS];
  private Path folder;
  private Outbox outbox;
  private OutboxRun run;
  private HttpServer server;
  private ExecutorService threads;
  private MlflowClient client;
  private long step;

  /** Opens an outbox whose server is away, and a server that answers at once. */
  @Setup(Level.Trial)
  public void setUp() throws IOException {
    for (int i = 0; i < KEYS; i++) {
      keys[i] = "train/metric-" + i;
    }
    folder = Files.createTempDirectory("hdl-outbox");
    outbox = Outbox.open(folder, OutboxSettings.defaults().withMaxBytes(8L << 30), new Quiet());
    run =
        outbox.begin(new RunStart("1".repeat(32), Optional.empty(), "benchmark", "put", "jmh", 1));
    threads = Executors.newCachedThreadPool();
    StubServer.answerAtOnce();
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    byte[] answer = "{}".getBytes(StandardCharsets.UTF_8);
    server.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] unused = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
          }
        });
    server.start();
    client = new MlflowClient("http://127.0.0.1:" + server.getAddress().getPort());
  }

  /** Into the outbox. */
  @Benchmark
  public boolean put() {
    long now = step++;
    return run.put(
        new Item.Metric(keys[(int) (now % KEYS)], (double) now, 1_700_000_000_000L + now, now));
  }

  /** By mlflow-client, to a server that costs nothing. */
  @Benchmark
  public void mlflowClient() {
    long now = step++;
    client.logMetric("run", keys[(int) (now % KEYS)], (double) now, 1_700_000_000_000L + now, now);
  }

  /** Lets a loop go on to its next step, so that values come one every 10 microseconds or so. */
  @Setup(Level.Invocation)
  public void compute() {
    Blackhole.consumeCPU(2000);
  }

  /** Closes both. */
  @TearDown(Level.Trial)
  public void tearDown() throws IOException {
    Outbox.Outcome outcome = outbox.finish(Duration.ofSeconds(1));
    System.err.println("thinned: " + outcome.thinned());
    client.close();
    server.stop(0);
    threads.shutdownNow();
    MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
  }

  private static final class Quiet implements OutboxObserver {
    @Override
    public void serverAway(HdlException why) {}

    @Override
    public void serverBack() {}

    @Override
    public void serverAbandoned(HdlException why) {}

    @Override
    public void diskFailed(HdlException why) {
      System.err.println(why.getMessage());
    }

    @Override
    public void warning(String text) {
      System.err.println(text);
    }
  }
}
