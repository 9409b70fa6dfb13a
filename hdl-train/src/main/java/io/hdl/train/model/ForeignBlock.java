package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.norm.BatchNorm;
import ai.djl.nn.norm.Dropout;
import ai.djl.nn.recurrent.RecurrentBlock;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fits a Block that hdl does not bring to what models read and give. */
final class ForeignBlock extends AbstractBlock {
  private final Block block;
  private final WindowShape window;
  private final int arrays;
  private final long seed;

  /**
   * Wraps a Block.
   *
   * @param arrays the most arrays that it takes
   */
  ForeignBlock(Block block, WindowShape window, int arrays, long seed) {
    this.block = addChildBlock("block", block);
    this.window = window;
    this.arrays = arrays;
    this.seed = seed;
  }

  /** Why a Block's bits may depend on more than the windows and the seed of a pass. */
  static Optional<String> notPortable(Block block) {
    if (block instanceof Dropout) {
      return Optional.of("its dropout draws from the engine's one generator");
    }
    if (block instanceof BatchNorm) {
      return Optional.of("its batch norm takes the statistics of a replica's own windows");
    }
    if (block instanceof RecurrentBlock) {
      return Optional.of("its recurrent Block may drop, from the engine's one generator");
    }
    return block.getChildren().values().stream()
        .map(ForeignBlock::notPortable)
        .flatMap(Optional::stream)
        .findFirst();
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList inputs,
      boolean training,
      @Nullable PairList<String, Object> params) {
    NDList seen = inputs.size() > arrays ? inputs.subNDList(0, arrays) : inputs;
    NDArray output = block.forward(store, seen, training, params).get(0);
    Shape shape = output.getShape();
    long steps = (long) window.horizon() * window.outputs();
    return shape.dimension() == 2 && shape.get(1) == steps
        ? new NDList(output.reshape(-1, window.horizon(), window.outputs()))
        : new NDList(output);
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), window.horizon(), window.outputs())};
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
    // DJL's initializers draw from the engine's one generator.
    manager.getEngine().setRandomSeed((int) (seed ^ (seed >>> 32)));
    block.initialize(
        manager, dataType, Arrays.copyOf(inputShapes, Math.min(inputShapes.length, arrays)));
  }
}
