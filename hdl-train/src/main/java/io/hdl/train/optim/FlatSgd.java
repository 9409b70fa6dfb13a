package io.hdl.train.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.pytorch.engine.PtNDArray;
import java.util.List;
import java.util.Map;

/** {@link Sgd} at work on one flat buffer, in one native call per step and decay group. */
final class FlatSgd implements FlatOptimizer {
  private static final String VELOCITY = "velocity";

  private final Sgd settings;
  private final DecayGroups groups;
  private final NDManager manager;
  private final FlatFunctions functions;
  private final NDArray velocity;
  private final List<PtNDArray[]> weights;
  private final List<PtNDArray[]> velocities;
  private long steps;

  /**
   * Begins with a velocity of zero.
   *
   * @param flat the weights {@code [n]} that will be changed; must outlive this object
   */
  FlatSgd(Sgd settings, NDArray flat, DecayGroups groups) {
    this.settings = settings;
    this.groups = groups;
    manager = flat.getManager().newSubManager();
    try {
      functions = new FlatFunctions(manager);
      // Without a momentum there is nothing to remember.
      velocity = manager.zeros(flat.getShape(), DataType.FLOAT32);
      weights = groups.views(flat);
      velocities = groups.views(velocity);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  @Override
  public NDArray clip(NDArray gradient, double maxNorm) {
    return functions.clip(gradient, maxNorm);
  }

  @Override
  public void step(NDArray gradient, double factor) {
    List<PtNDArray[]> gradients = groups.views(gradient);
    steps++;
    for (int group = 0; group < gradients.size(); group++) {
      functions.sgd(
          weights.get(group),
          gradients.get(group),
          velocities.get(group),
          settings.learningRate() * factor,
          settings.momentum(),
          groups.groups().get(group).weightDecay(),
          settings.form() == Sgd.Form.NESTEROV ? "nesterov" : "sgd");
    }
  }

  @Override
  public long steps() {
    return steps;
  }

  @Override
  public Map<String, float[]> state() {
    return Map.of(VELOCITY, velocity.toFloatArray());
  }

  @Override
  public void restore(Map<String, float[]> arrays, long stepsDone) {
    float[] values = arrays.get(VELOCITY);
    if (values == null || values.length != velocity.size()) {
      throw new IllegalArgumentException(
          "optimizer state: not SGD's, or not of this model (expected: a velocity of "
              + velocity.size()
              + " values)");
    }
    try (NDArray source = manager.create(values)) {
      velocity.set(new NDIndex(":"), source);
    }
    steps = stepsDone;
  }

  @Override
  public void close() {
    if (groups.groups().size() > 1) {
      // Views of the weights belong to the weights' manager.
      for (PtNDArray[] group : weights) {
        for (PtNDArray view : group) {
          view.close();
        }
      }
    }
    functions.close();
    manager.close();
  }
}
