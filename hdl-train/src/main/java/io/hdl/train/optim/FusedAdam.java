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
import java.util.List;

/**
 * Adam or AdamW on one flat buffer of weights, in one native call per step: {@code
 * torch._fused_adam_} through a small TorchScript function whose source, {@code fused_adam.py},
 * lies beside its archive. Everything happens in place. Not thread-safe; belongs to the thread that
 * trains.
 */
public final class FusedAdam implements AutoCloseable {
  private static final String ARCHIVE = "fused_adam.pt";

  private final Optimizer settings;
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
  public FusedAdam(Optimizer settings, NDArray weights) {
    this.settings = settings;
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

  /**
   * Scales a gradient down, in place, so that its Euclidean norm is at most {@code maxNorm}.
   *
   * @param gradient the flat gradient {@code [n]}
   * @param maxNorm the largest norm, more than 0
   * @return the norm before clipping, a scalar that stays on the device and belongs to the
   *     gradient's manager
   */
  public NDArray clip(NDArray gradient, double maxNorm) {
    try (IValue values = IValue.from((PtNDArray) gradient);
        IValue limit = IValue.from(maxNorm);
        IValue norm = IValueUtils.runMethod(functions, "clip", values, limit)) {
      return norm.toTensor((PtNDManager) gradient.getManager());
    }
  }

  /**
   * Changes the weights by one step.
   *
   * @param weights the flat buffer {@code [n]}, changed in place
   * @param gradient its gradient {@code [n]}
   * @param factor what the learning rate is multiplied by, from the schedule
   */
  public void step(NDArray weights, NDArray gradient, double factor) {
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

  /** Steps done so far, Adam's {@code t}. */
  public long steps() {
    return steps;
  }

  /** A copy of the running mean of gradients, Adam's {@code m}. */
  public float[] firstMoment() {
    return firstMoment.toFloatArray();
  }

  /** A copy of the running mean of squared gradients, Adam's {@code v}. */
  public float[] secondMoment() {
    return secondMoment.toFloatArray();
  }

  /** Goes on from a saved state. */
  public void restore(float[] first, float[] second, long stepsDone) {
    try (NDManager step = manager.newSubManager()) {
      firstMoment.set(new NDIndex(":"), step.create(first));
      secondMoment.set(new NDIndex(":"), step.create(second));
    }
    count.muli(0).addi(stepsDone);
    steps = stepsDone;
  }

  @Override
  public void close() {
    functions.close();
    manager.close();
  }
}
