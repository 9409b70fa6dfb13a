package io.hdl.data.series;

import io.hdl.data.feed.Permutation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.jspecify.annotations.Nullable;

/**
 * A batch of windows in direct buffers of native byte order, which are used again for the next
 * batch. Belongs to one thread at a time.
 *
 * <p>Values are raw, and NaN where missing. In the horizon's rows the channels with role {@link
 * Channel.Role#PAST} are always NaN, and channel 0 is the label. A scaled value is {@code (raw -
 * location) / scale}.
 */
public final class WindowBatch {
  private final int capacity;
  private final int context;
  private final int horizon;
  private final int channels;
  private final int constants;
  private final int firstPastChannel;
  private final ByteBuffer values;
  private final ByteBuffer constantValues;
  private final ByteBuffer location;
  private final ByteBuffer scale;
  private final int[] series;
  private final int[] origins;
  private final long[] numbers;
  private final Permutation.Workspace workspace = new Permutation.Workspace();
  // Whose figures of the covariates stand in every row of location and scale.
  private @Nullable Scaler scaler;
  private int size;

  @SuppressWarnings("UnusedVariable") // written, so that what it is made of is not left out
  private float kept;

  private WindowBatch(int capacity, int context, int horizon, SeriesStore store) {
    this.capacity = capacity;
    this.context = context;
    this.horizon = horizon;
    this.channels = store.channels().size();
    this.constants = store.constants().size();
    int past = 0;
    while (past < channels && store.channels().get(past).role() != Channel.Role.PAST) {
      past++;
    }
    this.firstPastChannel = past;
    this.values = buffer((long) capacity * (context + horizon) * channels);
    this.constantValues = buffer((long) capacity * constants);
    this.location = buffer((long) capacity * channels);
    this.scale = buffer((long) capacity * channels);
    this.series = new int[capacity];
    this.origins = new int[capacity];
    this.numbers = new long[capacity];
  }

  /** An empty batch with room for {@code capacity} windows. */
  public static WindowBatch allocate(int capacity, int context, int horizon, SeriesStore store) {
    if (capacity < 1 || context < 1 || horizon < 1) {
      throw new IllegalArgumentException(
          "capacity, context, horizon: "
              + capacity
              + ", "
              + context
              + ", "
              + horizon
              + " (expected: >= 1)");
    }
    return new WindowBatch(capacity, context, horizon, store);
  }

  private static ByteBuffer buffer(long floats) {
    if (floats > Integer.MAX_VALUE / Float.BYTES) {
      throw new IllegalArgumentException(
          "batch: " + floats + " values (expected: at most 2 GiB of them; use a smaller batch)");
    }
    return ByteBuffer.allocateDirect((int) floats * Float.BYTES).order(ByteOrder.nativeOrder());
  }

  /** Number of windows that it holds. */
  public int size() {
    return size;
  }

  /** Number of windows that it has room for. */
  public int capacity() {
    return capacity;
  }

  /** Steps that a model sees. */
  public int context() {
    return context;
  }

  /** Steps that it forecasts. */
  public int horizon() {
    return horizon;
  }

  /** The values, {@code [size, context + horizon, channels]}: a view of the batch's memory. */
  public FloatBuffer values() {
    return valueBytes().asFloatBuffer();
  }

  /** {@link #values()} as bytes. */
  public ByteBuffer valueBytes() {
    return view(values, (context + horizon) * channels);
  }

  /** The constants, {@code [size, constants]}: a view of the batch's memory. */
  public FloatBuffer constants() {
    return constantBytes().asFloatBuffer();
  }

  /** {@link #constants()} as bytes. */
  public ByteBuffer constantBytes() {
    return view(constantValues, constants);
  }

  /**
   * What is taken off each channel, {@code [size, channels]}: a view of the batch's memory, not to
   * be written to, as it is not written anew for each batch.
   */
  public FloatBuffer location() {
    return locationBytes().asFloatBuffer();
  }

  /** {@link #location()} as bytes. */
  public ByteBuffer locationBytes() {
    return view(location, channels);
  }

  /**
   * What each channel is divided by, {@code [size, channels]}: a view of the batch's memory, not to
   * be written to, as it is not written anew for each batch.
   */
  public FloatBuffer scale() {
    return scaleBytes().asFloatBuffer();
  }

  /** {@link #scale()} as bytes. */
  public ByteBuffer scaleBytes() {
    return view(scale, channels);
  }

  /** The series of the window at an index. */
  public int series(int i) {
    return series[checked(i)];
  }

  /** Step of the first target of the window at an index, counted from its series' first row. */
  public int origin(int i) {
    return origins[checked(i)];
  }

  private int checked(int i) {
    if (i < 0 || i >= size) {
      throw new IndexOutOfBoundsException("window " + i + " of " + size);
    }
    return i;
  }

  private ByteBuffer view(ByteBuffer memory, int floatsPerWindow) {
    return memory.slice(0, size * floatsPerWindow * Float.BYTES).order(ByteOrder.nativeOrder());
  }

  /** The feeds' way to it: room for the windows that a feed's batches can hold. */
  static WindowBatch allocate(int capacity, Windows windows) {
    return allocate(capacity, windows.context(), windows.horizon(), windows.store());
  }

  void begin(SeriesStore store, int windowContext, int windowHorizon, int count, Scaler with) {
    if (windowContext != context
        || windowHorizon != horizon
        || store.channels().size() != channels
        || store.constants().size() != constants) {
      throw new IllegalArgumentException(
          "batch for context "
              + context
              + ", horizon "
              + horizon
              + ", "
              + channels
              + " channels, "
              + constants
              + " constants (expected: those of the windows)");
    }
    if (count > capacity) {
      throw new IllegalArgumentException(
          "count: " + count + " (expected: <= " + capacity + ", the batch's capacity)");
    }
    size = count;
    if (scaler != with && store.seriesCount() > 0) {
      // Only the target has figures that differ between series; all others are written once.
      for (int i = 0; i < capacity; i++) {
        for (int c = 0; c < channels; c++) {
          location.putFloat((i * channels + c) * Float.BYTES, with.location(0, c));
          scale.putFloat((i * channels + c) * Float.BYTES, with.scale(0, c));
        }
      }
      scaler = with;
    }
  }

  void describe(int i, int ofSeries, int origin, SeriesStore store, Scaler with) {
    series[i] = ofSeries;
    origins[i] = origin;
    for (int c = 0; c < constants; c++) {
      constantValues.putFloat((i * constants + c) * Float.BYTES, store.constant(ofSeries, c));
    }
    location.putFloat(i * channels * Float.BYTES, with.location(ofSeries, 0));
    scale.putFloat(i * channels * Float.BYTES, with.scale(ofSeries, 0));
  }

  long[] numbers() {
    return numbers;
  }

  Permutation.Workspace workspace() {
    return workspace;
  }

  /** Keeps a value, so that reading it is not left out as useless. */
  void keep(float value) {
    kept += value;
  }

  ByteBuffer valueMemory() {
    return values;
  }

  int firstPastChannel() {
    return firstPastChannel;
  }
}
