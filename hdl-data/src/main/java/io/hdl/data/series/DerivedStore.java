package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.List;

/**
 * Makes a store whose series are those of another, with other channels, constants or a longer known
 * future: features, or rows that a request supplies. The values lie off-heap from the start; what
 * is put in for one series at a time is all that lies on the heap.
 *
 * <p>Every series has to be put once. Threads may put different series at the same time; {@link
 * #finish} comes after all of them. The source must stay open until then.
 */
public final class DerivedStore {
  private final SeriesStore source;
  private final int[] series;
  private final List<Channel> channels;
  private final List<Constant> constants;
  private final int[] lengths;
  private final StoreLayout layout;
  private final StoreIndex index;
  private final Segments segments;
  private final BitSet done;

  private DerivedStore(
      SeriesStore source,
      int[] series,
      List<Channel> channels,
      List<Constant> constants,
      int[] lengths) {
    this.source = source;
    this.series = series.clone();
    this.channels = List.copyOf(channels);
    this.constants = List.copyOf(constants);
    this.lengths = lengths.clone();
    this.layout = new StoreLayout(channels);
    StoreLayout.Places sizes = new StoreLayout.Places(layout, StoreLayout.MAX_SEGMENT_BYTES);
    KeyBytes bytes = new KeyBytes();
    long keyBytes = 0;
    for (int at = 0; at < series.length; at++) {
      sizes.add(lengths[at]);
      bytes.encode(source.keys().get(series[at]), List.of());
      keyBytes += bytes.length();
    }
    int indexBytes = StoreIndex.bytes(series.length, constants.size(), keyBytes);
    this.index =
        new StoreIndex(PageSource.DIRECT.page(indexBytes), series.length, constants.size());
    this.segments = Segments.allocate(sizes.sizes());
    StoreLayout.Places places = new StoreLayout.Places(layout, StoreLayout.MAX_SEGMENT_BYTES);
    for (int at = 0; at < series.length; at++) {
      bytes.encode(source.keys().get(series[at]), List.of());
      index.put(
          at, source.firstStep(series[at]), lengths[at], places.add(lengths[at]), bytes.copy());
      index.putTargetEnd(at, source.targetEnd(series[at]));
    }
    this.done = new BitSet(series.length);
  }

  /**
   * Reserves the memory of a store.
   *
   * @param source where the series come from
   * @param series which of them, by number, in the order of the new store
   * @param channels the target of the source first, then KNOWN, then PAST
   * @param constants what is known per series
   * @param lengths steps of each series; not less than the steps of its history
   * @throws HdlException with {@link ErrorCode#OUT_OF_MEMORY} if the memory cannot be had
   * @throws IllegalArgumentException if the channels or lengths do not fit the source
   */
  public static DerivedStore of(
      SeriesStore source,
      int[] series,
      List<Channel> channels,
      List<Constant> constants,
      int[] lengths) {
    StoreBuilder.checkOrder(channels);
    if (!channels.get(0).equals(source.channels().get(0))) {
      throw new IllegalArgumentException(
          "target: " + channels.get(0) + " (expected: " + source.channels().get(0) + ")");
    }
    if (lengths.length != series.length) {
      throw new IllegalArgumentException(
          "lengths: " + lengths.length + " (expected: " + series.length + ")");
    }
    for (int s = 0; s < series.length; s++) {
      if (lengths[s] < source.targetEnd(series[s])) {
        throw new IllegalArgumentException(
            "length of series "
                + source.keys().get(series[s])
                + ": "
                + lengths[s]
                + " (expected: >= "
                + source.targetEnd(series[s])
                + ")");
      }
    }
    return new DerivedStore(source, series, channels, constants, lengths);
  }

  /**
   * Puts the values of one series.
   *
   * @param at its index among the series of the new store
   * @param values {@code [channel][time]}, NaN where missing; arrays may be longer than the series.
   *     Channel 0 is copied from the source, whatever stands here
   * @param constantsOfSeries one value per constant, NaN where missing
   * @throws IllegalArgumentException if an array is too short or a value is infinite
   */
  public void put(int at, float[][] values, float[] constantsOfSeries) {
    if (values.length != channels.size() || constantsOfSeries.length != constants.size()) {
      throw new IllegalArgumentException(
          "channels, constants: "
              + values.length
              + ", "
              + constantsOfSeries.length
              + " (expected: "
              + channels.size()
              + ", "
              + constants.size()
              + ")");
    }
    int from = series[at];
    ByteBuffer buffer = segments.buffer(index.address(at));
    int position = Segments.position(index.address(at));
    int stepBytes = layout.stepBytes();
    int history = source.targetEnd(from);
    for (int step = 0; step < history; step++) {
      buffer.putFloat(position + step * stepBytes, source.value(from, step, 0));
    }
    for (int c = 1; c < values.length; c++) {
      float[] column = values[c];
      int target = position + c * Float.BYTES;
      for (int step = 0; step < lengths[at]; step++, target += stepBytes) {
        float value = column[step];
        if (Float.isInfinite(value)) {
          throw new IllegalArgumentException(
              channels.get(c).name() + ": " + value + " (expected: a finite number or NaN)");
        }
        buffer.putFloat(target, value);
      }
    }
    for (int c = 0; c < constantsOfSeries.length; c++) {
      index
          .constantBits()
          .put(at * constants.size() + c, Float.floatToIntBits(constantsOfSeries[c]));
    }
    StoreFinish.keepMoments(layout, segments, index.address(at), lengths[at]);
    synchronized (done) {
      done.set(at);
    }
  }

  /**
   * The store. It is the caller's from here on.
   *
   * @throws IllegalStateException if a series was not put
   */
  public SeriesStore finish() {
    synchronized (done) {
      if (done.cardinality() != series.length) {
        throw new IllegalStateException(
            done.cardinality() + " of " + series.length + " series were put");
      }
    }
    return new SeriesStore(
        source.axis(), channels, constants, SeriesKeys.ofTexts(index), index, segments, null);
  }
}
