package io.hdl.train.model;

import ai.djl.nn.Block;
import com.google.common.base.Suppliers;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * A user's own DJL Block as a model.
 *
 * <pre>{@code
 * BlockModel.named("two-layers", window -> new SequentialBlock()
 *         .add(Linear.builder().setUnits(64).build())
 *         .add(Activation.reluBlock())
 *         .add(Linear.builder().setUnits(window.horizon() * window.outputs()).build()))
 *     .targetOnly();
 * }</pre>
 *
 * <p>The Block takes the five arrays of {@link ForecastInputs}, or the target alone, and gives one
 * array {@code [batch, horizon, outputs]}, or the same values as {@code [batch, horizon *
 * outputs]}. Its first weights come from its own initializers and the run's seed. Running
 * statistics of batch norms are trained, saved and loaded with the weights. DJL's dropout,
 * recurrent Blocks and batch norms depend on more than the windows of their pass: a Block with them
 * is named as not portable.
 *
 * <p>The Block itself is not saved: load a forecaster with {@code Forecaster.load(folder, model)}.
 * Immutable and thread-safe, if the function that makes Blocks is.
 */
public final class BlockModel implements ForecastModel {
  private enum Sees {
    ALL,
    TARGET
  }

  // Only looked through for what it is made of.
  private static final WindowShape PROBE = new WindowShape(32, 8, 2, 1, 1, 1);

  private final String name;
  private final Function<WindowShape, Block> blocks;
  private final Map<String, String> settings;
  private final Sees sees;
  private final Supplier<Optional<String>> notPortable;

  private BlockModel(
      String name, Function<WindowShape, Block> blocks, Map<String, String> settings, Sees sees) {
    this.name = name;
    this.blocks = blocks;
    this.settings = settings;
    this.sees = sees;
    this.notPortable = Suppliers.memoize(this::lookThrough);
  }

  /**
   * A model that sees the target, covariates and constants.
   *
   * @param name lower-case, as recorded with a run and in a saved forecaster
   * @param blocks makes a fresh Block, not yet initialised, for the sizes it has to fit
   */
  public static BlockModel named(String name, Function<WindowShape, Block> blocks) {
    if (!name.matches("[a-z][a-z0-9_-]*")
        || Models.names().contains(name)
        || name.equals(TorchScriptModel.NAME)) {
      throw new IllegalArgumentException(
          "name: \""
              + name
              + "\" (expected: lower-case letters, digits, - and _, and none of "
              + Models.names()
              + ")");
    }
    return new BlockModel(name, Objects.requireNonNull(blocks, "blocks"), Map.of(), Sees.ALL);
  }

  /** The same whose Block takes one array, the target {@code [batch, context]}. */
  public BlockModel targetOnly() {
    return new BlockModel(name, blocks, settings, Sees.TARGET);
  }

  /** The same with a setting that is recorded with a run and has to fit when a model is loaded. */
  public BlockModel setting(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(settings);
    more.put(key, value);
    return new BlockModel(name, blocks, more, sees);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> all = new LinkedHashMap<>(settings);
    all.put("sees", sees.name());
    return all;
  }

  @Override
  public boolean seesCovariates() {
    return sees == Sees.ALL;
  }

  @Override
  public Optional<String> notPortable() {
    return notPortable.get();
  }

  private Optional<String> lookThrough() {
    try {
      return ForeignBlock.notPortable(blocks.apply(PROBE));
    } catch (RuntimeException e) {
      return Optional.of(
          "its Block cannot be looked through for sizes other than its own (" + e + ")");
    }
  }

  @Override
  public Block block(WindowShape window, long seed) {
    Block own = Objects.requireNonNull(blocks.apply(window), "the Block of " + name);
    return new ForeignBlock(own, window, sees == Sees.TARGET ? 1 : Integer.MAX_VALUE, seed);
  }

  @Override
  public String toString() {
    return name + settings();
  }
}
