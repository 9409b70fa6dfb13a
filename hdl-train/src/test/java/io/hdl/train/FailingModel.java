package io.hdl.train;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.WindowShape;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** A model of a user's own, made of another one, whose forward pass fails once. */
record FailingModel(ForecastModel inner, AtomicInteger calls, int failAt) implements ForecastModel {
  @Override
  public String name() {
    return "failing";
  }

  @Override
  public Map<String, String> settings() {
    return inner.settings();
  }

  @Override
  public Block block(WindowShape window, long seed) {
    return new FailingBlock(inner.block(window, seed));
  }

  private final class FailingBlock extends AbstractBlock {
    private final Block block;

    FailingBlock(Block block) {
      this.block = addChildBlock("inner", block);
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store, NDList inputs, boolean training, PairList<String, Object> params) {
      NDList output = block.forward(store, inputs, training, params);
      if (calls.incrementAndGet() == failAt) {
        throw new IllegalStateException("forward pass " + failAt + " fails");
      }
      return output;
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return block.getOutputShapes(inputShapes);
    }

    @Override
    protected void initializeChildBlocks(
        NDManager manager, DataType dataType, Shape... inputShapes) {
      block.initialize(manager, dataType, inputShapes);
    }
  }
}
