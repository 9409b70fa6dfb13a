package io.hdl.train.model;

import ai.djl.nn.Block;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Constant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Which covariates and constants a model sees, and how wide they are: a number or a boolean is one
 * value, a category with at most {@link #MAX_ONE_HOT} texts one value per text (1 for the one that
 * applies). A category with more texts is one value, its code, which {@link #block} turns into a
 * learned vector of half as many values as there are texts, 50 at most. A missing text, or one that
 * training did not know, is all zeros or a vector of its own. Immutable.
 */
public final class WindowFeatures {
  /** The most texts that a category has one value each for. */
  public static final int MAX_ONE_HOT = 64;

  /**
   * One covariate or constant.
   *
   * @param index its number among the channels or constants
   * @param name its name
   * @param categories number of texts, or 0 for a number or a boolean
   */
  record Feature(int index, String name, int categories) {
    /** Whether it is a code that a vector is learned for. */
    boolean isEmbedded() {
      return categories > MAX_ONE_HOT;
    }

    int width() {
      return isEmbedded() ? 1 : Math.max(1, categories);
    }
  }

  private final List<Channel> channels;
  private final List<Constant> constants;
  private final List<Feature> knownFeatures = new ArrayList<>();
  private final List<Feature> pastFeatures = new ArrayList<>();
  private final List<Feature> constantFeatures = new ArrayList<>();

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
      list.add(new Feature(index, name, 0));
    } else if (!categories.isEmpty()) {
      list.add(new Feature(index, name, categories.size()));
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

  /** Names of the channels known ahead that the model sees: it needs them for the future too. */
  public List<Channel> knownChannels() {
    return knownFeatures.stream().map(feature -> channels.get(feature.index())).toList();
  }

  /** Names of the covariates and constants that the model sees. */
  public List<String> names() {
    return Stream.of(knownFeatures, pastFeatures, constantFeatures)
        .flatMap(List::stream)
        .map(Feature::name)
        .toList();
  }

  /** The sizes that a model is built for. */
  public WindowShape shape(int context, int horizon, int outputs) {
    int known = width(knownFeatures);
    return new WindowShape(
        context, horizon, known + width(pastFeatures), known, width(constantFeatures), outputs);
  }

  /**
   * A fresh Block of a model for these features, not yet initialised: the model's own, behind
   * embeddings if there are categories of many texts. The model is then built for the wider inputs.
   *
   * @param window what {@link #shape} gave
   * @param seed what the initial weights come from
   */
  public Block block(ForecastModel model, WindowShape window, long seed) {
    CategoryCodes codes = codes();
    if (codes.isEmpty()) {
      return model.block(window, seed);
    }
    WindowShape wide = codes.wide(window);
    return new EmbeddingBlock(codes, wide, model.block(wide, seed), seed);
  }

  private CategoryCodes codes() {
    Map<String, Integer> categories = new LinkedHashMap<>();
    List<CategoryCodes.Slot> known = new ArrayList<>();
    List<CategoryCodes.Slot> past = new ArrayList<>();
    List<CategoryCodes.Slot> fixed = new ArrayList<>();
    slots(knownFeatures, 0, known, categories);
    // The past begins with the known covariates.
    slots(knownFeatures, 0, past, categories);
    slots(pastFeatures, width(knownFeatures), past, categories);
    slots(constantFeatures, 0, fixed, categories);
    return new CategoryCodes(categories, past, known, fixed);
  }

  private static void slots(
      List<Feature> features,
      int firstColumn,
      List<CategoryCodes.Slot> slots,
      Map<String, Integer> categories) {
    int column = firstColumn;
    for (Feature feature : features) {
      if (feature.isEmbedded()) {
        slots.add(new CategoryCodes.Slot(column, feature.name()));
        categories.put(feature.name(), feature.categories());
      }
      column += feature.width();
    }
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
