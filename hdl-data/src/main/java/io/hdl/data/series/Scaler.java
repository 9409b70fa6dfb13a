package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * What brings values to a common scale: {@code scaled = (raw - location) / scale}. The target has
 * figures of its own in each series; a numeric covariate or constant is standardised over all
 * series; booleans and categories stay as they are. Fitted on the training part only. Immutable and
 * thread-safe.
 *
 * <p>A series without any target in the training part takes the figures of all series' training
 * targets together.
 */
public final class Scaler {
  private final Scaling scaling;
  // Per series: of the target.
  private final float[] targetLocations;
  private final float[] targetScales;
  // Per channel; entry 0 is what a series without training targets takes.
  private final float[] locations;
  private final float[] scales;
  // Per constant.
  private final float[] constantLocations;
  private final float[] constantScales;
  private final List<SeriesKey> keys;
  private final List<Channel> channels;
  private final List<Constant> constants;

  private Scaler(
      Scaling scaling,
      SeriesStore store,
      float[] targetLocations,
      float[] targetScales,
      float[] locations,
      float[] scales,
      float[] constantLocations,
      float[] constantScales) {
    this.scaling = scaling;
    this.keys = store.keys();
    this.channels = store.channels();
    this.constants = store.constants();
    this.targetLocations = targetLocations;
    this.targetScales = targetScales;
    this.locations = locations;
    this.scales = scales;
    this.constantLocations = constantLocations;
    this.constantScales = constantScales;
  }

  /**
   * Fits on the training part of every series. Reads what the store keeps of every 64 steps, and no
   * more than the last 63 training values of a series.
   */
  public static Scaler fit(SeriesStore store, Split split, Scaling target) {
    int count = store.seriesCount();
    int channelCount = store.channels().size();
    Moments[] all = moments(channelCount);
    Moments[] constantMoments = moments(store.constants().size());
    float[] targetLocations = new float[count];
    float[] targetScales = new float[count];
    List<Integer> without = new ArrayList<>();
    MomentsReader reader = store.momentsReader();
    int[] numbers = reader.channels();
    for (int s = 0; s < count; s++) {
      int end = split.bounds(store, s).trainEnd();
      Moments[] own = reader.read(s, end);
      for (int i = 0; i < own.length; i++) {
        all[numbers[i]].add(own[i]);
      }
      targetLocations[s] = targetLocation(target, own[0]);
      targetScales[s] = targetScale(target, own[0]);
      if (own[0].isEmpty()) {
        without.add(s);
      }
      for (int c = 0; end > 0 && c < constantMoments.length; c++) {
        constantMoments[c].add(store.constant(s, c));
      }
    }
    for (int s : without) {
      targetLocations[s] = targetLocation(target, all[0]);
      targetScales[s] = targetScale(target, all[0]);
    }
    float[] locations = new float[channelCount];
    float[] scales = new float[channelCount];
    for (int c = 0; c < channelCount; c++) {
      boolean number = store.channels().get(c).kind() == Channel.Kind.NUMBER;
      locations[c] = number ? all[c].mean() : 0;
      scales[c] = number ? all[c].deviationOrOne() : 1;
    }
    locations[0] = targetLocation(target, all[0]);
    scales[0] = targetScale(target, all[0]);
    float[] constantLocations = new float[constantMoments.length];
    float[] constantScales = new float[constantMoments.length];
    for (int c = 0; c < constantMoments.length; c++) {
      boolean number = store.constants().get(c).kind() == Channel.Kind.NUMBER;
      constantLocations[c] = number ? constantMoments[c].mean() : 0;
      constantScales[c] = number ? constantMoments[c].deviationOrOne() : 1;
    }
    return new Scaler(
        target,
        store,
        targetLocations,
        targetScales,
        locations,
        scales,
        constantLocations,
        constantScales);
  }

  private static Moments[] moments(int count) {
    Moments[] moments = new Moments[count];
    for (int i = 0; i < count; i++) {
      moments[i] = new Moments();
    }
    return moments;
  }

  private static float targetLocation(Scaling scaling, Moments moments) {
    return scaling == Scaling.STANDARD ? moments.mean() : 0;
  }

  private static float targetScale(Scaling scaling, Moments moments) {
    return switch (scaling) {
      case NONE -> 1;
      case STANDARD -> moments.deviationOrOne();
      case MEAN -> moments.meanAbsoluteOrOne();
    };
  }

  /** How the target is scaled. */
  public Scaling scaling() {
    return scaling;
  }

  /** What is taken off the raw values of a channel. */
  public float location(int series, int channel) {
    return channel == 0 ? targetLocations[series] : locations[channel];
  }

  /** What the rest is divided by; never 0. */
  public float scale(int series, int channel) {
    return channel == 0 ? targetScales[series] : scales[channel];
  }

  /** What is taken off the raw values of a constant. */
  public float constantLocation(int constant) {
    return constantLocations[constant];
  }

  /** What the rest is divided by; never 0. */
  public float constantScale(int constant) {
    return constantScales[constant];
  }

  /** The scaler as nested maps and lists, to be saved with a model. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("target", scaling.name());
    json.put("channels", figures(channels.stream().map(Channel::name).toList(), locations, scales));
    json.put(
        "constants",
        figures(
            constants.stream().map(Constant::name).toList(), constantLocations, constantScales));
    json.put("keys", keys.stream().map(SeriesKey::values).toList());
    json.put("locations", list(targetLocations));
    json.put("scales", list(targetScales));
    return json;
  }

  private static List<Object> figures(List<String> names, float[] locations, float[] scales) {
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("name", names.get(i));
      entry.put("location", locations[i]);
      entry.put("scale", scales[i]);
      list.add(entry);
    }
    return list;
  }

  private static List<Object> list(float[] values) {
    List<Object> list = new ArrayList<>(values.length);
    for (float value : values) {
      list.add(value);
    }
    return list;
  }

  /**
   * A saved scaler for the series of a store, found by their keys. A series that it does not know
   * is fitted on its own history, as no part of it was held back from it.
   *
   * @throws HdlException with {@link ErrorCode#CORRUPT_DATA} if the map is not a scaler, with
   *     {@link ErrorCode#SCHEMA_MISMATCH} if the store's channels or constants are not the scaler's
   */
  public static Scaler fromJson(Map<String, Object> json, SeriesStore store) {
    try {
      return read(json, store);
    } catch (ClassCastException
        | NullPointerException
        | IllegalArgumentException
        | IndexOutOfBoundsException e) {
      throw new HdlException(
          ErrorCode.CORRUPT_DATA,
          "Cannot read the scaler: it is not what a scaler is saved as. Restore the saved model.",
          e);
    }
  }

  private static Scaler read(Map<String, Object> json, SeriesStore store) {
    Scaling scaling = Scaling.valueOf((String) part(json, "target"));
    List<?> channelList = (List<?>) part(json, "channels");
    List<?> constantList = (List<?>) part(json, "constants");
    checkNames("channels", channelList, store.channels().stream().map(Channel::name).toList());
    checkNames("constants", constantList, store.constants().stream().map(Constant::name).toList());
    List<?> keys = (List<?>) part(json, "keys");
    List<?> savedLocations = (List<?>) part(json, "locations");
    List<?> savedScales = (List<?>) part(json, "scales");
    Map<Object, Integer> known = new HashMap<>();
    for (int i = 0; i < keys.size(); i++) {
      known.put(keys.get(i), i);
    }
    float[] locations = column(channelList, "location");
    float[] scales = column(channelList, "scale");
    int count = store.seriesCount();
    float[] targetLocations = new float[count];
    float[] targetScales = new float[count];
    MomentsReader reader = store.momentsReader();
    for (int s = 0; s < count; s++) {
      Integer at = known.get(store.keys().get(s).values());
      if (at != null) {
        targetLocations[s] = ((Number) savedLocations.get(at)).floatValue();
        targetScales[s] = ((Number) savedScales.get(at)).floatValue();
        continue;
      }
      Moments own = reader.read(s, store.targetEnd(s))[0];
      targetLocations[s] = own.isEmpty() ? locations[0] : targetLocation(scaling, own);
      targetScales[s] = own.isEmpty() ? scales[0] : targetScale(scaling, own);
    }
    return new Scaler(
        scaling,
        store,
        targetLocations,
        targetScales,
        locations,
        scales,
        column(constantList, "location"),
        column(constantList, "scale"));
  }

  private static Object part(Map<String, Object> json, String name) {
    return Objects.requireNonNull(json.get(name), name);
  }

  private static void checkNames(String what, List<?> saved, List<String> names) {
    List<Object> savedNames = new ArrayList<>();
    for (Object entry : saved) {
      savedNames.add(((Map<?, ?>) entry).get("name"));
    }
    if (!savedNames.equals(names)) {
      throw new HdlException(
          ErrorCode.SCHEMA_MISMATCH,
          "Cannot use the scaler: it was fitted on the "
              + what
              + " "
              + savedNames
              + ", the data has "
              + names
              + ". Open the data with the series specification of the model.");
    }
  }

  private static float[] column(List<?> figures, String name) {
    float[] values = new float[figures.size()];
    for (int i = 0; i < values.length; i++) {
      Object value = Objects.requireNonNull(((Map<?, ?>) figures.get(i)).get(name));
      values[i] = ((Number) value).floatValue();
    }
    return values;
  }
}
