package io.hdl.data.scan;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.DeletedRows;
import io.hdl.data.delta.DataFile;
import io.hdl.data.delta.DeletionVector;
import io.hdl.data.delta.TableFiles;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.parquet.ColumnDecoder;
import io.hdl.data.parquet.ColumnDecoder.DataFileReader;
import io.hdl.data.scan.TableScan.OpenFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * The files of a scan while they are opened. Those of a local table are opened all at once before
 * anything is read. Those of a lake are opened in their order by threads of their own while they
 * come: what is there can be decoded while the next is fetched. Belongs to the scan's thread.
 */
final class OpenFiles implements AutoCloseable {
  /** A file, and whether its rows have to be tested by the filter. */
  record Wanted(DataFile file, boolean needsFilter) {}

  private static final int OPENERS = 4;

  private final TableSnapshot snapshot;
  private final Runnable checkpoint;
  private final ScanCounts counts;
  private final FileReaders readers;
  private final @Nullable ScanThreads openers;
  private final List<DataFile> wanted;
  private final List<Future<OpenFile>> coming = new ArrayList<>();
  private final List<OpenFile> open = new ArrayList<>();
  private TableFiles.@Nullable Ahead ahead;

  /**
   * Begins to open files.
   *
   * @param threads the scan's own threads, for files that are at hand
   * @param decoders how many threads decode
   */
  OpenFiles(
      TableSnapshot snapshot,
      List<Wanted> wanted,
      ScanThreads threads,
      int decoders,
      Runnable checkpoint,
      ScanCounts counts) {
    this.snapshot = snapshot;
    this.checkpoint = checkpoint;
    this.counts = counts;
    this.wanted = wanted.stream().map(Wanted::file).toList();
    this.readers = new FileReaders(snapshot, checkpoint, decoders);
    List<Callable<OpenFile>> tasks = new ArrayList<>();
    wanted.forEach(file -> tasks.add(() -> open(file)));
    if (snapshot.tableFiles().location() == TableFiles.Location.LOCAL) {
      this.openers = null;
      open.addAll(threads.all(tasks));
      open.forEach(counts::opened);
    } else {
      fetchAhead();
      ScanThreads own =
          new ScanThreads(
              Math.max(1, Math.min(OPENERS, tasks.size())), snapshot.uri(), "hdl-data-open-");
      this.openers = own;
      tasks.forEach(task -> coming.add(own.submit(task)));
    }
  }

  private OpenFile open(Wanted wanted) {
    checkpoint.run();
    DataFile file = wanted.file();
    boolean local = snapshot.tableFiles().location() == TableFiles.Location.LOCAL;
    // A local file need not be held: it is opened where it lies.
    DataFileReader reader = local ? localReader(file) : readers.open(file);
    Optional<DeletionVector> vector = file.deletionVector();
    DeletedRows deleted =
        vector.isPresent() ? load(vector.get(), storedRows(reader)) : DeletedRows.NONE;
    return new OpenFile(file, reader, deleted, wanted.needsFilter());
  }

  private DataFileReader localReader(DataFile file) {
    try (TableFiles.Held held =
        snapshot.tableFiles().hold(file.address(), file.size(), checkpoint)) {
      return ColumnDecoder.standard().open(held.path());
    }
  }

  private DeletedRows load(DeletionVector vector, long rows) {
    try {
      return vector.load(rows, checkpoint);
    } catch (HdlException e) {
      throw e.code() == ErrorCode.NOT_FOUND ? readers.gone(vector.file().orElse("log"), e) : e;
    }
  }

  static long storedRows(DataFileReader reader) {
    long rows = 0;
    for (int group = 0; group < reader.rowGroups(); group++) {
      rows += reader.rows(group);
    }
    return rows;
  }

  /** The files, whether they are open or not. */
  List<DataFile> dataFiles() {
    return wanted;
  }

  /** Number of files. */
  int count() {
    return wanted.size();
  }

  /** The file with this number; waits for it and those before it. */
  OpenFile get(int number) {
    while (open.size() <= number) {
      OpenFile next = ScanThreads.await(coming.get(open.size()), snapshot.uri());
      open.add(next);
      counts.opened(next);
    }
    return open.get(number);
  }

  /** All files; waits for them. */
  List<OpenFile> all() {
    if (count() > 0) {
      get(count() - 1);
    }
    return open;
  }

  /** Has the files come in their order, those that are not there yet. */
  void fetchAhead() {
    TableFiles.Ahead before = ahead;
    ahead = snapshot.tableFiles().ahead(wanted);
    if (before != null) {
      before.close();
    }
  }

  /** Lets go of what is held though nobody decodes it now. */
  void letGo() {
    readers.letGo();
  }

  /** Ends the opening threads and lets go of all files. Idempotent. */
  @Override
  public void close() {
    try {
      if (openers != null) {
        openers.close();
      }
    } finally {
      TableFiles.Ahead last = ahead;
      if (last != null) {
        last.close();
      }
      readers.close();
    }
  }
}
