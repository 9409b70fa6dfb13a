package io.hdl.benchmarks;

import io.hdl.core.job.Opened;
import io.hdl.data.DeltaSource;
import io.hdl.data.SeriesSource;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.Part;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.Windows;
import java.io.IOException;
import java.nio.file.Path;
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
 * Warm start: a fresh JVM for every figure, from opening a pinned version whose store another
 * process has written, over scaler and windows, to the first batch of 1,024 windows. The table is
 * test data: give its folder with {@code -p table=.../retail_large/table}.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
@Fork(15)
@Warmup(iterations = 0)
@Measurement(iterations = 1)
@SuppressWarnings("NullAway.Init") // JMH sets the parameters before anything else
public class StoreWarmStartBenchmark {
  /** Folder of the table. */
  @Param("")
  private String table;

  /** Home directory that holds the store; it is written there if it is missing. */
  @Param("target/warm-start")
  private String home;

  /** Has the store written, by a process of its own, so that nothing here is warm. */
  @Setup(Level.Trial)
  public void setUp() throws IOException, InterruptedException {
    if (table.isEmpty()) {
      throw new IllegalStateException("Say which table: -p table=.../retail_large/table");
    }
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                StoreWarmStartBenchmark.class.getName(),
                table,
                home)
            .inheritIO()
            .start();
    if (writer.waitFor() != 0) {
      throw new IllegalStateException("The store could not be written.");
    }
  }

  /** Writes the store: {@code TABLE HOME}. */
  public static void main(String[] args) {
    source(args[0]).load(Path.of(args[1])).close();
  }

  private static SeriesSource source(String table) {
    return DeltaSource.at(table)
        .version(TableVersion.number(1))
        .series(
            SeriesSpec.keyedBy("store", "dept", "item")
                .orderedBy("date", Frequency.DAILY)
                .target("units")
                .known("price", "promo", "is_holiday")
                .past("temperature", "on_hand")
                .constant("store_type"));
  }

  /** From opening to the first batch. */
  @Benchmark
  public int firstBatch() {
    try (Opened<SeriesStore> opened = source(table).load(Path.of(home))) {
      Split split = Split.last(28, 28);
      Windows windows = Windows.of(opened.data(), split, Part.TRAIN, 56, 28);
      Scaler scaler = Scaler.fit(opened.data(), split, Scaling.STANDARD);
      WindowBatch batch = WindowBatch.allocate(1024, 56, 28, opened.data());
      windows.gather(windows.order(1, 0), 0, 1024, scaler, batch);
      return batch.size();
    }
  }
}
