package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.ColumnBatch;
import io.hdl.data.column.ColumnType;
import io.hdl.data.column.ColumnVector;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * Makes a store out of the rows of a table, which come in any order and from any thread. Used by
 * sources; programs open one of those.
 *
 * <p>Rows pass twice, so that no more than 12 bytes per row are kept beside the store: first keys
 * and times ({@link #index}), then, after {@link #layOut}, the values ({@link #fill}), in the same
 * batches.
 */
public final class SeriesAssembler {
  private final SeriesSpec spec;
  private final String table;
  private final RowIndex rows;
  private final List<Channel> channels = new ArrayList<>();
  private final List<Constant> constants = new ArrayList<>();
  private final List<NumberReader> readers = new ArrayList<>();
  private final List<@Nullable CategoryCodes> categories = new ArrayList<>();
  private @Nullable Segments segments;
  private AtomicIntegerArray constantBits = new AtomicIntegerArray(0);

  /**
   * Begins a store.
   *
   * @param types the type of each of the specification's columns
   * @param table name of the table, for messages
   * @throws HdlException with {@link ErrorCode#SCHEMA_MISMATCH} if a type does not suit its
   *     column's role
   */
  public SeriesAssembler(SeriesSpec spec, Map<String, ColumnType> types, String table) {
    RoleTypes.check(spec, types, table);
    this.spec = spec;
    this.table = table;
    this.rows =
        new RowIndex(
            spec,
            Objects.requireNonNull(RoleTypes.unit(Objects.requireNonNull(types.get(spec.time())))));
    channel(spec.target(), Channel.Role.TARGET, types);
    spec.known().forEach(name -> channel(name, Channel.Role.KNOWN, types));
    spec.past().forEach(name -> channel(name, Channel.Role.PAST, types));
    for (String name : spec.constants()) {
      Channel.Kind kind = kind(name, types);
      constants.add(new Constant(name, kind, List.of()));
      reader(kind);
    }
  }

  private static Channel.Kind kind(String name, Map<String, ColumnType> types) {
    return Objects.requireNonNull(RoleTypes.kindOf(Objects.requireNonNull(types.get(name))));
  }

  private void channel(String name, Channel.Role role, Map<String, ColumnType> types) {
    Channel.Kind kind = kind(name, types);
    channels.add(new Channel(name, role, kind, List.of()));
    reader(kind);
  }

  private void reader(Channel.Kind kind) {
    CategoryCodes codes = kind == Channel.Kind.CATEGORY ? new CategoryCodes() : null;
    categories.add(codes);
    readers.add(new NumberReader(codes));
  }

  /** The columns that {@link #index} takes: keys and time. */
  public List<String> indexColumns() {
    List<String> columns = new ArrayList<>(spec.keys());
    columns.add(spec.time());
    return columns;
  }

  /** The columns that {@link #fill} takes: target, covariates and constants. */
  public List<String> valueColumns() {
    List<String> columns = new ArrayList<>();
    columns.add(spec.target());
    columns.addAll(spec.known());
    columns.addAll(spec.past());
    columns.addAll(spec.constants());
    return columns;
  }

  /**
   * Takes keys and times. Thread-safe.
   *
   * @param batch a number of its own for each batch
   * @throws HdlException with {@link ErrorCode#INVALID_DATA} if a key or time is null
   */
  public void index(long batch, ColumnBatch columns) {
    rows.add(batch, columns);
  }

  /**
   * Finds the time axis and the extent of every series, and reserves the store.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_DATA} if rows are off the frequency's grid
   *     or repeat the key and time of another, with {@link ErrorCode#NOT_ENOUGH_DATA} if there are
   *     no rows or no series is kept
   */
  public void layOut() {
    rows.layOut(table);
    if (rows.keptLengths().length == 0) {
      throw new HdlException(
          ErrorCode.NOT_ENOUGH_DATA,
          "Cannot make series of the table "
              + table
              + ": none of its "
              + rows.found()
              + " series has a row for every step. Keep all series (SeriesFilter.ALL).");
    }
    int[] lengths = rows.keptLengths();
    segments = Segments.allocate(lengths, channels.size(), Segments.MAX_SEGMENT_BYTES);
    int[] missing = new int[lengths.length * constants.size()];
    Arrays.fill(missing, Float.floatToRawIntBits(Float.NaN));
    constantBits = new AtomicIntegerArray(missing);
  }

  /**
   * Takes the values of a batch whose keys and times were taken before, once. Thread-safe.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_DATA} if a constant differs within a series
   */
  public void fill(long batch, ColumnBatch columns) {
    RowIndex.Places places = rows.take(batch);
    Segments memory = Objects.requireNonNull(segments, "layOut comes first");
    int stepBytes = channels.size() * Float.BYTES;
    for (int c = 0; c < channels.size(); c++) {
      float[] values = values(c, columns);
      for (int row = 0; row < values.length; row++) {
        int series = places.series(row);
        if (series >= 0) {
          int at = memory.position(series) + places.step(row) * stepBytes + c * Float.BYTES;
          memory.buffer(series).putFloat(at, values[row]);
        }
      }
    }
    for (int c = 0; c < constants.size(); c++) {
      float[] values = values(channels.size() + c, columns);
      for (int row = 0; row < values.length; row++) {
        if (places.series(row) >= 0 && !Float.isNaN(values[row])) {
          setConstant(places.series(row), c, values[row]);
        }
      }
    }
  }

  private float[] values(int column, ColumnBatch columns) {
    ColumnVector vector = columns.columns().get(column);
    return readers.get(column).read(vector);
  }

  private void setConstant(int series, int constant, float value) {
    int at = series * constants.size() + constant;
    float present = Float.intBitsToFloat(constantBits.get(at));
    if (present == value) {
      return;
    }
    if (Float.isNaN(present)) {
      int before =
          constantBits.compareAndExchange(
              at, Float.floatToRawIntBits(Float.NaN), Float.floatToRawIntBits(value));
      present = Float.intBitsToFloat(before);
      if (Float.isNaN(present) || present == value) {
        return;
      }
    }
    throw new HdlException(
        ErrorCode.INVALID_DATA,
        "Cannot take \""
            + constants.get(constant).name()
            + "\" as a constant: in series "
            + rows.keptKeys().get(series)
            + " it is both "
            + shown(constant, present)
            + " and "
            + shown(constant, value)
            + ". Declare it as a known or past covariate, or add it to the key.");
  }

  private String shown(int constant, float value) {
    CategoryCodes codes = categories.get(channels.size() + constant);
    return codes == null ? Float.toString(value) : "\"" + codes.text(value) + "\"";
  }

  /** The store. It is the caller's from here on. */
  public SeriesStore finish() {
    Segments memory = Objects.requireNonNull(segments, "layOut comes first");
    int[] lengths = rows.keptLengths();
    List<Channel> finalChannels = new ArrayList<>();
    for (int c = 0; c < channels.size(); c++) {
      Channel channel = channels.get(c);
      CategoryCodes codes = categories.get(c);
      if (codes != null) {
        translate(memory, lengths, c, codes.translation());
        channel = new Channel(channel.name(), channel.role(), channel.kind(), codes.sorted());
      }
      finalChannels.add(channel);
    }
    float[] constantValues = new float[constantBits.length()];
    for (int i = 0; i < constantValues.length; i++) {
      constantValues[i] = Float.intBitsToFloat(constantBits.get(i));
    }
    List<Constant> finalConstants = new ArrayList<>();
    for (int c = 0; c < constants.size(); c++) {
      Constant constant = constants.get(c);
      CategoryCodes codes = categories.get(channels.size() + c);
      if (codes != null) {
        float[] translation = codes.translation();
        for (int i = c; i < constantValues.length; i += constants.size()) {
          float code = constantValues[i];
          constantValues[i] = Float.isNaN(code) ? code : translation[(int) code];
        }
        constant = new Constant(constant.name(), constant.kind(), codes.sorted());
      }
      finalConstants.add(constant);
    }
    int[] targetEnds = targetEnds(memory, lengths);
    if (spec.gaps() == Gaps.ZERO) {
      fillGaps(memory, targetEnds);
    }
    return new SeriesStore(
        rows.axis(),
        finalChannels,
        finalConstants,
        rows.keptKeys(),
        rows.keptFirstSteps(),
        lengths,
        targetEnds,
        constantValues,
        memory);
  }

  private void translate(Segments memory, int[] lengths, int channel, float[] translation) {
    int stepBytes = channels.size() * Float.BYTES;
    for (int series = 0; series < lengths.length; series++) {
      ByteBuffer buffer = memory.buffer(series);
      int at = memory.position(series) + channel * Float.BYTES;
      for (int step = 0; step < lengths[series]; step++, at += stepBytes) {
        float code = buffer.getFloat(at);
        if (!Float.isNaN(code)) {
          buffer.putFloat(at, translation[(int) code]);
        }
      }
    }
  }

  private int[] targetEnds(Segments memory, int[] lengths) {
    int stepBytes = channels.size() * Float.BYTES;
    int[] ends = new int[lengths.length];
    for (int series = 0; series < lengths.length; series++) {
      int end = lengths[series];
      while (end > 0
          && Float.isNaN(
              memory.buffer(series).getFloat(memory.position(series) + (end - 1) * stepBytes))) {
        end--;
      }
      ends[series] = end;
    }
    return ends;
  }

  private void fillGaps(Segments memory, int[] targetEnds) {
    int stepBytes = channels.size() * Float.BYTES;
    for (int series = 0; series < targetEnds.length; series++) {
      for (int step = 0; step < targetEnds[series]; step++) {
        if (!rows.keptHasRow(series, step)) {
          memory.buffer(series).putFloat(memory.position(series) + step * stepBytes, 0);
        }
      }
    }
  }

  /** What is worth telling of the table, by name, once the store is finished. */
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("rows", Long.toString(rows.rows()));
    facts.put("series", Integer.toString(rows.keptLengths().length));
    facts.put("series left out", Integer.toString(rows.found() - rows.keptLengths().length));
    long begin = Arrays.stream(rows.keptFirstSteps()).min().orElse(0);
    long end = begin;
    long steps = 0;
    int[] lengths = rows.keptLengths();
    long[] first = rows.keptFirstSteps();
    for (int s = 0; s < lengths.length; s++) {
      end = Math.max(end, first[s] + lengths[s] - 1);
      steps += lengths[s];
    }
    facts.put("first step", rows.axis().label(begin));
    facts.put("last step", rows.axis().label(end));
    facts.put("steps", Long.toString(steps));
    return facts;
  }

  /** Values that were not finite and count as missing, by column; columns without any left out. */
  public Map<String, Long> notFinite() {
    Map<String, Long> found = new LinkedHashMap<>();
    List<String> columns = valueColumns();
    for (int c = 0; c < columns.size(); c++) {
      if (readers.get(c).notFinite() > 0) {
        found.put(columns.get(c), readers.get(c).notFinite());
      }
    }
    return found;
  }
}
