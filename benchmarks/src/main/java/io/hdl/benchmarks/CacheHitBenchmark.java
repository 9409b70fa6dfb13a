package io.hdl.benchmarks;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import io.hdl.data.cache.CacheListener;
import io.hdl.data.cache.CacheTiers;
import io.hdl.data.cache.HeldFile;
import io.hdl.data.cache.LakeCache;
import io.hdl.data.cache.Verification;
import io.hdl.data.transfer.Fetched;
import io.hdl.data.transfer.RemoteFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
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

/** Time to hold and give up a file of 1 MiB that is in the hot tier, one of 64 in turn. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@State(Scope.Thread)
@Fork(2)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@SuppressWarnings("NullAway.Init") // JMH calls setUp before anything else
public class CacheHitBenchmark {
  private static final int FILES = 64;
  private static final int SIZE = 1 << 20;

  /** What is checked. */
  @Param({"NONE", "LENGTH", "CHECKSUM"})
  private Verification verification;

  private final RemoteFile[] files = new RemoteFile[FILES];
  private Path folder;
  private LakeCache cache;
  private int next;

  /** Fills the tier. */
  @Setup(Level.Trial)
  public void setUp() throws IOException {
    folder = Files.createTempDirectory("hdl-hit");
    CacheTiers tiers = CacheTiers.hot(folder, CacheTiers.gib(1)).verify(verification);
    cache = LakeCache.open(tiers, CacheHitBenchmark::fetch, CacheListener.none());
    for (int i = 0; i < FILES; i++) {
      String name = "abfss://c@a.dfs.core.windows.net/retail/sales/part-" + i + ".snappy.parquet";
      files[i] = RemoteFile.of(URI.create(name), SIZE);
      cache.hold(files[i], () -> {}).close();
    }
  }

  private static Fetched fetch(RemoteFile file, Path partial, Runnable checkpoint) {
    byte[] bytes = new byte[SIZE];
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    try {
      Files.write(partial, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Fetched(SIZE, Optional.empty(), crc.getValue(), SIZE, 1);
  }

  /** Holds one and gives it up. */
  @Benchmark
  public long hit() {
    try (HeldFile held = cache.hold(files[next++ % FILES], () -> {})) {
      return held.path().toString().length();
    }
  }

  /** Removes the tier. */
  @TearDown(Level.Trial)
  public void tearDown() throws IOException {
    cache.close();
    MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
  }
}
