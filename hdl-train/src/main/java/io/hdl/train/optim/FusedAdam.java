package io.hdl.train.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValue;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adam or AdamW on one flat buffer of weights, in one native call per step: {@code
 * torch._fused_adam_} through a small TorchScript function whose source, {@code fused_adam.py},
 * lies beside its archive. Everything happens in place. Not thread-safe; belongs to the thread that
 * trains.
 */
final class FusedAdam implements FlatOptimizer {
  private static final String ARCHIVE = "fused_adam.pt";

  private static final String FIRST = "first_moment";
  private static final String SECOND = "second_moment";

  private final AdamSettings settings;
  private final NDArray weights;
  private final NDManager manager;
  private final PtSymbolBlock functions;
  private final NDArray firstMoment;
  private final NDArray secondMoment;
  private final NDArray count;
  private long steps;

  /**
   * Begins with moments of zero.
   *
   * @param settings learning rate, betas, epsilon, weight decay
   * @param weights the flat buffer {@code [n]} that will be changed; must outlive this object
   */
  FusedAdam(AdamSettings settings, NDArray weights) {
    this.settings = settings;
    this.weights = weights;
    this.manager = weights.getManager().newSubManager();
    try (InputStream archive = FusedAdam.class.getResourceAsStream(ARCHIVE)) {
      if (archive == null) {
        throw new HdlException(
            ErrorCode.INTERNAL,
            "Cannot find "
                + ARCHIVE
                + " beside "
                + FusedAdam.class
                + ". Repair the hdl-train jar.");
      }
      functions = JniUtils.loadModule((PtNDManager) manager, archive, false, false);
    } catch (IOException e) {
      manager.close();
      throw new HdlException(ErrorCode.INTERNAL, "Cannot read " + ARCHIVE, e);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
    firstMoment = manager.zeros(weights.getShape(), DataType.FLOAT32);
    secondMoment = manager.zeros(weights.getShape(), DataType.FLOAT32);
    count = manager.zeros(new Shape(), DataType.FLOAT32);
  }

  @Override
  public NDArray clip(NDArray gradient, double maxNorm) {
    try (IValue values = IValue.from((PtNDArray) gradient);
        IValue limit = IValue.from(maxNorm);
        IValue norm = IValueUtils.runMethod(functions, "clip", values, limit)) {
      return norm.toTensor((PtNDManager) gradient.getManager());
    }
  }

  @Override
  public void step(NDArray gradient, double factor) {
    List<IValue> arguments = new ArrayList<>();
    try {
      arguments.add(IValue.listFrom((PtNDArray) weights));
      arguments.add(IValue.listFrom((PtNDArray) gradient));
      arguments.add(IValue.listFrom((PtNDArray) firstMoment));
      arguments.add(IValue.listFrom((PtNDArray) secondMoment));
      arguments.add(IValue.listFrom((PtNDArray) count));
      arguments.add(IValue.listFrom(new PtNDArray[0]));
      arguments.add(IValue.from(settings.learningRate() * factor));
      arguments.add(IValue.from(settings.beta1()));
      arguments.add(IValue.from(settings.beta2()));
      arguments.add(IValue.from(settings.weightDecay()));
      arguments.add(IValue.from(settings.epsilon()));
      steps++;
      count.addi(1);
      IValueUtils.runMethod(functions, settings.name(), arguments.toArray(new IValue[0])).close();
    } finally {
      arguments.forEach(IValue::close);
    }
  }

  @Override
  public long steps() {
    return steps;
  }

  @Override
  public Map<String, float[]> state() {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    arrays.put(FIRST, firstMoment.toFloatArray());
    arrays.put(SECOND, secondMoment.toFloatArray());
    return arrays;
  }

  @Override
  public void restore(Map<String, float[]> arrays, long stepsDone) {
    try (NDManager step = manager.newSubManager()) {
      set(firstMoment, arrays.get(FIRST), step);
      set(secondMoment, arrays.get(SECOND), step);
    }
    count.muli(0).addi(stepsDone);
    steps = stepsDone;
  }

  private static void set(NDArray moment, float @Nullable [] values, NDManager step) {
    if (values == null || values.length != moment.size()) {
      throw new IllegalArgumentException(
          "optimizer state: not Adam's, or not of this model (expected: two moments of "
              + moment.size()
              + " values)");
    }
    moment.set(new NDIndex(":"), step.create(values));
  }

  @Override
  public void close() {
    functions.close();
    manager.close();
  }
}
