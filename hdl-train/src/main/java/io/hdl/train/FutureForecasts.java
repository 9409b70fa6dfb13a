package io.hdl.train;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.feed.Lease;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.WindowBatch;
import io.hdl.data.series.WindowFeed;
import io.hdl.data.series.Windows;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/** Makes the forecasts of one request. */
final class FutureForecasts {
  private static final int MAX_BATCH = 1024;

  private final Forecaster forecaster;
  private final SeriesStore data;
  private final FutureRequest request;
  private final StoreFit fit;
  private final List<Channel> known;

  FutureForecasts(Forecaster forecaster, SeriesStore data, FutureRequest request) {
    this.forecaster = forecaster;
    this.data = data;
    this.request = request;
    this.fit = StoreFit.of(forecaster.manifest(), data);
    this.known = forecaster.features().knownChannels();
  }

  Forecast make() {
    List<SeriesKey> tooShort = new ArrayList<>();
    int[] series = series(tooShort);
    if (series.length == 0) {
      return new Forecast(List.of(), tooShort);
    }
    Manifest manifest = forecaster.manifest();
    int horizon = manifest.horizon();
    Windows windows = Windows.future(data, manifest.context(), horizon, series);
    Scaler scaler = Scaler.fromJson(manifest.scaler(), data);
    int capacity = Math.min(MAX_BATCH, series.length);
    List<Forecast.SeriesForecast> forecasts = new ArrayList<>();
    try (WindowFeed feed = WindowFeed.open(windows, windows.inOrder(), capacity, scaler)) {
      while (feed.hasNext()) {
        try (Lease<WindowBatch> lease = feed.next()) {
          add(lease.batch(), scaler, forecasts);
        }
      }
    }
    return new Forecast(forecasts, tooShort);
  }

  private void add(WindowBatch batch, Scaler scaler, List<Forecast.SeriesForecast> forecasts) {
    List<Gap> gaps = gaps(batch);
    fit.translate(batch);
    FloatBuffer batchValues = batch.values();
    gaps.forEach(gap -> batchValues.put(gap.at(), supplied(gap)));
    float[] values = forecaster.forecast(batch, scaler);
    for (int i = 0; i < batch.size(); i++) {
      forecasts.add(one(batch.series(i), batch.origin(i), values, i));
    }
  }

  private int[] series(List<SeriesKey> tooShort) {
    int context = forecaster.context();
    List<Integer> numbers = new ArrayList<>();
    if (request.keys().isEmpty()) {
      for (int s = 0; s < data.seriesCount(); s++) {
        if (data.targetEnd(s) >= context) {
          numbers.add(s);
        } else {
          tooShort.add(data.keys().get(s));
        }
      }
    }
    for (SeriesKey key : request.keys()) {
      OptionalInt found = data.find(key);
      if (found.isEmpty()) {
        throw new HdlException(
            ErrorCode.NOT_FOUND,
            "Cannot forecast series "
                + key
                + ": the data has no such series. It has "
                + data.seriesCount()
                + ", such as "
                + data.keys().subList(0, Math.min(3, data.seriesCount()))
                + ".");
      }
      int length = data.targetEnd(found.getAsInt());
      if (length < context) {
        throw new HdlException(
            ErrorCode.NOT_ENOUGH_DATA,
            "Cannot forecast series "
                + key
                + ": its history has "
                + length
                + " steps, the model needs "
                + context
                + ". Leave it out, or train with a shorter context.");
      }
      numbers.add(found.getAsInt());
    }
    return numbers.stream().mapToInt(Integer::intValue).toArray();
  }

  /** A covariate known ahead that the data does not hold, and where it belongs in the batch. */
  private record Gap(int at, Channel channel, int series, int step) {}

  private List<Gap> gaps(WindowBatch batch) {
    FloatBuffer values = batch.values();
    int channels = data.channels().size();
    int steps = batch.context() + batch.horizon();
    List<Gap> gaps = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      for (int step = 0; step < batch.horizon(); step++) {
        for (Channel channel : known) {
          int index = forecaster.channels().indexOf(channel);
          int at = (i * steps + batch.context() + step) * channels + index;
          if (Float.isNaN(values.get(at))) {
            gaps.add(new Gap(at, channel, batch.series(i), batch.origin(i) + step));
          }
        }
      }
    }
    return gaps;
  }

  private float supplied(Gap gap) {
    Channel channel = gap.channel();
    SeriesKey key = data.keys().get(gap.series());
    String time = time(gap.series(), gap.step());
    Object value =
        request
            .known()
            .value(key, channel.name(), time)
            .map(Object.class::cast)
            .orElseThrow(
                () ->
                    new HdlException(
                        ErrorCode.INVALID_DATA,
                        "Cannot forecast series "
                            + key
                            + ": "
                            + channel.name()
                            + ", which the model needs to know ahead, is missing for "
                            + time
                            + ". Write rows for the future steps into the table (target null), or"
                            + " supply values with FutureRequest.known(...)."));
    if (value instanceof Number number && channel.kind() != Channel.Kind.CATEGORY) {
      float converted = number.floatValue();
      boolean fits = channel.kind() == Channel.Kind.NUMBER || converted == 0 || converted == 1;
      if (Float.isFinite(converted) && fits) {
        return converted;
      }
    } else if (value instanceof Boolean flag && channel.kind() == Channel.Kind.BOOLEAN) {
      return flag ? 1 : 0;
    } else if (value instanceof String text && channel.kind() == Channel.Kind.CATEGORY) {
      int code = channel.categories().indexOf(text);
      if (code >= 0) {
        return code;
      }
    }
    throw new HdlException(
        ErrorCode.INVALID_ARGUMENT,
        "Cannot forecast series "
            + key
            + ": the value supplied for "
            + channel.name()
            + " at "
            + time
            + " is "
            + value
            + " (expected: "
            + expected(channel)
            + ").");
  }

  private static String expected(Channel channel) {
    return switch (channel.kind()) {
      case NUMBER -> "a finite number";
      case BOOLEAN -> "true, false, 0 or 1";
      case CATEGORY -> "one of " + channel.categories();
    };
  }

  private Forecast.SeriesForecast one(int series, int origin, float[] values, int i) {
    int horizon = forecaster.horizon();
    int outputs = forecaster.manifest().loss().outputs();
    List<String> times = new ArrayList<>();
    for (int step = 0; step < horizon; step++) {
      times.add(time(series, origin + step));
    }
    Map<Double, List<Double>> quantiles = new LinkedHashMap<>();
    for (int q = 0; q < forecaster.quantiles().size(); q++) {
      quantiles.put(forecaster.quantiles().get(q), column(values, i, horizon, outputs, q));
    }
    int point = forecaster.manifest().loss().pointOutput();
    return new Forecast.SeriesForecast(
        data.keys().get(series), times, column(values, i, horizon, outputs, point), quantiles);
  }

  private static List<Double> column(float[] values, int i, int horizon, int outputs, int output) {
    List<Double> column = new ArrayList<>();
    for (int step = 0; step < horizon; step++) {
      column.add((double) values[(i * horizon + step) * outputs + output]);
    }
    return column;
  }

  private String time(int series, int step) {
    return data.axis().label(data.firstStep(series) + step);
  }
}
