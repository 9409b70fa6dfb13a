package io.hdl.data.feature;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.core.storage.AtomicPublish;
import io.hdl.core.storage.FileFailure;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Constant;
import io.hdl.data.series.DerivedStore;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.TimeAxis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A pipeline with the figures of a training part: makes a store with features out of one without.
 * What was written and loaded again gives the same bits, in another process and on another machine
 * too. Immutable and thread-safe.
 */
public final class FittedFeatures {
  private static final int FORMAT = 1;

  private final List<Channel> channels;
  private final List<Constant> constants;
  private final Frequency frequency;
  private final TimeAxis.Unit unit;
  private final int horizon;
  private final List<FittedStep> steps;

  private FittedFeatures(
      List<Channel> channels,
      List<Constant> constants,
      Frequency frequency,
      TimeAxis.Unit unit,
      int horizon,
      List<FittedStep> steps) {
    this.channels = List.copyOf(channels);
    this.constants = List.copyOf(constants);
    this.frequency = frequency;
    this.unit = unit;
    this.horizon = horizon;
    this.steps = List.copyOf(steps);
  }

  static FittedFeatures of(SeriesStore store, int horizon, List<FittedStep> steps) {
    return new FittedFeatures(
        store.channels(),
        store.constants(),
        store.axis().frequency(),
        store.axis().unit(),
        horizon,
        steps);
  }

  /** The channels that data must have, with the categories of the training data. */
  public List<Channel> channels() {
    return channels;
  }

  /** The constants that data must have, with the categories of the training data. */
  public List<Constant> constants() {
    return constants;
  }

  /** Steps of the forecasts that the features are made for, or 0 if that was not told. */
  public int horizon() {
    return horizon;
  }

  /** Names of the channels and constants that the features add to those of the data. */
  public List<String> added() {
    return steps.stream()
        .flatMap(step -> step.writes().stream().filter(column -> !step.reads().contains(column)))
        .toList();
  }

  /** Whether a category of the data gets the fitted codes, with one for texts not seen before. */
  public boolean takesUnknown(String column) {
    return steps.stream()
        .anyMatch(step -> step instanceof CategoryIndex index && index.column().equals(column));
  }

  List<FittedStep> steps() {
    return steps;
  }

  /**
   * Makes the features of a store, with as many threads as there are processors.
   *
   * @see #apply(SeriesStore, int, Runnable)
   */
  public SeriesStore apply(SeriesStore store) {
    return apply(store, Runtime.getRuntime().availableProcessors(), () -> {});
  }

  /**
   * Makes the features of a store: a new store, off-heap, with the same series and targets. Its
   * channels are the target, then what is known ahead (the data's, then the features), then what is
   * known for the past; its constants are the data's. Where features are known ahead, the known
   * future of each series reaches at least a horizon beyond its last observed target; what the data
   * does not hold there is missing.
   *
   * @param store has the channels and constants of the training data; may hold other series, later
   *     steps and other categories. Stays the caller's, and may be closed afterwards
   * @param threads how many threads work on it; changes no bit
   * @param beforeChunk called before each chunk of series; may throw to stop the work
   * @return a store that the caller closes
   * @throws HdlException with {@link ErrorCode#SCHEMA_MISMATCH} if the store has other columns or
   *     another time axis, with {@link ErrorCode#INVALID_DATA} if a value has no feature, such as a
   *     logarithm of -1
   */
  public SeriesStore apply(SeriesStore store, int threads, Runnable beforeChunk) {
    checkFits(store);
    SeriesData data = SeriesData.of(store);
    BoundFeatures features = bind(store);
    int count = store.seriesCount();
    int[] lengths = new int[count];
    Arrays.setAll(lengths, s -> steps(features, data, s));
    DerivedStore derived =
        DerivedStore.of(
            store,
            IntStream.range(0, count).toArray(),
            features.channels(),
            features.constants(),
            lengths);
    SeriesFrames.chunks(count)
        .run(
            SeriesFrames.THREADS,
            threads,
            thread -> {
              Frame frame = features.frame();
              return (chunk, from, end) -> {
                beforeChunk.run();
                for (int s = from; s < end; s++) {
                  frame.begin(data, s, lengths[s], data.targetEnd(s));
                  features.apply(frame);
                  derived.put(s, features.channelsOf(frame), features.constantsOf(frame));
                }
              };
            });
    return derived.finish();
  }

  /** The steps bound to the columns of a store. */
  BoundFeatures bind(SeriesStore store) {
    return new BoundFeatures(steps, schema(store, horizon));
  }

  static Schema schema(SeriesStore store, int horizon) {
    long first = Long.MAX_VALUE;
    long end = Long.MIN_VALUE;
    for (int s = 0; s < store.seriesCount(); s++) {
      first = Math.min(first, store.firstStep(s));
      int steps = Math.max(store.length(s), store.targetEnd(s) + horizon);
      end = Math.max(end, store.firstStep(s) + steps);
    }
    boolean none = store.seriesCount() == 0;
    return Schema.series(
        store.axis(),
        store.channels(),
        store.constants(),
        horizon,
        none ? 0 : first,
        none ? 0 : end);
  }

  /** Number of steps that the features of a series have. */
  int steps(BoundFeatures features, SeriesData data, int series) {
    int length = data.length(series);
    if (horizon == 0 || data.targetEnd(series) == 0 || !addsKnown(features)) {
      return length;
    }
    return Math.max(length, data.targetEnd(series) + horizon);
  }

  private static boolean addsKnown(BoundFeatures features) {
    Schema schema = features.schema();
    return IntStream.range(schema.inputs(), schema.columns().size())
        .anyMatch(c -> schema.column(c).place() == Schema.Place.KNOWN);
  }

  /**
   * Checks that data has the columns and the time axis that the features were fitted on.
   *
   * @throws HdlException with {@link ErrorCode#SCHEMA_MISMATCH} if it has not
   */
  public void checkFits(SeriesStore store) {
    List<String> fitted = describe(channels, constants, frequency, unit);
    List<String> given =
        describe(
            store.channels(), store.constants(), store.axis().frequency(), store.axis().unit());
    if (!fitted.equals(given)) {
      throw new HdlException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot make features of this data: they were fitted on "
              + fitted
              + ", the data has "
              + given
              + ". Open the data with the series specification of the training.");
    }
  }

  private static List<String> describe(
      List<Channel> channels, List<Constant> constants, Frequency frequency, TimeAxis.Unit unit) {
    List<String> all = new ArrayList<>();
    channels.forEach(c -> all.add(c.name() + " " + c.role() + " " + c.kind()));
    constants.forEach(c -> all.add(c.name() + " CONSTANT " + c.kind()));
    all.add(frequency + " " + unit);
    return all;
  }

  /** The features as JSON, in which every number keeps its bits. */
  public String toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("format", FORMAT);
    json.put("horizon", horizon);
    json.put("frequency", frequency.name());
    json.put("unit", unit.name());
    json.put("channels", channels);
    json.put("constants", constants);
    json.put("steps", steps.stream().map(FittedStep::toJson).toList());
    return Json.writePretty(json);
  }

  /** What stands in the JSON. */
  private record Content(
      int format,
      int horizon,
      Frequency frequency,
      TimeAxis.Unit unit,
      List<Channel> channels,
      List<Constant> constants,
      List<Map<String, Object>> steps) {}

  /**
   * Reads features without custom ones.
   *
   * @param what what is read, for messages: a path or an address
   * @throws HdlException as {@link #fromJson(String, String, FeaturePipeline)} does
   */
  public static FittedFeatures fromJson(String json, String what) {
    return fromJson(json, what, FeaturePipeline.empty());
  }

  /**
   * Reads features.
   *
   * @param json what {@link #toJson} gave
   * @param what what is read, for messages: a path or an address
   * @param pipeline brings the code of custom features; its other steps are not looked at
   * @throws HdlException with {@link ErrorCode#CORRUPT_DATA} if the text is no features, {@link
   *     ErrorCode#UNSUPPORTED_FEATURE} if another release wrote it in a format unknown here, {@link
   *     ErrorCode#INVALID_ARGUMENT} if the code of a custom feature is missing
   */
  public static FittedFeatures fromJson(String json, String what, FeaturePipeline pipeline) {
    Object format = Json.readObject(json, what).get("format");
    if (!Integer.valueOf(FORMAT).equals(format)) {
      throw new HdlException(
          ErrorCode.UNSUPPORTED_FEATURE,
          "Cannot load the features of "
              + what
              + ": they have format "
              + format
              + ", this release of hdl reads format "
              + FORMAT
              + ". Load them with the release that wrote them.");
    }
    try {
      Content content = Json.read(json, Content.class, what);
      Map<String, FeatureFunction> functions = pipeline.functions();
      return new FittedFeatures(
          content.channels(),
          content.constants(),
          content.frequency(),
          content.unit(),
          content.horizon(),
          content.steps().stream().map(step -> StepReader.read(step, functions, what)).toList());
    } catch (NullPointerException
        | IllegalArgumentException
        | ClassCastException
        | java.time.DateTimeException e) {
      throw new HdlException(
          ErrorCode.CORRUPT_DATA,
          "Cannot load the features of "
              + what
              + ": a field is missing or out of range: "
              + e.getMessage()
              + ". Restore the file.",
          e);
    }
  }

  /** Writes the features to a file, atomically, replacing one that lies there. */
  public void save(Path file) {
    AtomicPublish.text(file, toJson());
  }

  /**
   * Loads features without custom ones from a file; with custom ones, read the file and use {@link
   * #fromJson(String, String, FeaturePipeline)}.
   *
   * @throws HdlException if there is no such file or it is damaged
   */
  public static FittedFeatures load(Path file) {
    try {
      return fromJson(Files.readString(file), file.toString());
    } catch (IOException e) {
      throw FileFailure.of("read", file, e);
    }
  }
}
