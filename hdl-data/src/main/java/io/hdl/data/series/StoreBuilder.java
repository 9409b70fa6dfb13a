package io.hdl.data.series;

import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Puts a store together from arrays. Not thread-safe. */
final class StoreBuilder {
  private static final class Entry {
    final long firstStep;
    final float[] values;
    final float[] constants;

    Entry(long firstStep, float[] values, float[] constants) {
      this.firstStep = firstStep;
      this.values = values;
      this.constants = constants;
    }
  }

  private final TimeAxis axis;
  private final List<Channel> channels;
  private final List<Constant> constants;
  private final int maxSegmentBytes;
  private final Map<SeriesKey, Entry> series = new LinkedHashMap<>();

  StoreBuilder(
      TimeAxis axis, List<Channel> channels, List<Constant> constants, int maxSegmentBytes) {
    this.axis = axis;
    this.channels = List.copyOf(channels);
    this.constants = List.copyOf(constants);
    this.maxSegmentBytes = maxSegmentBytes;
    checkOrder(this.channels);
  }

  /** Holds the target first, then what is known ahead, then what is known only for the past. */
  static void checkOrder(List<Channel> channels) {
    for (int c = 0; c < channels.size(); c++) {
      boolean target = channels.get(c).role() == Channel.Role.TARGET;
      boolean late = c > 0 && channels.get(c).role().compareTo(channels.get(c - 1).role()) < 0;
      if (target != (c == 0) || late) {
        throw new IllegalArgumentException(
            "channels: "
                + channels.stream().map(x -> x.name() + " " + x.role()).toList()
                + " (expected: one TARGET, then KNOWN, then PAST)");
      }
    }
    if (channels.isEmpty()) {
      throw new IllegalArgumentException("channels: [] (expected: the target at least)");
    }
  }

  void add(SeriesKey key, long firstStep, float[] values, float[] constantValues) {
    if (values.length == 0 || values.length % channels.size() != 0) {
      throw new IllegalArgumentException(
          "values of series "
              + key
              + ": "
              + values.length
              + " (expected: a positive multiple of "
              + channels.size()
              + " channels)");
    }
    if (constantValues.length != constants.size()) {
      throw new IllegalArgumentException(
          "constants of series "
              + key
              + ": "
              + constantValues.length
              + " (expected: "
              + constants.size()
              + ")");
    }
    for (int i = 0; i < values.length; i++) {
      Channel channel = channels.get(i % channels.size());
      check(key, channel.name(), channel.kind(), channel.categories(), values[i]);
    }
    for (int i = 0; i < constantValues.length; i++) {
      Constant constant = constants.get(i);
      check(key, constant.name(), constant.kind(), constant.categories(), constantValues[i]);
    }
    Entry entry = new Entry(firstStep, values.clone(), constantValues.clone());
    if (series.putIfAbsent(key, entry) != null) {
      throw new IllegalArgumentException("series " + key + " was added before");
    }
  }

  private static void check(
      SeriesKey key, String name, Channel.Kind kind, List<String> categories, float value) {
    boolean wrong =
        Float.isInfinite(value)
            || (kind == Channel.Kind.BOOLEAN && (value != 0 && value != 1) && !Float.isNaN(value))
            || (kind == Channel.Kind.CATEGORY
                && !Float.isNaN(value)
                && (value < 0 || value >= categories.size() || value != (int) value));
    if (wrong) {
      throw new IllegalArgumentException(
          name
              + " of series "
              + key
              + ": "
              + value
              + " (expected: "
              + switch (kind) {
                case NUMBER -> "a finite number";
                case BOOLEAN -> "0 or 1";
                case CATEGORY -> "a code from 0 to " + (categories.size() - 1);
              }
              + ", or NaN where it is missing)");
    }
  }

  SeriesStore build() {
    int count = series.size();
    StoreLayout layout = new StoreLayout(channels);
    StoreLayout.Places sizes = new StoreLayout.Places(layout, maxSegmentBytes);
    long keyBytes = 0;
    KeyBytes bytes = new KeyBytes();
    for (Map.Entry<SeriesKey, Entry> entry : series.entrySet()) {
      sizes.add(length(entry.getValue()));
      bytes.encode(entry.getKey(), List.of());
      keyBytes += bytes.length();
    }
    Segments segments = Segments.allocate(sizes.sizes());
    StoreIndex index =
        new StoreIndex(
            PageSource.DIRECT.page(StoreIndex.bytes(count, constants.size(), keyBytes)),
            count,
            constants.size());
    StoreLayout.Places places = new StoreLayout.Places(layout, maxSegmentBytes);
    int s = 0;
    for (Map.Entry<SeriesKey, Entry> added : series.entrySet()) {
      Entry entry = added.getValue();
      bytes.encode(added.getKey(), List.of());
      long address = places.add(length(entry));
      index.put(s, entry.firstStep, length(entry), address, bytes.copy());
      index.putTargetEnd(s, targetEnd(entry.values, length(entry)));
      for (int c = 0; c < constants.size(); c++) {
        index
            .constantBits()
            .put(s * constants.size() + c, Float.floatToIntBits(entry.constants[c]));
      }
      ByteBuffer buffer = segments.buffer(address);
      int position = Segments.position(address);
      for (int i = 0; i < entry.values.length; i++) {
        buffer.putFloat(position + i * Float.BYTES, entry.values[i]);
      }
      StoreFinish.keepMoments(layout, segments, address, length(entry));
      s++;
    }
    return new SeriesStore(
        axis, channels, constants, SeriesKeys.ofTexts(index), index, segments, null);
  }

  private int length(Entry entry) {
    return entry.values.length / channels.size();
  }

  private int targetEnd(float[] values, int length) {
    for (int step = length; step > 0; step--) {
      if (!Float.isNaN(values[(step - 1) * channels.size()])) {
        return step;
      }
    }
    return 0;
  }
}
