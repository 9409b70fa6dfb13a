package io.hdl.train.evaluate;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.Cancellation;
import io.hdl.data.series.Part;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.WindowSelection;
import io.hdl.data.series.Windows;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Scores predictors on the windows of a part, by default all, in their fixed order, batch by batch,
 * so that memory does not grow with the number of windows.
 *
 * <p>The MASE of a window is its MAE over the seasonal scale of its series' history before the
 * part: the training part when validation is scored, training and validation when the test part is.
 * That is what the M4 competition does with its in-sample period. RMSSE is scaled likewise.
 * Immutable and thread-safe, if the store is.
 */
public final class Evaluator {
  /** Names of the baselines that are scored unless others are asked for. */
  public static final List<String> DEFAULT_BASELINES =
      List.of(Baseline.NAIVE, Baseline.SEASONAL_NAIVE);

  private static final int DEFAULT_BATCH = 1024;

  private final SeriesStore store;
  private final Split split;
  private final int context;
  private final int horizon;
  private final int season;
  private final int batch;
  private final Cancellation cancellation;
  private final WindowSelection selection;
  private final Optional<Scaler> scaler;
  private final List<String> names;
  private final List<Baseline> baselines;

  private Evaluator(
      SeriesStore store,
      Split split,
      int context,
      int horizon,
      int season,
      int batch,
      Cancellation cancellation,
      WindowSelection selection,
      Optional<Scaler> scaler,
      List<String> names) {
    this.store = store;
    this.split = split;
    this.context = context;
    this.horizon = horizon;
    this.season = season;
    this.batch = batch;
    this.cancellation = cancellation;
    this.selection = selection;
    this.scaler = scaler;
    this.names = names;
    this.baselines =
        names.stream()
            .map(name -> Baseline.named(name, store, season).cancelledBy(cancellation))
            .toList();
  }

  /**
   * An evaluator for the windows of a store under a split.
   *
   * @param context steps of a window before its origin
   * @param horizon steps of a window from its origin on
   */
  public static Evaluator of(SeriesStore store, Split split, int context, int horizon) {
    requirePositive("context", context);
    requirePositive("horizon", horizon);
    return new Evaluator(
        store,
        split,
        context,
        horizon,
        1,
        DEFAULT_BATCH,
        new Cancellation(),
        WindowSelection.all(),
        Optional.empty(),
        DEFAULT_BASELINES);
  }

  /** The same evaluator with the steps of a season, for MASE and the baselines; default 1. */
  public Evaluator season(int steps) {
    requirePositive("season", steps);
    return new Evaluator(
        store, split, context, horizon, steps, batch, cancellation, selection, scaler, names);
  }

  /** The same evaluator with the most windows that a predictor is asked for at once. */
  public Evaluator batchSize(int maxWindows) {
    requirePositive("batchSize", maxWindows);
    return new Evaluator(
        store, split, context, horizon, season, maxWindows, cancellation, selection, scaler, names);
  }

  /** The same evaluator, stopped between two batches when a job is cancelled. */
  public Evaluator cancelledBy(Cancellation request) {
    return new Evaluator(
        store, split, context, horizon, season, batch, request, selection, scaler, names);
  }

  /**
   * The same evaluator on some of the windows of a part, such as every seventh origin, or the last
   * one of each series; default all.
   */
  public Evaluator windows(WindowSelection chosen) {
    return new Evaluator(
        store, split, context, horizon, season, batch, cancellation, chosen, scaler, names);
  }

  /**
   * The same evaluator with errors counted on the scaled target, {@code (y - location) / scale} of
   * its series, not in the target's own unit. With {@link io.hdl.data.series.Scaling#STANDARD}
   * fitted on the training part, and all windows, that is how papers report MSE and MAE on the ETT
   * data (Zhou et al., "Informer", 2021, and those after it).
   *
   * @param fitted a scaler of this evaluator's store
   */
  public Evaluator scaledBy(Scaler fitted) {
    return new Evaluator(
        store,
        split,
        context,
        horizon,
        season,
        batch,
        cancellation,
        selection,
        Optional.of(fitted),
        names);
  }

  /**
   * The same evaluator with other baselines; default naive and seasonal naive. With {@link
   * Baseline#NAIVE2} among them scores have the M4 competition's {@code owa}, too.
   *
   * @param wanted of {@link Baseline#names()}; none for no baselines
   * @throws IllegalArgumentException if there is none of a name
   */
  public Evaluator baselines(List<String> wanted) {
    return new Evaluator(
        store,
        split,
        context,
        horizon,
        season,
        batch,
        cancellation,
        selection,
        scaler,
        List.copyOf(wanted));
  }

  /** The windows of a part that this evaluator scores. */
  public Windows windows(Part part) {
    return Windows.of(store, split, part, context, horizon, selection);
  }

  /** The baselines; they keep what they have forecast, for as long as the evaluator lives. */
  public List<Baseline> baselines() {
    return baselines;
  }

  /**
   * Scores a model and the baselines on validation and test.
   *
   * @throws io.hdl.core.error.JobCancelledException if the job was cancelled meanwhile
   */
  public Backtest backtest(WindowPredictor model) {
    Windows testWindows = windows(Part.TEST);
    PartErrors test = errors(Part.TEST, testWindows, model);
    PartErrors validation = errors(Part.VALIDATION, model);
    Map<String, PartErrors> onTest = new LinkedHashMap<>();
    Map<String, PartErrors> onValidation = new LinkedHashMap<>();
    for (Baseline baseline : baselines) {
      onTest.put(baseline.name(), errors(Part.TEST, testWindows, baseline));
      onValidation.put(baseline.name(), errors(Part.VALIDATION, baseline));
    }
    Evaluation evaluation = BaselineScores.evaluation(test, onTest);
    if (validation.windows() > 0) {
      Scores chosenBy =
          BaselineScores.withOwa(validation.scores(), BaselineScores.of(onValidation));
      evaluation =
          new Evaluation(
              evaluation.part(),
              evaluation.model(),
              chosenBy,
              evaluation.baselines(),
              evaluation.series(),
              evaluation.windows());
    }
    return new Backtest(evaluation, test, validation, onTest, onValidation);
  }

  /**
   * Scores one predictor on all windows of a part.
   *
   * @throws io.hdl.core.error.JobCancelledException if the job was cancelled meanwhile
   */
  public PartErrors errors(Part part, WindowPredictor predictor) {
    return errors(part, windows(part), predictor);
  }

  private PartErrors errors(Part part, Windows windows, WindowPredictor predictor) {
    List<Double> quantiles = predictor.quantiles();
    PartErrors errors = new PartErrors(horizon, store.seriesCount(), quantiles);
    SeriesScales scales = new SeriesScales(season, series -> history(part, series));
    int capacity = (int) Math.min(batch, Math.max(1, windows.size()));
    float[] forecast = new float[Math.multiplyExact(capacity, horizon)];
    float[] bands = new float[Math.multiplyExact(forecast.length, quantiles.size())];
    double[] actual = new double[horizon];
    for (long from = 0; from < windows.size(); from += capacity) {
      cancellation.throwIfRequested();
      int count = (int) Math.min(capacity, windows.size() - from);
      predictor.predict(windows, from, count, forecast);
      if (!quantiles.isEmpty()) {
        predictor.predictQuantiles(windows, from, count, bands);
      }
      for (int i = 0; i < count; i++) {
        int series = windows.series(from + i);
        int origin = windows.origin(from + i);
        for (int step = 0; step < horizon; step++) {
          actual[step] = scaled(series, store.value(series, origin + step, 0));
        }
        scale(series, forecast, i * horizon, horizon);
        scale(series, bands, i * horizon * quantiles.size(), horizon * quantiles.size());
        errors.add(series, actual, forecast, i * horizon, scales.of(series), scales.squared());
        errors.addQuantiles(actual, bands, i * horizon * quantiles.size());
      }
    }
    return errors.sealed();
  }

  /** Takes the forecast of one window. */
  interface ForecastSink {
    void take(long window, float[] forecast, int offset);
  }

  /** Lets a predictor forecast windows batch by batch. */
  void predict(Windows windows, WindowPredictor predictor, ForecastSink sink) {
    int capacity = (int) Math.min(batch, Math.max(1, windows.size()));
    float[] forecast = new float[Math.multiplyExact(capacity, horizon)];
    for (long from = 0; from < windows.size(); from += capacity) {
      cancellation.throwIfRequested();
      int count = (int) Math.min(capacity, windows.size() - from);
      predictor.predict(windows, from, count, forecast);
      for (int i = 0; i < count; i++) {
        sink.take(from + i, forecast, i * horizon);
      }
    }
  }

  /** What is known of a series before a part. */
  private double[] history(Part part, int number) {
    Split.Bounds bounds = split.bounds(store, number);
    int end = part == Part.TRAIN ? bounds.trainEnd() : bounds.start(part);
    double[] history = new double[Math.max(0, end)];
    for (int t = 0; t < history.length; t++) {
      history[t] = scaled(number, store.value(number, t, 0));
    }
    return history;
  }

  private void scale(int series, float[] values, int from, int count) {
    if (scaler.isPresent()) {
      for (int i = from; i < from + count; i++) {
        values[i] = (float) scaled(series, values[i]);
      }
    }
  }

  private double scaled(int series, float value) {
    if (scaler.isEmpty()) {
      return value;
    }
    return ((double) value - scaler.get().location(series, 0)) / scaler.get().scale(series, 0);
  }

  private static void requirePositive(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= 1)");
    }
  }
}
