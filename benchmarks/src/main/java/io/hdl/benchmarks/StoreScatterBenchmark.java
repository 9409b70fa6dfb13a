package io.hdl.benchmarks;

import io.hdl.data.series.SeriesAssembler;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.WindowOrder;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time to make a store out of 6 million decoded rows of 12 channels, one thread: keys and extents
 * found, memory filled with NaN, rows scattered, ends and moments of the series found.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
@Fork(value = 2, jvmArgsAppend = "-Xmx2g")
@Warmup(iterations = 3)
@Measurement(iterations = 5)
@SuppressWarnings("NullAway.Init") // JMH calls setUp before anything else
public class StoreScatterBenchmark {
  private static final int SERIES = 4096;
  private static final int STEPS = 1461;

  /** In what order rows come. */
  @Param({"ordered", "shuffled"})
  private String order;

  private MadeUpRows rows;

  /** Makes the rows. */
  @Setup(Level.Trial)
  public void setUp() {
    long total = (long) SERIES * STEPS;
    rows =
        new MadeUpRows(
            SERIES,
            STEPS,
            order.equals("ordered")
                ? WindowOrder.sequential(total)
                : WindowOrder.shuffled(total, 1, 0));
  }

  /** All of it, in direct memory. */
  @Benchmark
  public long assemble() {
    SeriesAssembler assembler =
        new SeriesAssembler(MadeUpRows.spec(), MadeUpRows.types(), "rows", 1);
    try (SeriesStore store = assembler.inMemory(rows)) {
      return store.bytes();
    }
  }
}
