package io.hdl.train.model;

import io.hdl.data.series.Channel;
import io.hdl.data.series.Constant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which covariates and constants a model sees, and how wide they are: a number or a boolean is one
 * value, a category with at most {@link #MAX_CATEGORIES} texts one value per text (1 for the one
 * that applies). A category with more texts is left out. Immutable.
 */
public final class WindowFeatures {
  /** The most texts that a category is encoded for. */
  public static final int MAX_CATEGORIES = 64;

  /**
   * One covariate or constant.
   *
   * @param index its number among the channels or constants
   * @param categories number of texts, or 0 for a number or a boolean
   */
  record Feature(int index, int categories) {
    int width() {
      return Math.max(1, categories);
    }
  }

  private final List<Channel> channels;
  private final List<Constant> constants;
  private final List<Feature> knownFeatures = new ArrayList<>();
  private final List<Feature> pastFeatures = new ArrayList<>();
  private final List<Feature> constantFeatures = new ArrayList<>();
  private final List<String> leftOut = new ArrayList<>();

  private WindowFeatures(List<Channel> channels, List<Constant> constants) {
    this.channels = List.copyOf(channels);
    this.constants = List.copyOf(constants);
  }

  /**
   * The features of a store's channels and constants: none if the model sees the target alone.
   *
   * @param channels the target first
   */
  public static WindowFeatures of(
      List<Channel> channels, List<Constant> constants, ForecastModel model) {
    WindowFeatures features = new WindowFeatures(channels, constants);
    if (!model.seesCovariates()) {
      return features;
    }
    for (int c = 1; c < channels.size(); c++) {
      Channel channel = channels.get(c);
      boolean known = channel.role() == Channel.Role.KNOWN;
      features.add(
          known ? features.knownFeatures : features.pastFeatures,
          c,
          channel.name(),
          channel.kind(),
          channel.categories());
    }
    for (int c = 0; c < constants.size(); c++) {
      Constant constant = constants.get(c);
      features.add(
          features.constantFeatures, c, constant.name(), constant.kind(), constant.categories());
    }
    return features;
  }

  private void add(
      List<Feature> list, int index, String name, Channel.Kind kind, List<String> categories) {
    if (kind != Channel.Kind.CATEGORY) {
      list.add(new Feature(index, 0));
    } else if (categories.size() > MAX_CATEGORIES) {
      leftOut.add(name + " (" + categories.size() + " categories)");
    } else if (!categories.isEmpty()) {
      list.add(new Feature(index, categories.size()));
    }
  }

  /** The channels that the features are made of, the target first. */
  public List<Channel> channels() {
    return channels;
  }

  /** The constants that the features are made of. */
  public List<Constant> constants() {
    return constants;
  }

  /** Names of categories with too many texts, each with their number. */
  public List<String> leftOut() {
    return List.copyOf(leftOut);
  }

  /** Names of the channels known ahead that the model sees: it needs them for the future too. */
  public List<Channel> knownChannels() {
    return knownFeatures.stream().map(feature -> channels.get(feature.index())).toList();
  }

  /** The sizes that a model is built for. */
  public WindowShape shape(int context, int horizon, int outputs) {
    int known = width(knownFeatures);
    return new WindowShape(
        context, horizon, known + width(pastFeatures), known, width(constantFeatures), outputs);
  }

  List<Feature> known() {
    return knownFeatures;
  }

  List<Feature> past() {
    return pastFeatures;
  }

  List<Feature> constantFeatures() {
    return constantFeatures;
  }

  private static int width(List<Feature> features) {
    return features.stream().mapToInt(Feature::width).sum();
  }
}
