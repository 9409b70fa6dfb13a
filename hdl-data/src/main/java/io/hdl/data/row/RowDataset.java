package io.hdl.data.row;

import io.hdl.data.delta.DataFile;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.feature.FeatureColumn;
import io.hdl.data.feature.FeatureRows;
import io.hdl.data.feed.FeedSettings;
import io.hdl.data.feed.Lease;
import io.hdl.data.filter.Filter;
import io.hdl.data.scan.ExpectedSchema;
import io.hdl.data.scan.TableScan;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Part;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The rows of one version of a table, parted into training, validation and test and fed in batches.
 * Opening reads the columns that decide the parts, the labels and the texts once; the values are
 * read from the data files each time they are fed, so that memory does not grow with the table. A
 * part that is not larger than what is shuffled together is read once and kept.
 *
 * <pre>{@code
 * RowSpec spec = RowSpec.features("amount", "hour").label("is_fraud").key("customer_id");
 * try (Opened<RowDataset> opened = DeltaSource.at(table).rows(spec).load();
 *     RowFeed feed = opened.data().feed(RowPass.shuffled(Part.TRAIN, 1024, seed, epoch))) {
 *   while (feed.hasNext()) {
 *     try (Lease<RowBatch> lease = feed.next()) {
 *       RowBatch batch = lease.batch();
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>Thread-safe; several feeds may be open at the same time and take turns at reading the table.
 * Who opens a dataset closes it, after its feeds.
 */
public final class RowDataset implements AutoCloseable {
  /** Rows of a range of the table, the piece that a shuffled order moves as a whole. */
  private static final int RANGE_ROWS = 1 << 16;

  private final RowSpec spec;
  private final TableScan scan;
  private final RowTable table;
  private final List<FeatureColumn> features = new ArrayList<>();
  private final List<FeatureColumn> labels = new ArrayList<>();
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final Map<Part, RowBlock> residents = new EnumMap<>(Part.class);

  private final Runnable afterClose;
  private boolean closed;

  private RowDataset(
      RowSpec spec, TableScan scan, RowColumns columns, RowTable table, Runnable afterClose) {
    this.spec = spec;
    this.scan = scan;
    this.afterClose = afterClose;
    this.table = table;
    spec.features().forEach(name -> features.add(column(name, columns)));
    spec.labels().forEach(name -> labels.add(column(name, columns)));
    RowIndex index = table.index();
    facts.put("rows", Long.toString(index.rows()));
    for (Part part : Part.values()) {
      facts.put(part.name().toLowerCase(Locale.ROOT) + " rows", Long.toString(rows(part)));
    }
    putIfAny("rows without a label", index.withoutLabel());
    putIfAny("rows without a time", index.withoutTime());
    putIfAny("files skipped", scan.report().filesSkipped());
    putIfAny("rows filtered", scan.report().rowsFiltered());
  }

  private void putIfAny(String name, long count) {
    if (count > 0) {
      facts.put(name, Long.toString(count));
    }
  }

  private FeatureColumn column(String name, RowColumns columns) {
    Channel.Kind kind = columns.kind(name);
    if (kind == null) {
      throw new IllegalArgumentException("no kind of column " + name);
    }
    return new FeatureColumn(
        name, kind, table.index().vocabularies().getOrDefault(name, List.of()));
  }

  /** Opens the rows of a snapshot of which nothing is expected. */
  public static RowDataset open(
      TableSnapshot snapshot, Filter filter, RowSpec spec, int threads, Runnable beforeBatch) {
    return open(snapshot, filter, ExpectedSchema.nothing(), spec, threads, beforeBatch);
  }

  /**
   * Opens the rows of a snapshot.
   *
   * @param filter which rows
   * @param expected what the table has to be like
   * @param threads threads that decode, at least 1
   * @param beforeBatch called before each batch that is decoded, for instance to throw if the job
   *     was cancelled
   * @throws io.hdl.core.error.HdlException with {@code SCHEMA_MISMATCH} if columns are unknown or
   *     of a type that does not suit their role, with {@code INVALID_SETTINGS} if the split does
   *     not fit its time column
   */
  public static RowDataset open(
      TableSnapshot snapshot,
      Filter filter,
      ExpectedSchema expected,
      RowSpec spec,
      int threads,
      Runnable beforeBatch) {
    return open(snapshot, filter, expected, spec, threads, beforeBatch, () -> {});
  }

  /**
   * As {@link #open(TableSnapshot, Filter, ExpectedSchema, RowSpec, int, Runnable)}.
   *
   * @param afterClose called once when the dataset was closed, for instance to close the table
   */
  public static RowDataset open(
      TableSnapshot snapshot,
      Filter filter,
      ExpectedSchema expected,
      RowSpec spec,
      int threads,
      Runnable beforeBatch,
      Runnable afterClose) {
    expected.check(snapshot, filter);
    RowColumns columns =
        RowColumns.of(spec, TableScan.types(snapshot, spec.columns()), snapshot.uri());
    RowParts parts = new RowParts(columns);
    TableScan scan = TableScan.open(byName(snapshot), filter, expected, threads, beforeBatch);
    try {
      RowIndex index = RowSurvey.of(scan, columns, parts, RANGE_ROWS);
      return new RowDataset(
          spec, scan, columns, new RowTable(scan, columns, parts, index), afterClose);
    } catch (RuntimeException | Error e) {
      scan.close();
      throw e;
    }
  }

  /** The order of the log's entries changes with its checkpoints; that of the names does not. */
  private static TableSnapshot byName(TableSnapshot snapshot) {
    return snapshot.inOrder(Comparator.comparing(DataFile::address));
  }

  /** The specification that it was opened with. */
  public RowSpec spec() {
    return spec;
  }

  /** The features, in the order of a row's values; texts of categories by their codes. */
  public List<FeatureColumn> features() {
    return List.copyOf(features);
  }

  /** The labels, in the order of a row's labels; texts of categories by their codes. */
  public List<FeatureColumn> labels() {
    return List.copyOf(labels);
  }

  /** The data files that it is read from. */
  public List<DataFile> files() {
    return scan.files();
  }

  /** Number of rows of a part. */
  public long rows(Part part) {
    return table.index().count(part);
  }

  /** Number of rows read, those of no part included. */
  public long rows() {
    return table.index().rows();
  }

  /** What a user wants to see of it, by name: rows of each part, rows that are left out. */
  public Map<String, String> facts() {
    return Collections.unmodifiableMap(facts);
  }

  /** Begins a pass over the rows of a part, with what suits this machine. */
  public RowFeed feed(RowPass pass) {
    return feed(pass, FeedSettings.defaults());
  }

  /**
   * Begins a pass over the rows of a part. The feed belongs to the caller, who closes it.
   *
   * @throws io.hdl.core.error.HdlException with {@code OUT_OF_MEMORY} if there is not enough direct
   *     memory for the rows that are shuffled together
   */
  public RowFeed feed(RowPass pass, FeedSettings settings) {
    return new RowFeed(this, pass, settings);
  }

  /** The features of the training rows in the order of the table, to fit a pipeline on. */
  public FeatureRows trainingRows() {
    return new FeatureRows() {
      @Override
      public List<FeatureColumn> columns() {
        return features();
      }

      @Override
      public void read(Batch batch) {
        try (RowFeed feed = feed(RowPass.inOrder(Part.TRAIN, RANGE_ROWS / 8))) {
          while (feed.hasNext()) {
            try (Lease<RowBatch> lease = feed.next()) {
              batch.take(lease.batch().features(), lease.batch().size());
            }
          }
        }
      }
    };
  }

  RowTable table() {
    return table;
  }

  /** All rows of a part, loaded when they are first asked for. */
  RowBlock resident(Part part) {
    synchronized (residents) {
      RowBlock known = residents.get(part);
      if (known == null) {
        known = new RowBlock(Math.toIntExact(rows(part)), table.features(), table.labels());
        int[] present =
            IntStream.range(0, table.index().ranges().size())
                .filter(range -> table.index().count(range, part) > 0)
                .toArray();
        table.load(present, part, known, () -> {});
        residents.put(part, known);
      }
      return known;
    }
  }

  /** Ends the threads that decode. Idempotent. */
  @Override
  public void close() {
    synchronized (residents) {
      if (closed) {
        return;
      }
      closed = true;
    }
    try {
      scan.close();
    } finally {
      afterClose.run();
    }
  }
}
