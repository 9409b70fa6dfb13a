package io.hdl.benchmarks;

import io.hdl.data.series.Part;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.WindowOrder;
import io.hdl.data.series.Windows;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Windows per second out of the dense store, in a shuffled order: batches of 1024 windows of 84
 * steps and 12 channels, beside a plain copy of as many bytes.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
@Fork(2)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
@SuppressWarnings("NullAway.Init") // JMH calls setUp before anything else
public class WindowGatherBenchmark {
  private static final int SERIES = 4096;
  private static final int STEPS = 1461;
  private static final int CONTEXT = 56;
  private static final int HORIZON = 28;
  private static final int CHANNELS = 12;
  private static final int BATCH = 1024;

  private SeriesStore store;
  private Windows windows;
  private Scaler scaler;
  private WindowBatch batch;
  private WindowOrder order;
  private ByteBuffer source;
  private ByteBuffer destination;
  private long position;

  /** Makes the store; about 290 MB. */
  @Setup(Level.Trial)
  public void setUp() {
    store = RandomStore.of(SERIES, STEPS, CHANNELS);
    Split split = Split.last(HORIZON, HORIZON);
    windows = Windows.of(store, split, Part.TRAIN, CONTEXT, HORIZON);
    scaler = Scaler.fit(store, split, Scaling.STANDARD);
    batch = WindowBatch.allocate(BATCH, CONTEXT, HORIZON, store);
    order = windows.order(1, 0);
    int bytes = BATCH * (CONTEXT + HORIZON) * CHANNELS * Float.BYTES;
    source = ByteBuffer.allocateDirect(64 * bytes).order(ByteOrder.nativeOrder());
    destination = ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /** Closes the store. */
  @TearDown(Level.Trial)
  public void tearDown() {
    store.close();
  }

  /** Shuffled windows with location and scale. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public WindowBatch gather() {
    windows.gather(order, position, BATCH, scaler, batch);
    position = position + 2L * BATCH > windows.size() ? 0 : position + BATCH;
    return batch;
  }

  /** The bytes of as many windows, copied in one piece: what memory allows. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public ByteBuffer copy() {
    int bytes = destination.capacity();
    int from = (int) (position % 64) * bytes;
    destination.put(0, source, from, bytes);
    position++;
    return destination;
  }
}
