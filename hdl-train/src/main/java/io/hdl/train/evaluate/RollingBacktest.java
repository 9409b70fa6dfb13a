package io.hdl.train.evaluate;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.job.Cancellation;
import io.hdl.data.series.Part;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.WindowSelection;
import io.hdl.train.evaluate.FoldTrainer.FoldModel;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A rolling-origin backtest: a model is trained on the past and forecasts one window of each
 * series, then the origin moves on, again and again. Each fold is given a store that ends with it,
 * so that nothing of what comes after can reach its training.
 *
 * <pre>{@code
 * RollingResult result = RollingBacktest.folds(5).stride(8).season(52)
 *     .baselines(Baseline.SEASONAL_NAIVE, Baseline.THETA)
 *     .run(store, 52, 8, fold -> trainOn(fold.store(), fold.split()));
 * }</pre>
 *
 * <p>The last fold ends with each series' own history; each one before it ends a stride earlier. A
 * series that is too short for a fold is left out of it. A fold's store is a copy, in memory only
 * while the fold is at work. Immutable and thread-safe.
 *
 * @see <a href="https://doi.org/10.1016/S0169-2070(00)00065-0">Tashman: Out-of-sample tests of
 *     forecasting accuracy, International Journal of Forecasting 16 (2000)</a>
 */
public final class RollingBacktest {
  /** When the model is trained. */
  public enum Refit {
    /** Anew for each fold. */
    EVERY_FOLD,
    /** Once, for the first fold. */
    NEVER
  }

  private static final int HORIZON = 0;

  private final int folds;
  private final int stride;
  private final int gap;
  private final int validation;
  private final int sliding;
  private final int season;
  private final Refit refit;
  private final List<String> baselines;
  private final Cancellation cancellation;
  private final Consumer<RollingResult.FoldResult> listener;

  private RollingBacktest(Draft draft) {
    folds = draft.folds;
    stride = draft.stride;
    gap = draft.gap;
    validation = draft.validation;
    sliding = draft.sliding;
    season = draft.season;
    refit = draft.refit;
    baselines = draft.baselines;
    cancellation = draft.cancellation;
    listener = draft.listener;
  }

  /** A backtest with so many origins. */
  public static RollingBacktest folds(int count) {
    requireAtLeast("folds", count, 1);
    Draft draft = new Draft();
    draft.folds = count;
    return new RollingBacktest(draft);
  }

  /** The same backtest with this many steps between two origins; default the horizon. */
  public RollingBacktest stride(int steps) {
    requireAtLeast("stride", steps, 1);
    return with(draft -> draft.stride = steps);
  }

  /**
   * The same backtest with steps between the end of what a model is trained and chosen on and its
   * first forecast; default 0. The model still sees them as context when it forecasts.
   */
  public RollingBacktest gap(int steps) {
    requireAtLeast("gap", steps, 0);
    return with(draft -> draft.gap = steps);
  }

  /** The same backtest with this long a validation part in each fold; default the horizon. */
  public RollingBacktest validation(int steps) {
    requireAtLeast("validation", steps, 1);
    return with(draft -> draft.validation = steps);
  }

  /**
   * The same backtest with a training part that is this long and slides along; default one that
   * begins with the series and expands.
   */
  public RollingBacktest sliding(int trainSteps) {
    requireAtLeast("sliding", trainSteps, 1);
    return with(draft -> draft.sliding = trainSteps);
  }

  /** The same backtest with the steps of a season, for MASE and the baselines; default 1. */
  public RollingBacktest season(int steps) {
    requireAtLeast("season", steps, 1);
    return with(draft -> draft.season = steps);
  }

  /** The same backtest with training when this says; default for each fold. */
  public RollingBacktest refit(Refit when) {
    return with(draft -> draft.refit = when);
  }

  /** The same backtest with other baselines, of {@link Baseline#names()}. */
  public RollingBacktest baselines(String... names) {
    return with(draft -> draft.baselines = List.of(names));
  }

  /** The same backtest, stopped between two batches when a job is cancelled. */
  public RollingBacktest cancelledBy(Cancellation request) {
    return with(draft -> draft.cancellation = request);
  }

  /** The same backtest with somebody who is told of each fold when it is done. */
  public RollingBacktest listener(Consumer<RollingResult.FoldResult> hears) {
    return with(draft -> draft.listener = hears);
  }

  /** What identifies the backtest, by dotted name. */
  public Map<String, String> settings() {
    Map<String, String> map = new LinkedHashMap<>();
    map.put("rolling.folds", Integer.toString(folds));
    map.put("rolling.stride", stride == HORIZON ? "horizon" : Integer.toString(stride));
    map.put("rolling.gap", Integer.toString(gap));
    map.put("rolling.validation", validation == HORIZON ? "horizon" : Integer.toString(validation));
    map.put("rolling.train", sliding == 0 ? "expanding" : "sliding " + sliding);
    map.put("rolling.refit", refit.name());
    return map;
  }

  /** The number of folds. */
  public int folds() {
    return folds;
  }

  /**
   * Trains and scores fold by fold, on the calling thread.
   *
   * @param store all the series
   * @param context steps of a window before its origin
   * @param horizon steps of a window from its origin on
   * @throws HdlException with {@code NOT_ENOUGH_DATA} if a fold has no series that is long enough
   * @throws io.hdl.core.error.JobCancelledException if the job was cancelled meanwhile
   */
  public RollingResult run(SeriesStore store, int context, int horizon, FoldTrainer trainer) {
    requireAtLeast("context", context, 1);
    requireAtLeast("horizon", horizon, 1);
    RollingTotals totals = new RollingTotals(store, horizon);
    FoldModel model = null;
    try {
      for (int number = 1; number <= folds; number++) {
        cancellation.throwIfRequested();
        try (SeriesStore past = past(store, number, context, horizon)) {
          int validationSteps = validation == HORIZON ? horizon : validation;
          Fold fold = new Fold(number, folds, past, Split.last(validationSteps, gap + horizon));
          if (model == null || refit == Refit.EVERY_FOLD) {
            FoldModel before = model;
            model = null;
            if (before != null) {
              before.close();
            }
            model = trainer.train(fold);
          }
          listener.accept(score(fold, context, horizon, model, totals));
        }
      }
    } finally {
      if (model != null) {
        model.close();
      }
    }
    return totals.result();
  }

  private RollingResult.FoldResult score(
      Fold fold, int context, int horizon, FoldModel model, RollingTotals totals) {
    Evaluator evaluator =
        Evaluator.of(fold.store(), fold.split(), context, horizon)
            .season(season)
            .windows(WindowSelection.all().last())
            .cancelledBy(cancellation)
            .baselines(baselines);
    PartErrors errors;
    try (WindowPredictor predictor = model.predictor(fold.store())) {
      errors = evaluator.errors(Part.TEST, predictor);
    }
    Map<String, PartErrors> beside = new LinkedHashMap<>();
    for (Baseline baseline : evaluator.baselines()) {
      beside.put(baseline.name(), evaluator.errors(Part.TEST, baseline));
    }
    return totals.add(fold, errors, beside);
  }

  /** The series up to the end of a fold. */
  private SeriesStore past(SeriesStore store, int number, int context, int horizon) {
    int back = (folds - number) * (stride == HORIZON ? horizon : stride);
    int validationSteps = validation == HORIZON ? horizon : validation;
    int kept = sliding == 0 ? Integer.MAX_VALUE : sliding + validationSteps + gap + horizon;
    Optional<SeriesStore> past = PastStore.of(store, back, kept, context + horizon);
    return past.orElseThrow(
        () ->
            new HdlException(
                ErrorCode.NOT_ENOUGH_DATA,
                "Cannot backtest: no series has a window in fold "
                    + number
                    + " of "
                    + folds
                    + ", which ends "
                    + back
                    + " steps before the end of each and needs "
                    + (context + horizon)
                    + " steps before that. Ask for fewer folds, a shorter stride, context or"
                    + " horizon."));
  }

  private RollingBacktest with(Consumer<Draft> change) {
    Draft draft = new Draft();
    draft.folds = folds;
    draft.stride = stride;
    draft.gap = gap;
    draft.validation = validation;
    draft.sliding = sliding;
    draft.season = season;
    draft.refit = refit;
    draft.baselines = baselines;
    draft.cancellation = cancellation;
    draft.listener = listener;
    change.accept(draft);
    return new RollingBacktest(draft);
  }

  private static void requireAtLeast(String name, int value, int least) {
    if (value < least) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: >= " + least + ")");
    }
  }

  /** The settings while they are changed. */
  private static final class Draft {
    private int folds = 1;
    private int stride = HORIZON;
    private int gap;
    private int validation = HORIZON;
    private int sliding;
    private int season = 1;
    private Refit refit = Refit.EVERY_FOLD;
    private List<String> baselines = Evaluator.DEFAULT_BASELINES;
    private Cancellation cancellation = new Cancellation();
    private Consumer<RollingResult.FoldResult> listener = fold -> {};
  }
}
