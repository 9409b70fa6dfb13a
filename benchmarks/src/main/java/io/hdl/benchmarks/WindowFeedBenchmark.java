package io.hdl.benchmarks;

import io.hdl.data.feed.BatchPlan;
import io.hdl.data.feed.FeedSettings;
import io.hdl.data.feed.Lease;
import io.hdl.data.series.Part;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.WindowFeed;
import io.hdl.data.series.Windows;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Windows per second that a consumer gets out of a feed, batches of 1024 windows of 84 steps and 12
 * channels: once as fast as it can take them, and once beside work of its own that takes as long as
 * a small training step, where the feed should cost it nothing.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init") // JMH calls setUp before anything else
public class WindowFeedBenchmark {
  private static final int SERIES = 4096;
  private static final int STEPS = 1461;
  private static final int CONTEXT = 56;
  private static final int HORIZON = 28;
  private static final int CHANNELS = 12;
  private static final int BATCH = 1024;
  private static final long STEP_NANOS = 2_000_000;

  /** Threads that gather. */
  @Param({"1", "2"})
  public int threads;

  private SeriesStore store;
  private Windows windows;
  private Scaler scaler;
  private WindowFeed feed;
  private WindowBatch batch;
  private long epoch;
  private long position;

  /** Makes the store; about 290 MB. */
  @Setup(Level.Trial)
  public void setUp() {
    store = RandomStore.of(SERIES, STEPS, CHANNELS);
    Split split = Split.last(HORIZON, HORIZON);
    windows = Windows.of(store, split, Part.TRAIN, CONTEXT, HORIZON);
    scaler = Scaler.fit(store, split, Scaling.STANDARD);
    batch = WindowBatch.allocate(BATCH, CONTEXT, HORIZON, store);
    FeedSettings settings = FeedSettings.defaults().threads(threads).depth(threads + 2);
    feed = WindowFeed.idle(windows, BATCH, scaler, settings);
  }

  /** Closes feed and store. */
  @TearDown(Level.Trial)
  public void tearDown() {
    feed.close();
    store.close();
  }

  private Lease<WindowBatch> next() {
    if (!feed.hasNext()) {
      long whole = windows.size() / BATCH * BATCH;
      feed.begin(windows, windows.order(1, ++epoch), BatchPlan.of(whole, BATCH));
    }
    return feed.next();
  }

  /** Takes batches as fast as they come. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int feed() {
    try (Lease<WindowBatch> lease = next()) {
      return lease.batch().size();
    }
  }

  /** Computes beside the feed. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public double feedBesideWork() {
    try (Lease<WindowBatch> lease = next()) {
      return work() + lease.batch().size();
    }
  }

  /** Gathers and computes in turn. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public double gatherThenWork() {
    windows.gather(windows.order(1, 0), position, BATCH, scaler, batch);
    position = position + 2L * BATCH > windows.size() ? 0 : position + BATCH;
    return work() + batch.size();
  }

  /** A step that takes its time in the processor alone. */
  private static double work() {
    long begun = System.nanoTime();
    double sum = 0;
    while (System.nanoTime() - begun < STEP_NANOS) {
      for (int i = 1; i < 1000; i++) {
        sum += 1.0 / i;
      }
    }
    return sum;
  }
}
