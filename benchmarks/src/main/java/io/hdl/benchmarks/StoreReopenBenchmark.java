package io.hdl.benchmarks;

import io.hdl.core.provenance.DataProvenance;
import io.hdl.data.series.CommitMark;
import io.hdl.data.series.SeriesAssembler;
import io.hdl.data.series.StoreCache;
import io.hdl.data.series.StoreKey;
import io.hdl.data.series.StoreTarget;
import io.hdl.data.series.StoredSeries;
import io.hdl.data.series.WindowOrder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time to open a store that an earlier process has written, on a JVM that is warm: 4,096 series of
 * 1,461 steps and 12 channels, 320 MB, which are verified in full.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@State(Scope.Benchmark)
@Fork(2)
@Warmup(iterations = 5)
@Measurement(iterations = 10)
@SuppressWarnings("NullAway.Init") // JMH calls setUp before anything else
public class StoreReopenBenchmark {
  private static final StoreKey KEY = new StoreKey("/made/up", 1, Map.of("rows", "made up"));
  private static final int SERIES = 4096;
  private static final int STEPS = 1461;

  /** Threads that verify. */
  @Param({"1", "2"})
  private int threads;

  private Path home;
  private StoreCache cache;

  /** Writes the store. */
  @Setup(Level.Trial)
  public void setUp() throws IOException {
    home = Files.createTempDirectory("hdl-reopen");
    cache = StoreCache.below(home, threads);
    MadeUpRows rows = new MadeUpRows(SERIES, STEPS, WindowOrder.sequential((long) SERIES * STEPS));
    DataProvenance provenance =
        new DataProvenance(
            "up", "/made/up", 1, Instant.EPOCH, "none", List.of(), Map.of(), SERIES * STEPS, 1);
    cache
        .findOrBuild(
            KEY,
            store -> true,
            () -> {},
            target -> {
              SeriesAssembler assembler =
                  new SeriesAssembler(MadeUpRows.spec(), MadeUpRows.types(), "rows", 2);
              target.assemble(assembler, rows);
              return new StoreTarget.Made(
                  provenance, assembler.facts(), List.of(), new CommitMark(0, 0));
            })
        .store()
        .close();
  }

  /** Opens it and gives it up. */
  @Benchmark
  public int reopen() {
    StoredSeries found = cache.find(KEY).orElseThrow();
    found.store().close();
    return found.store().seriesCount();
  }

  /** Removes it. */
  @TearDown(Level.Trial)
  public void tearDown() throws IOException {
    try (Stream<Path> files = Files.walk(home)) {
      files
          .sorted(Comparator.reverseOrder())
          .forEach(
              file -> {
                try {
                  Files.delete(file);
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
    }
  }
}
