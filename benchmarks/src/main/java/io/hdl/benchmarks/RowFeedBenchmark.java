package io.hdl.benchmarks;

import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.feed.FeedSettings;
import io.hdl.data.feed.Lease;
import io.hdl.data.filter.Filter;
import io.hdl.data.row.RowBatch;
import io.hdl.data.row.RowDataset;
import io.hdl.data.row.RowFeed;
import io.hdl.data.row.RowPass;
import io.hdl.data.row.RowSpec;
import io.hdl.data.row.RowSplit;
import io.hdl.data.series.Part;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
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
 * Rows per second out of a table of a million rows, 12 features and a label, in shuffled batches of
 * 1024: streamed from the files through blocks, and out of a part that is kept in memory.
 */
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@State(Scope.Benchmark)
@Fork(1)
@Warmup(iterations = 2, time = 3)
@Measurement(iterations = 5, time = 3)
@SuppressWarnings("NullAway.Init") // JMH calls setUp before anything else
public class RowFeedBenchmark {
  private static final int ROWS = 1 << 20;
  private static final int FILE_ROWS = 1 << 18;
  private static final int FEATURES = 12;
  private static final int BATCH = 1024;

  /** Most rows that are shuffled together: a quarter of the table, or all of it. */
  @Param({"262144", "1048576"})
  public int shuffleRows;

  /** Threads that decode. */
  @Param({"1", "2"})
  public int threads;

  private Path folder;
  private RowDataset dataset;
  private RowFeed feed;
  private long epoch;

  /** Writes the table. */
  @Setup(Level.Trial)
  public void setUp() throws IOException {
    folder = Files.createTempDirectory("hdl-rows");
    List<Column> columns = new ArrayList<>();
    String[] features = new String[FEATURES];
    for (int c = 0; c < FEATURES; c++) {
      features[c] = "x" + c;
      columns.add(Column.of(features[c], c % 2 == 0 ? ColumnType.DOUBLE : ColumnType.INTEGER));
    }
    columns.add(Column.of("y", ColumnType.BOOLEAN));
    columns.add(Column.of("key", ColumnType.LONG));
    DeltaTableWriter writer = DeltaTableWriter.create(folder.resolve("rows"), columns);
    SplittableRandom random = new SplittableRandom(1);
    for (int from = 0; from < ROWS; from += FILE_ROWS) {
      writer.append(rows(random));
    }
    RowSpec spec =
        RowSpec.features(features)
            .label("y")
            .key("key")
            .split(RowSplit.hash(0, 0))
            .shuffleRows(shuffleRows);
    TableSnapshot snapshot = TableSnapshot.open(folder.resolve("rows"), TableVersion.latest());
    dataset = RowDataset.open(snapshot, Filter.all(), spec, threads, () -> {});
    feed =
        dataset.feed(
            RowPass.shuffled(Part.TRAIN, BATCH, 1, 0), FeedSettings.defaults().threads(1).depth(3));
  }

  private static List<@Nullable Object[]> rows(SplittableRandom random) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < FILE_ROWS; i++) {
      @Nullable Object[] row = new @Nullable Object[FEATURES + 2];
      for (int c = 0; c < FEATURES; c++) {
        if (c % 2 == 0) {
          row[c] = random.nextInt(1000) * 0.25;
        } else {
          row[c] = random.nextInt(5000);
        }
      }
      row[FEATURES] = random.nextInt(10) == 0;
      row[FEATURES + 1] = (long) random.nextInt(100_000);
      rows.add(row);
    }
    return rows;
  }

  /** Closes the dataset and deletes the table. */
  @TearDown(Level.Trial)
  public void tearDown() throws IOException {
    feed.close();
    dataset.close();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  /** Takes batches as fast as they come, epoch after epoch. */
  @Benchmark
  @OperationsPerInvocation(BATCH)
  public int rows() {
    if (!feed.hasNext()) {
      feed.begin(RowPass.shuffled(Part.TRAIN, BATCH, 1, ++epoch));
    }
    try (Lease<RowBatch> lease = feed.next()) {
      return lease.batch().size();
    }
  }
}
