package io.hdl.benchmarks.train;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.nn.recurrent.GRU;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.WindowShape;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * DJL's own GRU over the context, and a linear layer from its last state to the horizon: a Block as
 * a user would bring it.
 *
 * @param hidden width of the state
 */
record GruForecaster(int hidden) implements ForecastModel {
  @Override
  public String name() {
    return "gru";
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("hidden", Integer.toString(hidden));
  }

  @Override
  public Block block(WindowShape window, long seed) {
    return new Net(hidden, window);
  }

  private static final class Net extends AbstractBlock {
    private final WindowShape window;
    private final GRU gru;
    private final Block head;

    Net(int hidden, WindowShape window) {
      this.window = window;
      gru = addChildBlock("gru", GRU.builder().setStateSize(hidden).setNumLayers(1).build());
      head = addChildBlock("head", Linear.builder().setUnits(window.horizon()).build());
    }

    @Override
    protected NDList forwardInternal(
        ParameterStore store,
        NDList inputs,
        boolean training,
        @Nullable PairList<String, Object> params) {
      NDArray steps = inputs.get(0).expandDims(2);
      NDArray states = gru.forward(store, new NDList(steps), training).get(0);
      NDArray last = states.get(":, " + (window.context() - 1));
      return new NDList(head.forward(store, new NDList(last), training).get(0).expandDims(2));
    }

    @Override
    public Shape[] getOutputShapes(Shape[] inputShapes) {
      return new Shape[] {new Shape(inputShapes[0].get(0), window.horizon(), 1)};
    }

    @Override
    protected void initializeChildBlocks(NDManager manager, DataType type, Shape... shapes) {
      Shape steps = new Shape(shapes[0].get(0), window.context(), 1);
      gru.initialize(manager, type, steps);
      Shape states = gru.getOutputShapes(new Shape[] {steps})[0];
      head.initialize(manager, type, new Shape(states.get(0), states.get(2)));
    }
  }
}
