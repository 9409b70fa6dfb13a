package io.hdl.data.feature;

import com.google.errorprone.annotations.CheckReturnValue;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.data.series.Channel;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Says which features are made of which columns, step after step: each step sees what the steps
 * before it left. A value; every method gives a new, longer pipeline.
 *
 * <pre>{@code
 * FeaturePipeline features = FeaturePipeline.empty()
 *     .impute(Imputation.forwardFill(), "price")
 *     .impute(Imputation.median(), "price")
 *     .log1p("price")
 *     .calendar(CalendarField.WEEKEND).cyclic(CalendarField.WEEK)
 *     .lag("units", 1, 52)
 *     .rolling("units", RollingStatistic.MEAN, 4, 1);
 * }</pre>
 *
 * <p>What a model may know of a feature follows from what it is made of. A step that changes a
 * column leaves its role. Features of the calendar are known ahead. A lag or a rolling figure of a
 * channel that is known ahead is known ahead; one of the target, or of a channel that is known for
 * the past only, is known ahead if it looks back at least over the horizon, and else known for the
 * past only. The target itself is never changed: copy it.
 */
@CheckReturnValue
public final class FeaturePipeline {
  private static final FeaturePipeline EMPTY = new FeaturePipeline(List.of());

  private final List<Step> steps;

  private FeaturePipeline(List<Step> steps) {
    this.steps = List.copyOf(steps);
  }

  /** A pipeline without any step. */
  public static FeaturePipeline empty() {
    return EMPTY;
  }

  /** Whether there is no step. */
  public boolean isEmpty() {
    return steps.isEmpty();
  }

  private FeaturePipeline with(Step step) {
    List<Step> all = new ArrayList<>(steps);
    all.add(step);
    return new FeaturePipeline(all);
  }

  private FeaturePipeline withEach(String[] columns, Function<String, Step> step) {
    FeaturePipeline pipeline = this;
    for (String column : columns) {
      pipeline = pipeline.with(step.apply(column));
    }
    return pipeline;
  }

  /** Fills what is missing in channels or constants of numbers; forward fill takes any channel. */
  public FeaturePipeline impute(Imputation how, String... columns) {
    return withEach(
        columns,
        column -> {
          if (how instanceof Imputation.Fitted fitted) {
            return UnfittedStep.of(column, fitted.figure());
          }
          return how instanceof Imputation.Constant constant
              ? new Fill(column, "constant", constant.value())
              : new ForwardFill(column);
        });
  }

  /**
   * Takes the training part's mean off and divides by its standard deviation (that of the values
   * themselves), or by 1 if they do not differ.
   */
  public FeaturePipeline standardise(String... columns) {
    return withEach(columns, column -> UnfittedStep.of(column, UnfittedStep.Figure.STANDARD));
  }

  /**
   * Brings the training part's least value to 0 and its greatest to 1. Other parts may lie outside:
   * nothing is cut off.
   */
  public FeaturePipeline minMax(String... columns) {
    return withEach(columns, column -> UnfittedStep.of(column, UnfittedStep.Figure.MIN_MAX));
  }

  /**
   * Takes the training part's median off and divides by the distance of its quartiles, or by 1 if
   * they are the same. Quartiles are exact (type 7 of Hyndman and Fan).
   */
  public FeaturePipeline robust(String... columns) {
    return withEach(columns, column -> UnfittedStep.of(column, UnfittedStep.Figure.ROBUST));
  }

  /** The natural logarithm of 1 plus the value. Values of -1 and below are refused by name. */
  public FeaturePipeline log1p(String... columns) {
    return withEach(columns, column -> new Logarithm(column, Logarithm.Form.PLAIN));
  }

  /** {@code sign(x) ln(1 + |x|)}, for values of any sign. */
  public FeaturePipeline signedLog1p(String... columns) {
    return withEach(columns, column -> new Logarithm(column, Logarithm.Form.SIGNED));
  }

  /** As {@link #categoryIndex(CategoryLimits, String...)}, for every text of the training part. */
  public FeaturePipeline categoryIndex(String... columns) {
    return categoryIndex(CategoryLimits.none(), columns);
  }

  /**
   * Codes for the texts of the training part; code 0, {@code <unknown>}, for all others, also those
   * that later data brings. Numbers are taken as the texts that write them. Missing stays missing.
   */
  public FeaturePipeline categoryIndex(CategoryLimits limits, String... columns) {
    return withEach(
        columns, column -> new UnfittedStep(column, UnfittedStep.Figure.CATEGORY, limits));
  }

  /** Adds fields of the calendar as numbers: {@code calendar_month}. */
  public FeaturePipeline calendar(CalendarField... fields) {
    FeaturePipeline pipeline = this;
    for (CalendarField field : fields) {
      pipeline = pipeline.with(new CalendarStep(field, CalendarStep.Form.NUMBER));
    }
    return pipeline;
  }

  /**
   * Adds fields of the calendar as places on a circle, the sine and the cosine of their angle:
   * {@code calendar_month_sin}, {@code calendar_month_cos}.
   */
  public FeaturePipeline cyclic(CalendarField... fields) {
    FeaturePipeline pipeline = this;
    for (CalendarField field : fields) {
      pipeline = pipeline.with(new CalendarStep(field, CalendarStep.Form.CYCLIC));
    }
    return pipeline;
  }

  /**
   * Adds {@code days_to_EVENT}: days from a step's date to the next of some dates, 0 on such a
   * date.
   *
   * @param event what the dates are, as a name
   * @param maxDays stands for more days, and for steps after the last date
   */
  public FeaturePipeline daysToEvent(String event, int maxDays, List<LocalDate> dates) {
    return with(new EventStep(event, EventStep.Direction.TO, maxDays, dates));
  }

  /**
   * Adds {@code days_since_EVENT}: days from the last of some dates to a step's date, 0 on such a
   * date.
   *
   * @param event what the dates are, as a name
   * @param maxDays stands for more days, and for steps before the first date
   */
  public FeaturePipeline daysSinceEvent(String event, int maxDays, List<LocalDate> dates) {
    return with(new EventStep(event, EventStep.Direction.SINCE, maxDays, dates));
  }

  /**
   * Adds a copy of a column, for steps that follow. A copy of the target is known for the past
   * only.
   */
  public FeaturePipeline copy(String column, String as) {
    return with(new CopyStep(column, as));
  }

  /**
   * Adds {@code COLUMN_lag_STEPS}: the value that a channel had some steps before.
   *
   * @param steps how far to look back, each at least 1
   */
  public FeaturePipeline lag(String column, int... steps) {
    return lags(column, Reach.BY_RULE, steps);
  }

  /** As {@link #lag}, and refused where the feature is not known ahead. */
  public FeaturePipeline knownLag(String column, int... steps) {
    return lags(column, Reach.KNOWN, steps);
  }

  private FeaturePipeline lags(String column, Reach reach, int... lags) {
    FeaturePipeline pipeline = this;
    for (int lag : lags) {
      pipeline = pipeline.with(new LagStep(column, lag, reach));
    }
    return pipeline;
  }

  /**
   * Adds {@code COLUMN_STATISTIC_WINDOW_lag_LAG}: a figure of the last values of a channel of
   * numbers. At the beginning of a series the window is as long as there are steps.
   *
   * @param window steps that the figure is of, at least 1
   * @param lag how far before a step its window ends; 0 for a window that holds the step itself
   */
  public FeaturePipeline rolling(String column, RollingStatistic statistic, int window, int lag) {
    return with(new RollingStep(column, statistic, window, lag, Reach.BY_RULE));
  }

  /** As {@link #rolling}, and refused where the feature is not known ahead. */
  public FeaturePipeline knownRolling(
      String column, RollingStatistic statistic, int window, int lag) {
    return with(new RollingStep(column, statistic, window, lag, Reach.KNOWN));
  }

  /**
   * Adds a feature that a user defines. Its code is not written with the fitted features: whoever
   * loads them gives the pipeline again. A feature that computes something else is another one:
   * give it another name.
   *
   * @param role {@link Channel.Role#KNOWN} or {@link Channel.Role#PAST}; trusted here, checked by
   *     {@link LeakDetector}, which trainings call by themselves
   */
  public FeaturePipeline custom(String name, Channel.Role role, FeatureFunction function) {
    return with(new CustomStep(name, role, function));
  }

  /** Whether there is a feature that a user defined. */
  public boolean hasCustomFeatures() {
    return steps.stream().anyMatch(CustomStep.class::isInstance);
  }

  /** What identifies the pipeline, by dotted name: one entry for each step. */
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    for (int i = 0; i < steps.size(); i++) {
      settings.put("features." + (i + 1), steps.get(i).text());
    }
    return settings;
  }

  /** Adds every problem that can be found without data. */
  public void check(Problems problems) {
    Set<String> added = new HashSet<>();
    for (Step step : steps) {
      for (String column : step.writes()) {
        if (column.isBlank()) {
          problems.add("feature " + step.text() + ": column \"\" (expected: not blank)");
        } else if (!step.reads().contains(column) && !added.add(column)) {
          problems.add(
              "feature " + step.text() + ": \"" + column + "\" is added twice (expected: once)");
        }
      }
    }
  }

  /**
   * Fits for an unknown horizon: what is made of the target is known for the past only, and the
   * known future stays as long as it is.
   *
   * @see #fit(SeriesStore, Split, int, int, Runnable)
   */
  public FittedFeatures fit(SeriesStore store, Split split) {
    return fit(store, split, 0);
  }

  /**
   * Fits with as many threads as there are processors.
   *
   * @see #fit(SeriesStore, Split, int, int, Runnable)
   */
  public FittedFeatures fit(SeriesStore store, Split split, int horizon) {
    return fit(store, split, horizon, Runtime.getRuntime().availableProcessors(), () -> {});
  }

  /**
   * Takes the figures that the steps need from the training part: of each series the steps before
   * the end of its training part, of target and covariates alike, and the constants of the series
   * that have such steps. Means and deviations are computed in double precision, quantiles exactly
   * in memory that does not depend on the data. Reads the training part up to twice for every step
   * that waits for another.
   *
   * @param horizon steps of a forecast, or 0 if it is not known; says which features are known
   *     ahead
   * @param threads how many threads read; changes no bit
   * @param beforeChunk called before each chunk of series; may throw to stop the work
   * @throws HdlException with {@link ErrorCode#SCHEMA_MISMATCH} if a column is unknown, {@link
   *     ErrorCode#INVALID_SETTINGS} if a step does not fit its column, {@link
   *     ErrorCode#NOT_ENOUGH_DATA} if a figure has no value to be taken from, {@link
   *     ErrorCode#INVALID_DATA} if a value has no feature, such as a logarithm of -1
   */
  public FittedFeatures fit(
      SeriesStore store, Split split, int horizon, int threads, Runnable beforeChunk) {
    if (horizon < 0) {
      throw new IllegalArgumentException("horizon: " + horizon + " (expected: >= 0)");
    }
    if (threads < 1) {
      throw new IllegalArgumentException("threads: " + threads + " (expected: >= 1)");
    }
    TrainingFrames frames =
        new SeriesFrames(SeriesData.of(store), trainEnds(store, split), threads, beforeChunk);
    return FittedFeatures.of(
        store, horizon, StepFit.of(steps, FittedFeatures.schema(store, horizon), frames));
  }

  static int[] trainEnds(SeriesStore store, Split split) {
    int[] ends = new int[store.seriesCount()];
    Arrays.setAll(ends, s -> split.bounds(store, s).trainEnd());
    return ends;
  }

  /**
   * Fits on rows without an order in time. Steps over time (forward fill, calendar, lags, rolling
   * figures, custom features) are refused.
   *
   * @throws HdlException as {@link #fit(SeriesStore, Split, int, int, Runnable)} does
   */
  public FittedRowFeatures fit(FeatureRows rows) {
    return FittedRowFeatures.fit(steps, rows);
  }

  List<Step> steps() {
    return steps;
  }

  /** The code of custom features, by name. */
  Map<String, FeatureFunction> functions() {
    Map<String, FeatureFunction> functions = new LinkedHashMap<>();
    for (Step step : steps) {
      if (step instanceof CustomStep custom) {
        functions.put(custom.name(), custom.function());
      }
    }
    return functions;
  }

  /** The steps, as a person would write them. */
  @Override
  public String toString() {
    return String.join(", ", steps.stream().map(Step::text).toList());
  }
}
