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
import java.util.function.BiFunction;

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

  /** Makes one series' part of the answer out of the model's values for a batch. */
  @FunctionalInterface
  private interface Part<T> {
    T of(SeriesKey key, List<String> times, float[] values, int row);
  }

  Forecast make() {
    List<SeriesKey> tooShort = new ArrayList<>();
    return new Forecast(answers(tooShort, forecaster::forecast, this::forecast), tooShort);
  }

  SamplePaths paths(int paths) {
    List<SeriesKey> tooShort = new ArrayList<>();
    BiFunction<WindowBatch, Scaler, float[]> drawn =
        (batch, scaler) -> forecaster.paths(batch, scaler, paths);
    Part<SamplePaths.SeriesPaths> part =
        (key, times, values, row) -> {
          List<List<Double>> lists = new ArrayList<>();
          for (int p = 0; p < paths; p++) {
            lists.add(column(values, row, times.size(), paths, p));
          }
          return new SamplePaths.SeriesPaths(key, times, lists);
        };
    return new SamplePaths(answers(tooShort, drawn, part), tooShort);
  }

  private <T> List<T> answers(
      List<SeriesKey> tooShort, BiFunction<WindowBatch, Scaler, float[]> values, Part<T> part) {
    int[] series = series(tooShort);
    if (series.length == 0) {
      return List.of();
    }
    if (fitted.isEmpty()) {
      return answers(data, series, values, part);
    }
    // A store holds each series once, however often it is asked for.
    int[] distinct = Arrays.stream(series).distinct().toArray();
    try (SeriesStore completed = new FutureRows(fitted.get(), data, request).completed(distinct);
        SeriesStore features = fitted.get().apply(completed)) {
      int[] wanted =
          Arrays.stream(series).map(s -> features.find(data.keys().get(s)).orElseThrow()).toArray();
      return answers(features, wanted, values, part);
    }
  }

  /** The answers for some series of a store that holds what the model sees. */
  private <T> List<T> answers(
      SeriesStore store,
      int[] series,
      BiFunction<WindowBatch, Scaler, float[]> values,
      Part<T> part) {
    Manifest manifest = forecaster.manifest();
    StoreFit fit = StoreFit.of(manifest, store);
    int horizon = manifest.horizon();
    Windows windows = Windows.future(store, manifest.context(), horizon, series);
    Scaler scaler = Scaler.fromJson(manifest.scaler(), store);
    int capacity = Math.min(MAX_BATCH, series.length);
    List<T> answers = new ArrayList<>();
    try (WindowFeed feed = WindowFeed.open(windows, windows.inOrder(), capacity, scaler)) {
      while (feed.hasNext()) {
        try (Lease<WindowBatch> lease = feed.next()) {
          WindowBatch batch = lease.batch();
          complete(store, fit, batch);
          float[] answer = values.apply(batch, scaler);
          for (int i = 0; i < batch.size(); i++) {
            SeriesKey key = store.keys().get(batch.series(i));
            answers.add(part.of(key, times(store, batch.series(i), batch.origin(i)), answer, i));
          }
        }
      }
    }
    return answers;
  }

  /** Brings a batch to the model's categories and fills in what the request supplies. */
  private void complete(SeriesStore store, StoreFit fit, WindowBatch batch) {
    List<Gap> gaps = gaps(batch, store);
    fit.translate(batch);
    FloatBuffer batchValues = batch.values();
    gaps.forEach(gap -> batchValues.put(gap.at(), supplied(gap, store)));
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

  private Forecast.SeriesForecast forecast(
      SeriesKey key, List<String> times, float[] values, int row) {
    int horizon = times.size();
    int width = forecaster.width();
    Map<Double, List<Double>> quantiles = new LinkedHashMap<>();
    for (int q = 0; q < forecaster.quantiles().size(); q++) {
      quantiles.put(forecaster.quantiles().get(q), column(values, row, horizon, width, 1 + q));
    }
    return new Forecast.SeriesForecast(
        key, times, column(values, row, horizon, width, 0), quantiles);
  }

  private List<String> times(SeriesStore store, int series, int origin) {
    List<String> times = new ArrayList<>();
    for (int step = 0; step < forecaster.horizon(); step++) {
      times.add(time(store, series, origin + step));
    }
    return times;
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
