package io.hdl.data.scan;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.DeletedRows;
import io.hdl.data.delta.DataFile;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.filter.BoundFilter;
import io.hdl.data.filter.Filter;
import io.hdl.data.parquet.ColumnDecoder;
import io.hdl.data.parquet.FileColumn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Reads columns of one snapshot. Ranges of rows are decoded in parallel by the scan's own threads,
 * one batch at a time each; where a range begins does not depend on the number of threads. A scan
 * may read more than once: batches of different columns line up by their numbers. Belongs to one
 * thread, which closes it.
 */
public final class TableScan implements AutoCloseable {
  /** Takes batches, from several threads at the same time. */
  public interface Sink {
    /**
     * Takes one batch.
     *
     * @param number the batch's own number: the same rows have the same one in every read
     */
    void accept(long number, ColumnBatch batch);
  }

  /** A file that is open: its footer and its deleted rows are read. */
  record OpenFile(
      DataFile file,
      ColumnDecoder.DataFileReader reader,
      DeletedRows deleted,
      boolean needsFilter) {
    /** Number of rows, deleted ones left out. */
    long rows() {
      return OpenFiles.storedRows(reader) - deleted.count();
    }
  }

  /** Rows of a row group that one task reads: whole batches, however many threads there are. */
  static final long UNIT_ROWS = 8 * ColumnDecoder.BATCH_ROWS;

  private final TableSnapshot snapshot;
  private final Runnable beforeBatch;
  private final int workers;
  private final ScanThreads threads;
  private final OpenFiles files;
  private final FilePruning pruning;
  private final SchemaChecks checks;
  private final ScanCounts counts;
  private @Nullable PlacedFloats placed;
  private final Set<ScanRange> checked = new HashSet<>();

  private TableScan(
      TableSnapshot snapshot,
      Filter filter,
      ExpectedSchema expected,
      int threads,
      Runnable beforeBatch) {
    this.snapshot = snapshot;
    this.pruning = FilePruning.of(snapshot, filter);
    this.checks = SchemaChecks.of(expected, snapshot, pruning);
    this.counts = new ScanCounts(snapshot.files().size());
    this.beforeBatch = beforeBatch;
    this.workers = threads;
    this.threads = new ScanThreads(threads, snapshot.uri());
    try {
      List<OpenFiles.Wanted> wanted = new ArrayList<>();
      for (DataFile file : snapshot.files()) {
        BoundFilter.Outcome outcome = pruning.outcome(file);
        if (outcome == BoundFilter.Outcome.NONE) {
          counts.skipped(file);
        } else {
          wanted.add(new OpenFiles.Wanted(file, outcome == BoundFilter.Outcome.SOME));
        }
      }
      this.files = new OpenFiles(snapshot, wanted, this.threads, threads, beforeBatch, counts);
    } catch (RuntimeException | Error e) {
      this.threads.close();
      throw e;
    }
  }

  /** Opens all data files of a snapshot, as {@link #open(TableSnapshot, Filter, int, Runnable)}. */
  public static TableScan open(TableSnapshot snapshot, int threads, Runnable beforeBatch) {
    return open(snapshot, Filter.all(), threads, beforeBatch);
  }

  /**
   * Opens the data files of a snapshot that may hold rows for which a filter is true, in parallel.
   * Reads give those rows and no others. The filter's columns need not be read.
   *
   * @param threads number of threads that decode, at least 1
   * @param beforeBatch called before each batch, for instance to throw if the job was cancelled
   * @throws HdlException if a file cannot be read, where that is not found out by the first read as
   *     of a table of a lake; with {@link ErrorCode#SCHEMA_MISMATCH} if the filter does not fit the
   *     table's columns
   */
  public static TableScan open(
      TableSnapshot snapshot, Filter filter, int threads, Runnable beforeBatch) {
    return open(snapshot, filter, ExpectedSchema.nothing(), threads, beforeBatch);
  }

  /**
   * As {@link #open(TableSnapshot, Filter, int, Runnable)}, of a table that has to be as expected:
   * first compared with the snapshot, then, where that does not suffice, in the first read.
   *
   * @throws HdlException as {@link ExpectedSchema#check}; reads throw one with {@link
   *     ErrorCode#INVALID_DATA}
   */
  public static TableScan open(
      TableSnapshot snapshot,
      Filter filter,
      ExpectedSchema expected,
      int threads,
      Runnable beforeBatch) {
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
    }
    return new TableScan(snapshot, filter, expected, threads, beforeBatch);
  }

  /** The files that it reads: those of the snapshot, less those that the filter leaves out. */
  public List<DataFile> files() {
    return files.dataFiles();
  }

  /** What was skipped, and what the last read gave; not to be asked while a read is under way. */
  public ReadReport report() {
    return counts.report();
  }

  /**
   * The types of columns.
   *
   * @param columns names; a leaf of a struct by its path, {@code price.net}
   * @throws HdlException with {@link ErrorCode#SCHEMA_MISMATCH} if there is no such column
   */
  public static Map<String, ColumnType> types(TableSnapshot snapshot, List<String> columns) {
    Map<String, ColumnType> types = new LinkedHashMap<>();
    for (FileColumn column : TableColumns.find(snapshot, columns)) {
      types.put(column.name(), column.type());
    }
    return types;
  }

  /**
   * Reads columns of every row that is not deleted and passes the filter. Returns when the last
   * batch was taken.
   *
   * @param columns the columns, and how their values are wanted
   * @return number of rows
   * @throws HdlException if a column or file cannot be read, with {@link
   *     ErrorCode#DATA_FILES_MISSING} if a lake has a file no more; what the sink throws comes out
   *     as it is
   */
  public long read(List<ScanColumn> columns, Sink sink) {
    files.fetchAhead();
    return read(columns, new RangeIterator(files, UNIT_ROWS), sink);
  }

  /**
   * Cuts the files into ranges of rows, in the order of the files and their rows. The same files
   * are cut alike in every process.
   *
   * @param maxRows most rows of a range, deleted ones included; rounded up to whole batches
   */
  public List<ScanRange> ranges(long maxRows) {
    if (maxRows < 1) {
      throw new IllegalArgumentException("maxRows: " + maxRows + " (expected: >= 1)");
    }
    List<ScanRange> ranges = new ArrayList<>();
    new RangeIterator(files, maxRows).forEachRemaining(ranges::add);
    return ranges;
  }

  /**
   * Reads as {@link #read(List, Sink)}, but some ranges of rows only.
   *
   * @param ranges some of what {@link #ranges} of this scan gave; the batches of a range come one
   *     after another, numbered from {@link ScanRange#firstBatch}
   */
  public long read(List<ScanColumn> columns, List<ScanRange> ranges, Sink sink) {
    return read(columns, ranges.iterator(), sink);
  }

  /** Ranges come while files do, and are read in the meantime. */
  private long read(List<ScanColumn> columns, Iterator<ScanRange> ranges, Sink sink) {
    List<String> names = columns.stream().map(ScanColumn::name).toList();
    List<FileColumn> found = new ArrayList<>();
    for (FileColumn column : TableColumns.readable(snapshot, names)) {
      found.add(column.as(columns.get(found.size()).form()));
    }
    counts.readBegins();
    Map<List<Object>, ReadPlan> plans = new HashMap<>();
    List<ScanRange> read = new ArrayList<>();
    Iterator<Callable<Long>> tasks =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return ranges.hasNext();
          }

          @Override
          public Callable<Long> next() {
            ScanRange range = ranges.next();
            read.add(range);
            return task(range, found, plans, sink);
          }
        };
    long rows;
    try {
      rows = threads.all(tasks).stream().mapToLong(Long::longValue).sum();
    } finally {
      files.letGo();
    }
    if (!checks.isEmpty()) {
      checked.addAll(read);
    }
    return counts.readEnds(rows);
  }

  private Callable<Long> task(
      ScanRange range, List<FileColumn> found, Map<List<Object>, ReadPlan> plans, Sink sink) {
    OpenFile file = files.get(range.file());
    List<SchemaChecks.Check> open = checked.contains(range) ? List.of() : checks.of(file.file());
    ReadPlan plan =
        plans.computeIfAbsent(
            List.of(range.file(), open.isEmpty()),
            key -> {
              ReadPlan made =
                  ReadPlan.of(
                      found,
                      file.needsFilter() ? pruning.columns() : List.of(),
                      open.stream().map(SchemaChecks.Check::column).toList(),
                      this::isPartition);
              counts.fallbacks(file.reader(), made.decoded());
              return made;
            });
    return () ->
        read(
            file,
            range.rowGroup(),
            range.fromRow(),
            range.toRow(),
            range.firstBatch(),
            plan,
            open,
            sink);
  }

  /**
   * Reads columns of every row that is not deleted and passes the filter as floats, NaN where null,
   * in the order of the table's files and their rows. Values go from the files' pages to their
   * place without a batch in between; columns, row groups and ranges of rows are read in parallel.
   *
   * @param columns names of columns of numbers, booleans, dates or timestamps
   * @return one column of memory for each, which the caller closes
   * @throws HdlException as {@link #read}; with {@link ErrorCode#OUT_OF_MEMORY} if there are more
   *     than {@link FloatColumns#MAX_ROWS} rows or not enough direct memory
   */
  public FloatColumns floats(List<String> columns) {
    FloatColumns into = FloatColumns.allocate(rows(), columns.size());
    floats(columns, into);
    return into;
  }

  /**
   * As {@link #floats(List)}, into memory that is there already, from an earlier read for instance.
   *
   * @throws IllegalArgumentException if the memory has another number of rows or columns
   */
  public void floats(List<String> columns, FloatColumns into) {
    if (into.rows() != rows() || into.columns() != columns.size()) {
      throw new IllegalArgumentException(
          "into: "
              + into.columns()
              + " columns of "
              + into.rows()
              + " rows (expected: "
              + columns.size()
              + " of "
              + rows()
              + ")");
    }
    List<FileColumn> found = TableColumns.readable(snapshot, columns);
    if (files.all().stream().anyMatch(OpenFile::needsFilter)) {
      PlacedFloats places = placedRows().into(into);
      read(columns.stream().map(ScanColumn::floats).toList(), places::accept);
      return;
    }
    if (!checks.isEmpty() && !checked.containsAll(ranges(UNIT_ROWS))) {
      read(List.of(), (number, batch) -> {});
    }
    threads.all(
        new FloatScan(files.all(), beforeBatch, workers).tasks(found, this::isPartition, into));
    files.letGo();
  }

  /**
   * Number of rows, deleted ones left out. With a filter that the log alone cannot decide, the
   * filter's columns are read for it, once.
   */
  public long rows() {
    return files.all().stream().anyMatch(OpenFile::needsFilter)
        ? placedRows().rows()
        : files.all().stream().mapToLong(OpenFile::rows).sum();
  }

  /** Where the rows of each batch belong, counted by a read of nothing but the filter's columns. */
  private PlacedFloats placedRows() {
    PlacedFloats known = placed;
    if (known == null) {
      Map<Long, Integer> rows = new ConcurrentHashMap<>();
      read(List.of(), (number, batch) -> rows.put(number, batch.rows()));
      known = PlacedFloats.of(rows);
      placed = known;
    }
    return known;
  }

  private long read(
      OpenFile file,
      int rowGroup,
      long fromRow,
      long toRow,
      long firstNumber,
      ReadPlan plan,
      List<SchemaChecks.Check> open,
      Sink sink) {
    RowSelection selection =
        new RowSelection(
            plan,
            file.file(),
            file.needsFilter() ? Optional.of(pruning.filter().matcher()) : Optional.empty(),
            new RowChecks(snapshot.uri() + " at version " + snapshot.version(), file.file(), open));
    LongAdder rows = new LongAdder();
    LongAdder batches = new LongAdder();
    beforeBatch.run();
    file.reader()
        .decode(
            rowGroup,
            fromRow,
            toRow,
            plan.decoded(),
            file.deleted(),
            batch -> {
              beforeBatch.run();
              ColumnBatch chosen = selection.apply(batch);
              if (chosen.rows() > 0) {
                sink.accept(firstNumber + batches.sum(), chosen);
              }
              batches.increment();
              rows.add(chosen.rows());
            });
    counts.filtered(selection.filtered());
    return rows.sum();
  }

  private boolean isPartition(FileColumn column) {
    return FilePruning.isPartition(snapshot, column);
  }

  /** Ends the threads, waits for them and lets go of the files. Idempotent. */
  @Override
  public void close() {
    try {
      threads.close();
    } finally {
      files.close();
    }
  }
}
