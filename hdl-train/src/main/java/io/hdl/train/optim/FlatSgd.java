package io.hdl.train.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.IValue;
import io.hdl.train.model.FlatParameters;
import io.hdl.train.model.TorchFunctions;
import java.util.List;
import java.util.Map;

/**
 * {@link Sgd} at work on one flat buffer: clipping and {@code torch._fused_sgd_} for both decay
 * groups in one native call, through a small TorchScript function whose source, {@code
 * flat_functions.py}, lies beside its archive. When the norm of a gradient is not finite, nothing
 * is changed by that step and all further ones.
 */
final class FlatSgd implements FlatOptimizer {
  private static final String VELOCITY = "velocity";

  private final Sgd settings;
  private final DecayGroups groups;
  private final NDManager manager;
  private final TorchFunctions functions;
  private final NDArray velocity;
  private final NDArray stopped;
  private final NDList views;
  private final List<IValue> held;
  private long steps;

  /** Begins with a velocity of zero. */
  FlatSgd(Sgd settings, FlatParameters parameters) {
    this.settings = settings;
    groups = DecayGroups.of(parameters.parts(), settings.weightDecay(), settings.decayScope());
    NDArray flat = parameters.flat();
    manager = flat.getManager().newSubManager();
    try {
      functions = new TorchFunctions(FlatSgd.class, "flat_functions.pt", manager);
      // Without a momentum there is nothing to remember.
      long size = settings.momentum() > 0 ? flat.size() : 0;
      velocity = manager.zeros(new Shape(size), DataType.FLOAT32);
      stopped = manager.zeros(new Shape(), DataType.FLOAT32);
      views = parameters.viewsOf(flat);
      NDList velocities = size > 0 ? parameters.viewsOf(velocity) : new NDList();
      held =
          List.of(
              TorchFunctions.list(views, groups.decayed()),
              TorchFunctions.list(velocities, size > 0 ? groups.decayed() : List.of()),
              TorchFunctions.list(views, groups.kept()),
              TorchFunctions.list(velocities, size > 0 ? groups.kept() : List.of()));
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  @Override
  public void step(NDList gradients, double maxNorm, double factor) {
    steps++;
    try (IValue decayed = TorchFunctions.list(gradients, groups.decayed());
        IValue kept = TorchFunctions.list(gradients, groups.kept());
        IValue halt = IValue.from((PtNDArray) stopped);
        IValue limit = IValue.from(maxNorm > 0 ? maxNorm : Double.POSITIVE_INFINITY);
        IValue rate = IValue.from(settings.learningRate() * factor);
        IValue momentum = IValue.from(settings.momentum());
        IValue decay = IValue.from(settings.weightDecay());
        IValue nesterov = IValue.from(settings.form() == Sgd.Form.NESTEROV)) {
      functions
          .call(
              "sgd",
              held.get(0),
              decayed,
              held.get(1),
              held.get(2),
              kept,
              held.get(3),
              halt,
              limit,
              rate,
              momentum,
              decay,
              nesterov)
          .close();
    }
  }

  @Override
  public long steps() {
    return steps;
  }

  @Override
  public long stateSize() {
    return velocity.size();
  }

  @Override
  public Map<String, float[]> state() {
    return velocity.size() == 0 ? Map.of() : Map.of(VELOCITY, velocity.toFloatArray());
  }

  @Override
  public void restore(Map<String, float[]> arrays, long stepsDone) {
    float[] values = arrays.getOrDefault(VELOCITY, new float[0]);
    if (values.length != velocity.size()) {
      throw new IllegalArgumentException(
          "optimizer state: not SGD's, or not of this model (expected: a velocity of "
              + velocity.size()
              + " values)");
    }
    if (values.length > 0) {
      try (NDArray source = manager.create(values)) {
        velocity.set(new NDIndex(":"), source);
      }
    }
    stopped.muli(0);
    steps = stepsDone;
  }

  @Override
  public void close() {
    held.forEach(IValue::close);
    views.close();
    functions.close();
    manager.close();
  }
}
