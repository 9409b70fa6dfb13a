package io.hdl.data.series;

import java.nio.ByteBuffer;
import java.util.ArrayList;
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
    long[] firstSteps = new long[count];
    int[] lengths = new int[count];
    int[] targetEnds = new int[count];
    float[] constantValues = new float[count * constants.size()];
    List<Entry> entries = new ArrayList<>(series.values());
    for (int s = 0; s < count; s++) {
      Entry entry = entries.get(s);
      firstSteps[s] = entry.firstStep;
      lengths[s] = entry.values.length / channels.size();
      targetEnds[s] = targetEnd(entry.values, lengths[s]);
      System.arraycopy(entry.constants, 0, constantValues, s * constants.size(), constants.size());
    }
    Segments segments = Segments.allocate(lengths, channels.size(), maxSegmentBytes);
    for (int s = 0; s < count; s++) {
      float[] values = entries.get(s).values;
      ByteBuffer buffer = segments.buffer(s);
      int position = segments.position(s);
      for (int i = 0; i < values.length; i++) {
        buffer.putFloat(position + i * Float.BYTES, values[i]);
      }
    }
    return new SeriesStore(
        axis,
        channels,
        constants,
        List.copyOf(series.keySet()),
        firstSteps,
        lengths,
        targetEnds,
        constantValues,
        segments);
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
