package io.hdl.train.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Adam or AdamW on one flat buffer of weights, in one native call per step that clips, too: {@code
 * torch._fused_adam_} through a small TorchScript function whose source, {@code fused_adam.py},
 * lies beside its archive. Everything happens in place. Not thread-safe; belongs to the thread that
 * trains.
 *
 * <p>The gradient comes as one array or in parts: with one replica no flat gradient needs to be put
 * together. When the norm of a gradient is not finite, nothing is changed by that step and all
 * further ones: the state before it is kept.
 */
final class FusedAdam implements FlatOptimizer {
  private static final String FIRST = "first_moment";
  private static final String SECOND = "second_moment";

  /** What one native call works on, held between steps. */
  private record Lists(IValue weights, IValue first, IValue second, IValue counts)
      implements AutoCloseable {
    @Override
    public void close() {
      List.of(weights, first, second, counts).forEach(IValue::close);
    }
  }

  private final AdamSettings settings;
  private final NDManager manager;
  private final TorchFunctions functions;
  private final NDArray firstMoment;
  private final NDArray secondMoment;
  private final NDArray count;
  private final NDArray stopped;
  private final Lists whole;
  private final Lists parts;
  private long steps;

  /** For weights in one part. */
  FusedAdam(AdamSettings settings, NDArray weights) {
    this(settings, weights, NDList::new);
  }

  /**
   * Begins with moments of zero.
   *
   * @param settings learning rate, betas, epsilon, weight decay
   * @param weights the flat buffer {@code [n]} that will be changed; must outlive this object
   * @param partsOf gives the parts of a flat buffer, in the order in which gradients come
   */
  FusedAdam(AdamSettings settings, NDArray weights, Function<NDArray, NDList> partsOf) {
    this.settings = settings;
    this.manager = weights.getManager().newSubManager();
    try {
      functions = new TorchFunctions("fused_adam.pt", manager);
      firstMoment = manager.zeros(weights.getShape(), DataType.FLOAT32);
      secondMoment = manager.zeros(weights.getShape(), DataType.FLOAT32);
      count = manager.zeros(new Shape(), DataType.FLOAT32);
      stopped = manager.zeros(new Shape(), DataType.FLOAT32);
      whole = lists(weights, NDList::new);
      parts = lists(weights, partsOf);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private Lists lists(NDArray weights, Function<NDArray, NDList> partsOf) {
    NDList ofWeights = partsOf.apply(weights);
    NDArray[] counts = Collections.nCopies(ofWeights.size(), count).toArray(new NDArray[0]);
    return new Lists(
        TorchFunctions.list(ofWeights),
        TorchFunctions.list(partsOf.apply(firstMoment)),
        TorchFunctions.list(partsOf.apply(secondMoment)),
        TorchFunctions.list(new NDList(counts)));
  }

  @Override
  public NDArray clip(NDArray gradient, double maxNorm) {
    try (IValue values = IValue.from((PtNDArray) gradient);
        IValue limit = IValue.from(maxNorm);
        IValue norm = functions.call("clip", values, limit)) {
      return norm.toTensor((PtNDManager) gradient.getManager());
    }
  }

  @Override
  public void step(NDArray gradient, double factor) {
    step(whole, new NDList(gradient), Double.POSITIVE_INFINITY, factor);
  }

  @Override
  public void step(NDList gradients, double maxNorm, double factor) {
    step(parts, gradients, maxNorm > 0 ? maxNorm : Double.POSITIVE_INFINITY, factor);
  }

  private void step(Lists lists, NDList gradients, double maxNorm, double factor) {
    IValue[] own = {
      TorchFunctions.list(gradients),
      TorchFunctions.list(new NDList()),
      IValue.from((PtNDArray) count),
      IValue.from((PtNDArray) stopped),
      IValue.from(maxNorm),
      IValue.from(settings.learningRate() * factor),
      IValue.from(settings.beta1()),
      IValue.from(settings.beta2()),
      IValue.from(settings.weightDecay()),
      IValue.from(settings.epsilon())
    };
    try {
      steps++;
      functions
          .call(
              settings.name(),
              lists.weights(),
              own[0],
              lists.first(),
              lists.second(),
              lists.counts(),
              own[1],
              own[2],
              own[3],
              own[4],
              own[5],
              own[6],
              own[7],
              own[8],
              own[9])
          .close();
    } finally {
      for (IValue value : own) {
        value.close();
      }
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
    stopped.muli(0);
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
    whole.close();
    parts.close();
    functions.close();
    manager.close();
  }
}
