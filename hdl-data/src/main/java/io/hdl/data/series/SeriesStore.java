package io.hdl.data.series;

import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Many time series, dense and off-heap: float32, {@code [series][time][channel]}, in direct memory
 * or in a file of the hot tier that is mapped. A missing value is NaN.
 *
 * <p>Steps of a series count from 0, its first row. {@link #targetEnd} parts its history from the
 * known future that may follow: rows without a target that carry covariates which are known ahead.
 *
 * <p>Thread-safe for reading. Whoever builds or opens a store closes it; the memory goes back when
 * the garbage collector finds it unused. Keys are made when they are asked for. After {@link
 * #close} reading values throws {@link IllegalStateException}.
 */
public final class SeriesStore implements AutoCloseable {
  private final TimeAxis axis;
  private final List<Channel> channels;
  private final List<Constant> constants;
  private final SeriesKeys keys;
  private final StoreIndex index;
  private final StoreLayout layout;
  private final @Nullable UnreadSeries unread;
  private volatile @Nullable Segments segments;

  /**
   * A store on memory that is filled.
   *
   * @param unread which series are still to be held against their checksums, if any are
   */
  SeriesStore(
      TimeAxis axis,
      List<Channel> channels,
      List<Constant> constants,
      SeriesKeys keys,
      StoreIndex index,
      Segments segments,
      @Nullable UnreadSeries unread) {
    this.axis = axis;
    this.channels = List.copyOf(channels);
    this.constants = List.copyOf(constants);
    this.keys = keys;
    this.index = index;
    this.layout = new StoreLayout(channels);
    this.segments = segments;
    this.unread = unread;
  }

  /**
   * Builds a store from arrays, without a table.
   *
   * @param channels the target first, then those known ahead, then those known only for the past
   */
  public static Builder builder(TimeAxis axis, List<Channel> channels, List<Constant> constants) {
    return new Builder(axis, channels, constants);
  }

  /** The series' keys; a series' number is its index here. */
  public List<SeriesKey> keys() {
    return keys;
  }

  /**
   * Whether a column of the key holds integers; texts else, and wherever a store was made of keys
   * without a table.
   *
   * @param column its number in the key
   */
  public boolean isIntegerKey(int column) {
    return keys.isInteger(column);
  }

  /** Number of series. */
  public int seriesCount() {
    return keys.size();
  }

  /** The number of the series with this key, if there is one. */
  public OptionalInt find(SeriesKey key) {
    return keys.find(key);
  }

  /** What is known per step: the target first, then KNOWN, then PAST, each in the spec's order. */
  public List<Channel> channels() {
    return channels;
  }

  /** What is known per series, in the spec's order. */
  public List<Constant> constants() {
    return constants;
  }

  /** What the steps stand for. */
  public TimeAxis axis() {
    return axis;
  }

  /** Absolute step of a series' first row. */
  public long firstStep(int series) {
    return index.firstStep(series);
  }

  /** Number of steps from a series' first to its last row, both included. */
  public int length(int series) {
    return index.length(series);
  }

  /**
   * Number of steps from a series' first row to its last observed target, both included; 0 if it
   * has none. The steps from here to {@link #length} are known future.
   */
  public int targetEnd(int series) {
    return index.targetEnd(series);
  }

  /**
   * One value; NaN if it is missing.
   *
   * @param step counted from the series' first row
   */
  public float value(int series, int step, int channel) {
    if (step < 0 || step >= length(series) || channel < 0 || channel >= channels.size()) {
      throw new IndexOutOfBoundsException(
          "series " + series + ", step " + step + ", channel " + channel);
    }
    Segments memory = memory(series);
    long address = index.address(series);
    return memory
        .buffer(address)
        .getFloat(Segments.position(address) + (step * channels.size() + channel) * Float.BYTES);
  }

  /** Whether the target is present at a step, counted from the series' first row. */
  public boolean observed(int series, int step) {
    return !Float.isNaN(value(series, step, 0));
  }

  /** One constant of a series; NaN if it is missing, the code if it is a category. */
  public float constant(int series, int constant) {
    if (constant < 0 || constant >= constants.size()) {
      throw new IndexOutOfBoundsException("constant " + constant);
    }
    return index.constant(series, constant);
  }

  /** Bytes that the values take, with the moments that are kept of them; none are on the heap. */
  public long bytes() {
    return memory().bytes();
  }

  /**
   * Where a step of a series lies in {@link #memory(int)}: number of the segment in the upper half,
   * position in it in the lower. Without any check of the step.
   */
  long place(int series, int step) {
    return index.address(series) + (long) step * channels.size() * Float.BYTES;
  }

  /** Takes the moments of the first steps of a series. Belongs to one thread. */
  MomentsReader momentsReader() {
    return new MomentsReader(this, layout, index);
  }

  Segments memory(int series) {
    Segments memory = memory();
    if (unread != null) {
      unread.check(series, memory);
    }
    return memory;
  }

  private Segments memory() {
    Segments memory = segments;
    if (memory == null) {
      throw new IllegalStateException("The series store is closed.");
    }
    return memory;
  }

  /** Gives the values up. Idempotent. */
  @Override
  public void close() {
    segments = null;
  }

  /** Collects series in memory. Not thread-safe. */
  public static final class Builder {
    private final StoreBuilder builder;

    private Builder(TimeAxis axis, List<Channel> channels, List<Constant> constants) {
      this.builder = new StoreBuilder(axis, channels, constants, StoreLayout.MAX_SEGMENT_BYTES);
    }

    /**
     * Adds one series.
     *
     * @param firstStep absolute step of its first row
     * @param values {@code [time][channel]}, NaN where missing; copied
     * @param constants one value per constant, NaN where missing; copied
     * @throws IllegalArgumentException if a length does not fit, a value is infinite, a code has no
     *     category, or the key was added before
     */
    public Builder add(SeriesKey key, long firstStep, float[] values, float[] constants) {
      builder.add(key, firstStep, values, constants);
      return this;
    }

    /** The store with all series, in the order in which they were added. */
    public SeriesStore build() {
      return builder.build();
    }
  }
}
