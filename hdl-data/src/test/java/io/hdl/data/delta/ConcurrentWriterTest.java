package io.hdl.data.delta;

import static org.assertj.core.api.Assertions.assertThat;

import io.delta.kernel.Table;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.hostile.CanonicalRows;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Readers of a table while a writer commits to it and writes checkpoints. */
@NullUnmarked
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class ConcurrentWriterTest {
  private static final int COMMITS = 16;
  private static final int READERS = 2;

  @TempDir Path folder;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Path table;
  private DeltaTableWriter writer;

  @BeforeEach
  void createTable() {
    table = folder.resolve("table");
    writer =
        DeltaTableWriter.create(
            table,
            List.of(Column.of("id", ColumnType.INTEGER), Column.of("part", ColumnType.STRING)),
            "part");
    commit(1);
  }

  @AfterEach
  void endThreads() {
    threads.shutdownNow();
  }

  /** Version v holds v rows, each with its version, unless it overwrote those before. */
  private void commit(int version) {
    List<Object[]> rows = new ArrayList<>();
    rows.add(new Object[] {version, "p" + version % 3});
    long committed = version % 7 == 0 ? writer.overwrite(rows) : writer.append(rows);
    assertThat(committed).isEqualTo(version);
    if (version % 5 == 0) {
      checkpoint(version);
    }
  }

  private void checkpoint(int version) {
    try {
      Table.forPath(KernelEngine.get(), table.toString()).checkpoint(KernelEngine.get(), version);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(table.resolve(String.format("_delta_log/%020d.checkpoint.parquet", version)))
        .exists();
  }

  private static long expectedRows(long version) {
    return version < 7 ? version : version % 7 + 1;
  }

  @Test
  void aSnapshotStaysWhatItWasWhileCommitsLand() {
    TableSnapshot first = TableSnapshot.open(table, TableVersion.latest());
    CanonicalRows.Sums before = CanonicalRows.read(first, 2);
    for (int version = 2; version <= 15; version++) {
      commit(version);
      assertThat(CanonicalRows.read(first, 2)).isEqualTo(before);
    }
    assertThat(first.version()).isEqualTo(1);
    assertThat(first.rows()).hasValue(1);
    assertThat(TableSnapshot.open(table, TableVersion.number(1)).files()).isEqualTo(first.files());
    assertThat(TableSnapshot.open(table, TableVersion.latest()).version()).isEqualTo(15);
  }

  @Test
  void readersSeeWholeVersionsAndNeverGoBack() throws Exception {
    AtomicBoolean ended = new AtomicBoolean();
    AtomicInteger reads = new AtomicInteger();
    Map<Long, CanonicalRows.Sums> seen = new ConcurrentHashMap<>();
    List<Future<Long>> readers = new ArrayList<>();
    for (int i = 0; i < READERS; i++) {
      readers.add(threads.submit(reader(ended, reads, seen)));
    }
    for (int version = 2; version <= COMMITS; version++) {
      commit(version);
    }
    ended.set(true);
    for (Future<Long> reader : readers) {
      assertThat(reader.get(2, TimeUnit.MINUTES)).isEqualTo(COMMITS);
    }
    assertThat(reads.get()).isGreaterThanOrEqualTo(READERS);
    // What was seen while commits landed is what each version holds afterwards.
    for (Map.Entry<Long, CanonicalRows.Sums> each : seen.entrySet()) {
      TableSnapshot again = TableSnapshot.open(table, TableVersion.number(each.getKey()));
      assertThat(CanonicalRows.read(again, 1)).isEqualTo(each.getValue());
    }
  }

  private Callable<Long> reader(
      AtomicBoolean ended, AtomicInteger reads, Map<Long, CanonicalRows.Sums> seen) {
    return () -> {
      long newest = 0;
      boolean last;
      do {
        last = ended.get();
        TableSnapshot snapshot = TableSnapshot.open(table, TableVersion.latest());
        assertThat(snapshot.version()).isGreaterThanOrEqualTo(newest);
        newest = snapshot.version();
        CanonicalRows.Sums rows = CanonicalRows.read(snapshot, 1);
        assertThat(rows.rows()).isEqualTo(expectedRows(newest));
        CanonicalRows.Sums other = seen.putIfAbsent(newest, rows);
        assertThat(other == null || other.equals(rows)).isTrue();
        reads.incrementAndGet();
      } while (!last);
      return newest;
    };
  }
}
