package io.hdl.train.model;

import ai.djl.nn.Block;
import io.hdl.core.error.Problems;
import io.hdl.train.loss.Loss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * N-HiTS (Challu et al., "N-HiTS: Neural Hierarchical Interpolation for Time Series Forecasting",
 * 2023): stacks that each look at the residual of the ones before at a coarser or finer rate, and
 * forecast a few knots that are interpolated to the horizon. Covariates and constants are joined to
 * each stack's input, as in NeuralForecast.
 *
 * @param pooling per stack: over how many steps the input is pooled (maximum)
 * @param downsampling per stack: how many steps of the horizon one knot stands for
 * @param hidden width of the hidden layers
 * @param layers number of hidden layers per stack
 * @param centering what is taken off the window first
 */
public record NHits(
    List<Integer> pooling, List<Integer> downsampling, int hidden, int layers, Centering centering)
    implements ForecastModel {
  static final String NAME = "nhits";

  /** Checks the sizes. */
  public NHits {
    pooling = List.copyOf(pooling);
    downsampling = List.copyOf(downsampling);
    boolean sameLength = !pooling.isEmpty() && pooling.size() == downsampling.size();
    if (!sameLength || anyBelowOne(pooling) || anyBelowOne(downsampling)) {
      throw new IllegalArgumentException(
          "pooling: "
              + pooling
              + ", downsampling: "
              + downsampling
              + " (expected: one number >= 1 per stack in each)");
    }
    Settings.atLeast("hidden", hidden, 1);
    Settings.atLeast("layers", layers, 1);
    Objects.requireNonNull(centering, "centering");
  }

  /** Three stacks from coarse to fine, of 256 instead of 512, centred on the last value. */
  public static NHits defaults() {
    return new NHits(List.of(2, 2, 1), List.of(4, 2, 1), 256, 2, Centering.LAST);
  }

  /**
   * The authors' defaults: three stacks of two layers of 512, nothing taken off. The paper tunes
   * pooling and downsampling per data set, up to {@code (16, 8, 1)} and {@code (168, 24, 1)} for
   * long horizons; see {@link #stacks}.
   */
  public static NHits published() {
    return new NHits(List.of(2, 2, 1), List.of(4, 2, 1), 512, 2, Centering.NONE);
  }

  static NHits of(Map<String, String> settings) {
    return new NHits(
        Settings.list(settings, "pooling", Integer::valueOf),
        Settings.list(settings, "downsampling", Integer::valueOf),
        Settings.integer(settings, "hidden"),
        Settings.integer(settings, "layers"),
        Settings.centering(settings));
  }

  /** The same with other stacks. */
  public NHits stacks(List<Integer> poolingSteps, List<Integer> downsamplingSteps) {
    return new NHits(poolingSteps, downsamplingSteps, hidden, layers, centering);
  }

  /** The same with hidden layers of another width. */
  public NHits hidden(int width) {
    return new NHits(pooling, downsampling, width, layers, centering);
  }

  /** The same with another number of hidden layers. */
  public NHits layers(int count) {
    return new NHits(pooling, downsampling, hidden, count, centering);
  }

  /** The same with another centering. */
  public NHits centering(Centering choice) {
    return new NHits(pooling, downsampling, hidden, layers, choice);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("pooling", Settings.text(pooling));
    settings.put("downsampling", Settings.text(downsampling));
    settings.put("hidden", Integer.toString(hidden));
    settings.put("layers", Integer.toString(layers));
    settings.put("centering", centering.name());
    return settings;
  }

  @Override
  public Optional<String> notBfloat16() {
    return Optional.empty();
  }

  @Override
  public void check(Loss loss, Problems problems) {
    centering.check(loss, problems);
  }

  @Override
  public Block block(WindowShape window, long seed) {
    return new NHitsBlock(this, window, seed);
  }

  private static boolean anyBelowOne(List<Integer> numbers) {
    return numbers.stream().anyMatch(number -> number < 1);
  }
}
