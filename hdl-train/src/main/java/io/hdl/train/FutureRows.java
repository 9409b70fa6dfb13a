package io.hdl.train;

import io.hdl.data.feature.FittedFeatures;
import io.hdl.data.series.Channel;
import io.hdl.data.series.DerivedStore;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The raw rows of a horizon: those of the data, completed with the covariates that a request
 * supplies. Features are made of them afterwards.
 */
final class FutureRows {
  private final FittedFeatures fitted;
  private final SeriesStore data;
  private final FutureRequest request;

  FutureRows(FittedFeatures fitted, SeriesStore data, FutureRequest request) {
    this.fitted = fitted;
    this.data = data;
    this.request = request;
  }

  /** Some series of the data, each with all rows of its horizon. The caller closes the store. */
  SeriesStore completed(int[] series) {
    int[] lengths = new int[series.length];
    Arrays.setAll(
        lengths,
        i -> Math.max(data.length(series[i]), data.targetEnd(series[i]) + fitted.horizon()));
    List<Channel> channels = new ArrayList<>();
    for (int c = 0; c < data.channels().size(); c++) {
      channels.add(withAllTexts(data.channels().get(c), fitted.channels().get(c), series));
    }
    DerivedStore completed = DerivedStore.of(data, series, channels, data.constants(), lengths);
    for (int i = 0; i < series.length; i++) {
      float[] constants = new float[data.constants().size()];
      for (int c = 0; c < constants.length; c++) {
        constants[c] = data.constant(series[i], c);
      }
      completed.put(i, values(series[i], lengths[i], channels), constants);
    }
    return completed.finish();
  }

  /**
   * The channel with the texts of the training too, and with those that are supplied as unknown.
   */
  private Channel withAllTexts(Channel channel, Channel trained, int[] series) {
    if (channel.kind() != Channel.Kind.CATEGORY || channel.role() != Channel.Role.KNOWN) {
      return channel;
    }
    List<String> texts = new ArrayList<>(channel.categories());
    trained.categories().stream().filter(text -> !texts.contains(text)).forEach(texts::add);
    if (fitted.takesUnknown(channel.name())) {
      for (int s : series) {
        for (int step = data.targetEnd(s); step < data.targetEnd(s) + fitted.horizon(); step++) {
          supplied(channel, s, step)
              .filter(String.class::isInstance)
              .map(String.class::cast)
              .filter(text -> !texts.contains(text))
              .ifPresent(texts::add);
        }
      }
    }
    return new Channel(channel.name(), channel.role(), channel.kind(), texts);
  }

  private Optional<?> supplied(Channel channel, int series, int step) {
    return request.known().value(data.keys().get(series), channel.name(), time(series, step));
  }

  private float[][] values(int series, int length, List<Channel> channels) {
    float[][] values = new float[channels.size()][length];
    int end = data.targetEnd(series);
    SeriesKey key = data.keys().get(series);
    for (int c = 0; c < values.length; c++) {
      for (int step = 0; step < length; step++) {
        values[c][step] = step < data.length(series) ? data.value(series, step, c) : Float.NaN;
      }
      if (channels.get(c).role() == Channel.Role.KNOWN) {
        for (int step = end; step < end + fitted.horizon(); step++) {
          if (Float.isNaN(values[c][step])) {
            values[c][step] =
                (float)
                    SuppliedValue.of(request.known(), key, channels.get(c), time(series, step))
                        .orElse(Double.NaN);
          }
        }
      }
    }
    return values;
  }

  private String time(int series, int step) {
    return data.axis().label(data.firstStep(series) + step);
  }
}
