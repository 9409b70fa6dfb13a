package io.hdl.data.feature;

import com.google.errorprone.annotations.CheckReturnValue;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.Channel;
import io.hdl.data.series.SeriesKey;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.SplittableRandom;
import java.util.TreeSet;

/**
 * Finds features that carry the future, by changing it: for some series and some origins, the
 * target and what is known for the past only are changed from the origin on (other values, the
 * opposite order, none at all with the table's end at the end of the horizon). A feature whose
 * value before the origin, or within the horizon if it is known ahead, is then not the same to the
 * bit carries the future. And what was fitted must not move when values after the training part do.
 *
 * <p>It looks at samples, so it can miss what happens at few steps; what it finds is a leak. It
 * changes what a function reads through its {@link SeriesView}: one that reads data elsewhere is
 * not seen through. Immutable and thread-safe; the store must stay open.
 */
@CheckReturnValue
public final class LeakDetector {
  private final SeriesStore store;
  private final Split split;
  private final int horizon;
  private final int seriesCount;
  private final int originCount;
  private final long seed;

  private LeakDetector(
      SeriesStore store, Split split, int horizon, int seriesCount, int originCount, long seed) {
    this.store = store;
    this.split = split;
    this.horizon = horizon;
    this.seriesCount = seriesCount;
    this.originCount = originCount;
    this.seed = seed;
  }

  /**
   * A detector that looks at 8 series and 6 origins in each.
   *
   * @param store data without features
   * @param split what is for training
   * @param horizon steps of a forecast, at least 1
   */
  public static LeakDetector of(SeriesStore store, Split split, int horizon) {
    if (horizon < 1) {
      throw new IllegalArgumentException("horizon: " + horizon + " (expected: >= 1)");
    }
    return new LeakDetector(store, split, horizon, 8, 6, 0);
  }

  /** Looks at more or fewer series, and origins in each. */
  public LeakDetector samples(int series, int origins) {
    if (series < 1 || origins < 1) {
      throw new IllegalArgumentException(
          "series, origins: " + series + ", " + origins + " (expected: >= 1)");
    }
    return new LeakDetector(store, split, horizon, series, origins, seed);
  }

  /** Draws other series and origins. */
  public LeakDetector seed(long value) {
    return new LeakDetector(store, split, horizon, seriesCount, originCount, value);
  }

  /** Fits a pipeline and looks for leaks: at most one for each feature, empty if none is found. */
  public List<Leak> find(FeaturePipeline pipeline) {
    return find(pipeline, pipeline.fit(store, split, horizon));
  }

  /**
   * Looks for leaks in a pipeline that was fitted on the store.
   *
   * @throws IllegalArgumentException if it was fitted for another horizon
   */
  public List<Leak> find(FeaturePipeline pipeline, FittedFeatures fitted) {
    if (fitted.horizon() != horizon) {
      throw new IllegalArgumentException(
          "horizon of the features: " + fitted.horizon() + " (expected: " + horizon + ")");
    }
    SplittableRandom random = new SplittableRandom(seed);
    int[] sample = sample(random);
    Map<String, Leak> leaks = new LinkedHashMap<>();
    int[] trainEnds = FeaturePipeline.trainEnds(store, split);
    findInFit(pipeline, sample, trainEnds, trainEnds).forEach(l -> leaks.put(l.feature(), l));
    Comparison comparison = new Comparison(fitted);
    for (int series : sample) {
      for (int origin : origins(series, random)) {
        for (FutureChange.Form form : FutureChange.Form.values()) {
          comparison.find(series, origin, form).forEach(l -> leaks.putIfAbsent(l.feature(), l));
        }
      }
    }
    return List.copyOf(leaks.values());
  }

  /**
   * Fails if a leak is found.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS}; names every feature with a leak,
   *     a series and a step that show it, and what to do
   */
  public void check(FeaturePipeline pipeline, FittedFeatures fitted) {
    List<Leak> leaks = find(pipeline, fitted);
    if (!leaks.isEmpty()) {
      StringBuilder message = new StringBuilder("Cannot use the features: ");
      message.append(leaks.size() == 1 ? "one carries" : leaks.size() + " carry");
      message.append(" the future.");
      leaks.forEach(
          leak -> message.append(System.lineSeparator()).append("  - ").append(leak.explanation()));
      throw new HdlException(ErrorCode.INVALID_SETTINGS, message.toString());
    }
  }

  /**
   * Fits a pipeline and fails if a leak is found, see {@link #check(FeaturePipeline,
   * FittedFeatures)}.
   */
  public void check(FeaturePipeline pipeline) {
    check(pipeline, pipeline.fit(store, split, horizon));
  }

  /** Some series that have a past and a future. */
  private int[] sample(SplittableRandom random) {
    List<Integer> usable = new ArrayList<>();
    for (int s = 0; s < store.seriesCount(); s++) {
      if (store.targetEnd(s) > 1) {
        usable.add(s);
      }
    }
    for (int i = 0; i < Math.min(seriesCount, usable.size()); i++) {
      java.util.Collections.swap(usable, i, i + random.nextInt(usable.size() - i));
    }
    return usable.stream().limit(seriesCount).mapToInt(Integer::intValue).toArray();
  }

  /** Where validation and test begin, and steps drawn from the history. */
  private SortedSet<Integer> origins(int series, SplittableRandom random) {
    int end = store.targetEnd(series);
    SortedSet<Integer> origins = new TreeSet<>();
    Split.Bounds bounds = split.bounds(store, series);
    for (int bound : new int[] {bounds.trainEnd(), bounds.validationEnd()}) {
      if (bound > 0 && bound < end && origins.size() < originCount) {
        origins.add(bound);
      }
    }
    for (int i = 0; i < 4 * originCount && origins.size() < originCount; i++) {
      origins.add(1 + random.nextInt(end - 1));
    }
    return origins;
  }

  /** Holds features against those of another future. Belongs to one thread. */
  private final class Comparison {
    private final FittedFeatures fitted;
    private final BoundFeatures features;
    private final SeriesData data = SeriesData.of(store);
    private final Frame expected;
    private final Frame found;

    Comparison(FittedFeatures fitted) {
      this.fitted = fitted;
      this.features = fitted.bind(store);
      this.expected = features.frame();
      this.found = features.frame();
    }

    List<Leak> find(int series, int origin, FutureChange.Form form) {
      SeriesData changed = new FutureChange(data, store.channels(), form, origin, horizon);
      apply(data, series, expected);
      apply(changed, series, found);
      List<Leak> leaks = new ArrayList<>();
      for (int column : features.channelColumns()) {
        if (features.schema().column(column).place() != Schema.Place.TARGET) {
          int step = firstDifference(column, origin);
          if (step >= 0) {
            leaks.add(leak(column, series, origin, step));
          }
        }
      }
      return leaks;
    }

    private void apply(SeriesData source, int series, Frame frame) {
      frame.begin(source, series, fitted.steps(features, source, series), source.targetEnd(series));
      features.apply(frame);
    }

    private int firstDifference(int column, int origin) {
      boolean known = features.schema().column(column).place() == Schema.Place.KNOWN;
      int end =
          Math.min(known ? origin + horizon : origin, Math.min(expected.steps(), found.steps()));
      float[] before = expected.column(column);
      float[] after = found.column(column);
      for (int step = 0; step < end; step++) {
        if (Float.floatToIntBits(before[step]) != Float.floatToIntBits(after[step])) {
          return step;
        }
      }
      return -1;
    }

    private Leak leak(int column, int series, int origin, int step) {
      String name = features.schema().column(column).name();
      SeriesKey key = store.keys().get(series);
      String originLabel = label(series, origin);
      String stepLabel = label(series, step);
      String advice =
          step >= origin
              ? " It is told to the model ahead: give it the role PAST, or let it look back at least "
                  + horizon
                  + " steps."
              : " Let it look back only: at no step may it use the target, or what is known for the"
                  + " past only, of a later one.";
      return new Leak(
          name,
          key,
          originLabel,
          stepLabel,
          "\""
              + name
              + "\" of series "
              + key
              + " at "
              + stepLabel
              + " is "
              + expected.column(column)[step]
              + ", and "
              + found.column(column)[step]
              + " when only the values from "
              + originLabel
              + " on change."
              + advice);
    }
  }

  private String label(int series, int step) {
    return store.axis().label(store.firstStep(series) + step);
  }

  /**
   * Fits on the sampled series twice, with the values after the training part changed the second
   * time.
   *
   * @param readEnds what the fit is told to read of each series
   * @param changedFrom where the change of each series begins
   */
  List<Leak> findInFit(FeaturePipeline pipeline, int[] sample, int[] readEnds, int[] changedFrom) {
    int[] ends = new int[readEnds.length];
    Arrays.stream(sample).forEach(s -> ends[s] = readEnds[s]);
    SeriesData data = SeriesData.of(store);
    List<String> before = fitted(pipeline, data, ends);
    List<String> after = fitted(pipeline, new AfterTraining(data, store, changedFrom), ends);
    List<Leak> leaks = new ArrayList<>();
    for (int i = 0; i < Math.min(before.size(), after.size()); i++) {
      if (!before.get(i).equals(after.get(i))) {
        SeriesKey key = store.keys().get(sample[0]);
        leaks.add(
            new Leak(
                pipeline.steps().get(i).text(),
                key,
                label(sample[0], changedFrom[sample[0]]),
                label(sample[0], changedFrom[sample[0]]),
                pipeline.steps().get(i).text()
                    + " is fitted on values after the training part: it is "
                    + before.get(i)
                    + ", and "
                    + after.get(i)
                    + " when only those values change. Fit on the training part only."));
      }
    }
    return leaks;
  }

  /** What the steps are after a fit, as text; the refusal if a sample does not allow the fit. */
  private List<String> fitted(FeaturePipeline pipeline, SeriesData data, int[] ends) {
    try {
      return StepFit.of(
              pipeline.steps(),
              FittedFeatures.schema(store, horizon),
              new SeriesFrames(data, ends, 1, () -> {}))
          .stream()
          .map(step -> step.toJson().toString())
          .toList();
    } catch (HdlException e) {
      if (e.code() == ErrorCode.NOT_ENOUGH_DATA) {
        return List.of();
      }
      throw e;
    }
  }

  /** A store with other values after the training part, in every channel. */
  private static final class AfterTraining implements SeriesData {
    private final SeriesData data;
    private final SeriesStore store;
    private final int[] from;

    AfterTraining(SeriesData data, SeriesStore store, int[] from) {
      this.data = data;
      this.store = store;
      this.from = from;
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
      return data.length(series);
    }

    @Override
    public int targetEnd(int series) {
      return data.targetEnd(series);
    }

    @Override
    public void read(int series, int channel, int steps, float[] into) {
      data.read(series, channel, steps, into);
      Channel changed = store.channels().get(channel);
      for (int step = from[series]; step < steps; step++) {
        into[step] = FutureChange.other(changed, into[step]);
      }
    }

    @Override
    public float constant(int series, int constant) {
      return data.constant(series, constant);
    }
  }
}
