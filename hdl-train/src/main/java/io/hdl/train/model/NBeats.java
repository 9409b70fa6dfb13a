package io.hdl.train.model;

import ai.djl.nn.Block;
import io.hdl.core.error.Problems;
import io.hdl.train.loss.Loss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * N-BEATS (Oreshkin et al., "N-BEATS: Neural basis expansion analysis for interpretable time series
 * forecasting", 2020): blocks of fully connected layers, each of which explains a part of the
 * window, hands on what is left of it, and adds its part of the forecast. The forecast begins at
 * the window's last value, as in the authors' code. It sees the target alone: covariates and
 * constants are left unused.
 *
 * <p>The loss's outputs share all hidden layers; each has coefficients of its own.
 *
 * @param stacks what the model is made of, in order
 * @param centering what is taken off the window first
 */
public record NBeats(List<Stack> stacks, Centering centering) implements ForecastModel {
  static final String NAME = "nbeats";

  /** What a block's parts of the window and of the forecast are made of. */
  public enum Basis {
    /** Anything: one coefficient per step. */
    GENERIC,
    /** A polynomial over time. */
    TREND,
    /** A Fourier series, its longest period the horizon. */
    SEASONALITY
  }

  /** Whether the blocks of a stack have weights of their own. */
  public enum Weights {
    /** Each block its own. */
    OWN,
    /** One set for all blocks of a stack. */
    SHARED
  }

  /**
   * Blocks alike.
   *
   * @param basis what they are made of
   * @param terms for a trend the degree of the polynomial, for seasonality the number of harmonics
   *     per frequency step; 0 for generic blocks
   * @param blocks their number
   * @param weights whether they share their weights
   * @param layers number of hidden layers per block
   * @param hidden width of the hidden layers
   */
  public record Stack(Basis basis, int terms, int blocks, Weights weights, int layers, int hidden) {
    /** Checks the numbers. */
    public Stack {
      Objects.requireNonNull(basis, "basis");
      Objects.requireNonNull(weights, "weights");
      if (basis == Basis.GENERIC && terms != 0) {
        throw new IllegalArgumentException(
            "terms: " + terms + " (expected: 0, generic blocks have none)");
      }
      Settings.atLeast("terms", terms, basis == Basis.SEASONALITY ? 1 : 0);
      Settings.atLeast("blocks", blocks, 1);
      Settings.atLeast("layers", layers, 1);
      Settings.atLeast("hidden", hidden, 1);
    }

    /** Generic blocks, each with weights of its own. */
    public static Stack generic(int blocks, int layers, int hidden) {
      return new Stack(Basis.GENERIC, 0, blocks, Weights.OWN, layers, hidden);
    }

    /** Polynomials, the weights shared. */
    public static Stack trend(int degree, int blocks, int layers, int hidden) {
      return new Stack(Basis.TREND, degree, blocks, Weights.SHARED, layers, hidden);
    }

    /** Fourier series, the weights shared. */
    public static Stack seasonality(int harmonics, int blocks, int layers, int hidden) {
      return new Stack(Basis.SEASONALITY, harmonics, blocks, Weights.SHARED, layers, hidden);
    }

    /** The same with hidden layers of another width. */
    public Stack hidden(int width) {
      return new Stack(basis, terms, blocks, weights, layers, width);
    }

    /** The same with another choice of sharing. */
    public Stack weights(Weights choice) {
      return new Stack(basis, terms, blocks, choice, layers, hidden);
    }
  }

  /** Checks that there is a stack. */
  public NBeats {
    stacks = List.copyOf(stacks);
    if (stacks.isEmpty()) {
      throw new IllegalArgumentException("stacks: [] (expected: at least one)");
    }
    Objects.requireNonNull(centering, "centering");
  }

  /** A small generic one: three blocks of four layers of 256, centred on the last value. */
  public static NBeats defaults() {
    return new NBeats(List.of(Stack.generic(3, 4, 256)), Centering.LAST);
  }

  /**
   * The paper's N-BEATS-G for M4: 30 generic stacks of one block of four layers of 512, here one
   * stack of 30 blocks, which is the same.
   */
  public static NBeats generic() {
    return new NBeats(List.of(Stack.generic(30, 4, 512)), Centering.NONE);
  }

  /**
   * The paper's N-BEATS-I for M4: a trend of degree 2 (three blocks of four layers of 256), then
   * seasonality (three blocks of four layers of 2048), the weights shared within each stack.
   */
  public static NBeats interpretable() {
    return new NBeats(
        List.of(Stack.trend(2, 3, 4, 256), Stack.seasonality(1, 3, 4, 2048)), Centering.NONE);
  }

  static NBeats of(Map<String, String> settings) {
    List<Basis> bases = Settings.list(settings, "bases", Basis::valueOf);
    List<Integer> terms = Settings.list(settings, "terms", Integer::valueOf);
    List<Integer> blocks = Settings.list(settings, "blocks", Integer::valueOf);
    List<Weights> weights = Settings.list(settings, "weights", Weights::valueOf);
    List<Integer> layers = Settings.list(settings, "layers", Integer::valueOf);
    List<Integer> hidden = Settings.list(settings, "hidden", Integer::valueOf);
    for (List<?> list : List.of(terms, blocks, weights, layers, hidden)) {
      if (list.size() != bases.size()) {
        throw new IllegalArgumentException(
            "stacks: " + list + " for " + bases + " (expected: one value each)");
      }
    }
    List<Stack> stacks =
        IntStream.range(0, bases.size())
            .mapToObj(
                i ->
                    new Stack(
                        bases.get(i),
                        terms.get(i),
                        blocks.get(i),
                        weights.get(i),
                        layers.get(i),
                        hidden.get(i)))
            .toList();
    return new NBeats(stacks, Settings.centering(settings));
  }

  /** The same with other stacks. */
  public NBeats stacks(Stack... others) {
    return new NBeats(List.of(others), centering);
  }

  /** The same with hidden layers of another width in all stacks. */
  public NBeats hidden(int width) {
    return new NBeats(stacks.stream().map(stack -> stack.hidden(width)).toList(), centering);
  }

  /** The same with another centering. */
  public NBeats centering(Centering choice) {
    return new NBeats(stacks, choice);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("bases", Settings.text(stacks.stream().map(Stack::basis).toList()));
    settings.put("terms", Settings.text(stacks.stream().map(Stack::terms).toList()));
    settings.put("blocks", Settings.text(stacks.stream().map(Stack::blocks).toList()));
    settings.put("weights", Settings.text(stacks.stream().map(Stack::weights).toList()));
    settings.put("layers", Settings.text(stacks.stream().map(Stack::layers).toList()));
    settings.put("hidden", Settings.text(stacks.stream().map(Stack::hidden).toList()));
    settings.put("centering", centering.name());
    return settings;
  }

  @Override
  public boolean seesCovariates() {
    return false;
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
    return new NBeatsBlock(this, window, seed);
  }
}
