package io.hdl.train;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.feature.FittedFeatures;
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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * Makes the forecasts of one request. Where the model sees features, the rows of the horizon are
 * completed first, with the covariates that the request supplies, and the features made of them.
 */
final class FutureForecasts {
  private static final int MAX_BATCH = 1024;

  private final Forecaster forecaster;
  private final SeriesStore data;
  private final FutureRequest request;
  private final Optional<FittedFeatures> fitted;
  private final List<Channel> known;

  FutureForecasts(Forecaster forecaster, SeriesStore data, FutureRequest request) {
    this.forecaster = forecaster;
    this.data = data;
    this.request = request;
    this.fitted = forecaster.manifest().fitted();
    fitted.ifPresentOrElse(
        features -> features.checkFits(data), () -> StoreFit.of(forecaster.manifest(), data));
    this.known = forecaster.features().knownChannels();
  }

  Forecast make() {
    List<SeriesKey> tooShort = new ArrayList<>();
    int[] series = series(tooShort);
    if (series.length == 0) {
      return new Forecast(List.of(), tooShort);
    }
    if (fitted.isEmpty()) {
      return new Forecast(forecasts(data, series), tooShort);
    }
    // A store holds each series once, however often it is asked for.
    int[] distinct = Arrays.stream(series).distinct().toArray();
    try (SeriesStore completed = new FutureRows(fitted.get(), data, request).completed(distinct);
        SeriesStore features = fitted.get().apply(completed)) {
      int[] wanted =
          Arrays.stream(series).map(s -> features.find(data.keys().get(s)).orElseThrow()).toArray();
      return new Forecast(forecasts(features, wanted), tooShort);
    }
  }

  /** The forecasts of some series of a store that holds what the model sees. */
  private List<Forecast.SeriesForecast> forecasts(SeriesStore store, int[] series) {
    Manifest manifest = forecaster.manifest();
    StoreFit fit = StoreFit.of(manifest, store);
    int horizon = manifest.horizon();
    Windows windows = Windows.future(store, manifest.context(), horizon, series);
    Scaler scaler = Scaler.fromJson(manifest.scaler(), store);
    int capacity = Math.min(MAX_BATCH, series.length);
    List<Forecast.SeriesForecast> forecasts = new ArrayList<>();
    try (WindowFeed feed = WindowFeed.open(windows, windows.inOrder(), capacity, scaler)) {
      while (feed.hasNext()) {
        try (Lease<WindowBatch> lease = feed.next()) {
          add(store, fit, lease.batch(), scaler, forecasts);
        }
      }
    }
    return forecasts;
  }

  private void add(
      SeriesStore store,
      StoreFit fit,
      WindowBatch batch,
      Scaler scaler,
      List<Forecast.SeriesForecast> forecasts) {
    List<Gap> gaps = gaps(batch, store);
    fit.translate(batch);
    FloatBuffer batchValues = batch.values();
    gaps.forEach(gap -> batchValues.put(gap.at(), supplied(gap, store)));
    float[] values = forecaster.forecast(batch, scaler);
    for (int i = 0; i < batch.size(); i++) {
      forecasts.add(one(store, batch.series(i), batch.origin(i), values, i));
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

  private List<Gap> gaps(WindowBatch batch, SeriesStore store) {
    FloatBuffer values = batch.values();
    int channels = store.channels().size();
    List<String> made = fitted.map(FittedFeatures::added).orElse(List.of());
    List<Channel> needed = known.stream().filter(c -> !made.contains(c.name())).toList();
    int steps = batch.context() + batch.horizon();
    List<Gap> gaps = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      for (int step = 0; step < batch.horizon(); step++) {
        for (Channel channel : needed) {
          int index = forecaster.manifest().channels().indexOf(channel);
          int at = (i * steps + batch.context() + step) * channels + index;
          if (Float.isNaN(values.get(at))) {
            gaps.add(new Gap(at, channel, batch.series(i), batch.origin(i) + step));
          }
        }
      }
    }
    return gaps;
  }

  private float supplied(Gap gap, SeriesStore store) {
    Channel channel = gap.channel();
    SeriesKey key = store.keys().get(gap.series());
    String time = time(store, gap.series(), gap.step());
    if (fitted.isEmpty()) {
      OptionalDouble value = SuppliedValue.of(request.known(), key, channel, time);
      if (value.isPresent()) {
        return (float) value.getAsDouble();
      }
    } // else all that the request supplies was there before the features were made
    throw new HdlException(
        ErrorCode.INVALID_DATA,
        "Cannot forecast series "
            + key
            + ": "
            + channel.name()
            + ", which the model needs to know ahead, is missing for "
            + time
            + ". Write rows for the future steps into the table (target null), or supply values"
            + " with FutureRequest.known(...).");
  }

  private Forecast.SeriesForecast one(
      SeriesStore store, int series, int origin, float[] values, int i) {
    int horizon = forecaster.horizon();
    int width = forecaster.width();
    List<String> times = new ArrayList<>();
    for (int step = 0; step < horizon; step++) {
      times.add(time(store, series, origin + step));
    }
    Map<Double, List<Double>> quantiles = new LinkedHashMap<>();
    for (int q = 0; q < forecaster.quantiles().size(); q++) {
      quantiles.put(forecaster.quantiles().get(q), column(values, i, horizon, width, 1 + q));
    }
    return new Forecast.SeriesForecast(
        store.keys().get(series), times, column(values, i, horizon, width, 0), quantiles);
  }

  private static List<Double> column(float[] values, int i, int horizon, int width, int at) {
    List<Double> column = new ArrayList<>();
    for (int step = 0; step < horizon; step++) {
      column.add((double) values[(i * horizon + step) * width + at]);
    }
    return column;
  }

  private static String time(SeriesStore store, int series, int step) {
    return store.axis().label(store.firstStep(series) + step);
  }
}
