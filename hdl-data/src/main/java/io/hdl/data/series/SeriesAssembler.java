package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Makes a store out of the rows of a table, which come in any order and from any thread. Used by
 * sources; programs open one of those. Makes one store.
 *
 * <p>Rows pass twice, so that nothing is kept per row: first keys and times, which give the extent
 * of every series, then keys and times again with the values, which are written to their places.
 * Beside the store there is memory per series alone, about 100 bytes of it, and that off the heap.
 */
public final class SeriesAssembler {
  private final SeriesSpec spec;
  private final String table;
  private final TimeAxis.Unit unit;
  private final List<KeyBytes.Part> parts = new ArrayList<>();
  private final StoreColumns columns;
  private final int threads;
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();

  /**
   * Begins a store.
   *
   * @param types the type of each of the specification's columns
   * @param table name of the table, for messages
   * @param threads number of threads that work on the series
   * @throws HdlException with {@link ErrorCode#SCHEMA_MISMATCH} if a type does not suit its
   *     column's role
   */
  public SeriesAssembler(
      SeriesSpec spec, Map<String, ColumnType> types, String table, int threads) {
    RoleTypes.check(spec, types, table);
    this.spec = spec;
    this.table = table;
    this.threads = threads;
    this.unit =
        Objects.requireNonNull(RoleTypes.unit(Objects.requireNonNull(types.get(spec.time()))));
    for (String key : spec.keys()) {
      parts.add(
          Objects.requireNonNull(types.get(key)).isInteger()
              ? KeyBytes.Part.INTEGER
              : KeyBytes.Part.TEXT);
    }
    this.columns = new StoreColumns(spec, types);
  }

  /**
   * The store, in direct memory. It is the caller's.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_DATA} if a key or time is null, rows are off
   *     the frequency's grid or repeat the key and time of another, or a constant differs within a
   *     series; with {@link ErrorCode#NOT_ENOUGH_DATA} if there are no rows or no series is kept;
   *     with {@link ErrorCode#OUT_OF_MEMORY} if it does not fit
   */
  public SeriesStore inMemory(RowReader rows) {
    return in(new DirectMemory(), rows);
  }

  /** The store, in the memory that it is given. */
  SeriesStore in(StoreMemory memory, RowReader reader) {
    RowIndex rows = new RowIndex(spec, unit, parts, table, memory.scratch());
    reader.read(columns.indexColumns(), List.of(), rows::add);
    rows.layOut();
    if (rows.crowded()) {
      throw repeated(rows, reader);
    }
    StoreLayout layout = new StoreLayout(columns.channels());
    StoreLayout.Places sizes = new StoreLayout.Places(layout, StoreLayout.MAX_SEGMENT_BYTES);
    for (int s = 0; s < rows.kept(); s++) {
      sizes.add(rows.keptLength(s));
    }
    int constants = columns.constants().size();
    int indexBytes = StoreIndex.bytes(rows.kept(), constants, rows.keyBytes());
    Segments segments = memory.segments(sizes.sizes());
    StoreIndex index = new StoreIndex(memory.index(indexBytes), rows.kept(), constants);
    rows.describe(index, new StoreLayout.Places(layout, StoreLayout.MAX_SEGMENT_BYTES));
    Scatter scatter = new Scatter(columns, rows, index, segments);
    reader.read(columns.values(), columns.floats(), (number, batch) -> scatter.add(batch));
    StoreFinish finish =
        new StoreFinish(
            columns,
            layout,
            index,
            segments,
            spec.gaps(),
            scatter.anyWithoutTarget(),
            memory.checksums());
    StoreFinish.chunks(index.count()).run(StoreFinish.THREADS, threads, finish);
    if (finish.present() != scatter.written()) {
      throw repeated(rows, reader);
    }
    tell(rows, index, scatter);
    return new SeriesStore(
        rows.axis(),
        columns.finalChannels(),
        columns.finalConstants(),
        SeriesKeys.sorted(index, parts),
        index,
        segments,
        null);
  }

  private HdlException repeated(RowIndex rows, RowReader reader) {
    RepeatedRows repeated = rows.repeated();
    reader.read(columns.indexColumns(), List.of(), (number, batch) -> repeated.add(batch));
    return repeated.failure();
  }

  private void tell(RowIndex rows, StoreIndex index, Scatter scatter) {
    facts.put("rows", Long.toString(rows.rows()));
    facts.put("series", Integer.toString(rows.kept()));
    facts.put("series left out", Integer.toString(rows.found() - rows.kept()));
    long begin = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    long steps = 0;
    for (int s = 0; s < index.count(); s++) {
      begin = Math.min(begin, index.firstStep(s));
      end = Math.max(end, index.firstStep(s) + index.length(s) - 1);
      steps += index.length(s);
    }
    facts.put("first step", rows.axis().label(begin));
    facts.put("last step", rows.axis().label(end));
    facts.put("steps", Long.toString(steps));
    int all = columns.channels().size() + columns.constants().size();
    for (int c = 0; c < all; c++) {
      CategoryCodes codes = columns.categories(c);
      warn(scatter.notFinite(c), c, " is not finite and counts", " are not finite and count");
      if (codes != null) {
        warn(
            codes.unseen(),
            c,
            " is not in the vocabulary and counts",
            " are not in the vocabulary and count");
      }
    }
  }

  private void warn(long count, int column, String one, String many) {
    if (count > 0) {
      warnings.add(
          count
              + (count == 1 ? " value of \"" : " values of \"")
              + columns.name(column)
              + "\" in "
              + table
              + (count == 1 ? one : many)
              + " as missing.");
    }
  }

  /** What is worth telling of the table, by name, once the store is made. */
  public Map<String, String> facts() {
    return new LinkedHashMap<>(facts);
  }

  /** What people should know of the values, once the store is made. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }
}
