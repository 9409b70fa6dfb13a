package io.hdl.data.feature;

import io.hdl.data.series.Channel;
import io.hdl.data.series.SeriesKey;
import java.util.List;

/**
 * One series with another future: from a step on, the target and what is known for the past only
 * are not what they were. What is known ahead stays.
 */
final class FutureChange implements SeriesData {
  enum Form {
    /** Every value is another one of the same order. */
    SHIFT {
      @Override
      void change(Channel channel, float[] values, int from, int end) {
        for (int i = from; i < end; i++) {
          values[i] = other(channel, values[i]);
        }
      }
    },
    /** The observed values come in the opposite order. */
    REVERSE {
      @Override
      void change(Channel channel, float[] values, int from, int end) {
        for (int low = from, high = end - 1; low < high; ) {
          if (Float.isNaN(values[low])) {
            low++;
          } else if (Float.isNaN(values[high])) {
            high--;
          } else {
            float value = values[low];
            values[low++] = values[high];
            values[high--] = value;
          }
        }
      }
    },
    /** The table ends: all values are missing, and there are no rows beyond the horizon. */
    CUT {
      @Override
      void change(Channel channel, float[] values, int from, int end) {
        for (int i = from; i < end; i++) {
          values[i] = Float.NaN;
        }
      }
    };

    abstract void change(Channel channel, float[] values, int from, int end);
  }

  private final SeriesData data;
  private final List<Channel> channels;
  private final Form form;
  private final int origin;
  private final int horizon;

  FutureChange(SeriesData data, List<Channel> channels, Form form, int origin, int horizon) {
    this.data = data;
    this.channels = channels;
    this.form = form;
    this.origin = origin;
    this.horizon = horizon;
  }

  /** A different value that every step of a pipeline takes where it took the first. */
  static float other(Channel channel, float value) {
    if (Float.isNaN(value)) {
      return value;
    }
    return switch (channel.kind()) {
      case BOOLEAN -> 1 - value;
      case CATEGORY ->
          channel.categories().isEmpty() ? value : (value + 1) % channel.categories().size();
      // Stays above -1 where it was, and finite.
      case NUMBER -> Math.abs(value) > 1e30f ? value / 2 : value == -4 ? -5 : 1.25f * value + 1;
    };
  }

  @Override
  public SeriesKey key(int series) {
    return data.key(series);
  }

  @Override
  public long firstStep(int series) {
    return data.firstStep(series);
  }

  @Override
  public int length(int series) {
    int length = data.length(series);
    return form == Form.CUT ? Math.min(length, origin + horizon) : length;
  }

  @Override
  public int targetEnd(int series) {
    int end = data.targetEnd(series);
    if (form != Form.CUT || end <= origin) {
      return end;
    }
    float[] target = new float[origin];
    data.read(series, 0, origin, target);
    int last = origin;
    while (last > 0 && Float.isNaN(target[last - 1])) {
      last--;
    }
    return last;
  }

  @Override
  public void read(int series, int channel, int steps, float[] into) {
    // The whole of it, so that the opposite order does not depend on how much is read.
    float[] all = new float[data.length(series)];
    data.read(series, channel, all.length, all);
    if (channels.get(channel).role() != Channel.Role.KNOWN && origin < all.length) {
      form.change(channels.get(channel), all, origin, all.length);
    }
    System.arraycopy(all, 0, into, 0, steps);
  }

  @Override
  public float constant(int series, int constant) {
    return data.constant(series, constant);
  }
}
