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
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Adam or AdamW on one flat buffer of weights, in one native call per step and decay group: {@code
 * torch._fused_adam_} through a small TorchScript function whose source, {@code fused_adam.py},
 * lies beside its archive. Everything happens in place. Not thread-safe; belongs to the thread that
 * trains.
 *
 * <p>The gradient comes in parts: with one replica no flat gradient is ever put together. When the
 * norm of a gradient that is clipped is not finite, nothing is changed by that step and all further
 * ones: the state before it is kept.
 */
final class FusedAdam implements FlatOptimizer {
  private static final String FIRST = "first_moment";
  private static final String SECOND = "second_moment";
  private static final int FLUSH_STEPS = 64;

  /** Parts with one weight decay, by their places, and what the native call takes of them. */
  private record Group(
      List<Integer> places,
      IValue weights,
      IValue first,
      IValue second,
      IValue counts,
      IValue weightDecay)
      implements AutoCloseable {
    @Override
    public void close() {
      List.of(weights, first, second, counts, weightDecay).forEach(IValue::close);
    }
  }

  /** What all native calls take, made once. */
  private record Held(
      IValue unused,
      IValue yes,
      IValue no,
      IValue one,
      IValue zero,
      IValue count,
      IValue scale,
      IValue stopped,
      IValue beta1,
      IValue beta2,
      IValue epsilon)
      implements AutoCloseable {
    @Override
    public void close() {
      List.of(unused, yes, no, count, scale, stopped, beta1, beta2, epsilon).forEach(IValue::close);
    }
  }

  private final AdamSettings settings;
  private final NDManager manager;
  private final NDList views;
  private final TorchFunctions functions;
  private final NDArray firstMoment;
  private final NDArray secondMoment;
  private final NDArray count;
  private final NDArray scale;
  private final NDArray stopped;
  private final Held held;
  private final List<Group> groups = new ArrayList<>();
  private IValue rate;
  private double rateHeld;
  private long steps;

  /**
   * Begins with moments of zero.
   *
   * @param settings learning rate, betas, epsilon, weight decay
   * @param parameters the weights that will be changed, each array a part; must outlive this object
   */
  FusedAdam(AdamSettings settings, FlatParameters parameters) {
    this.settings = settings;
    NDArray weights = parameters.flat();
    this.manager = weights.getManager().newSubManager();
    try {
      functions = new TorchFunctions(FusedAdam.class, "fused_adam.pt", manager);
      firstMoment = manager.zeros(weights.getShape(), DataType.FLOAT32);
      secondMoment = manager.zeros(weights.getShape(), DataType.FLOAT32);
      count = manager.zeros(new Shape(), DataType.FLOAT32);
      scale = manager.ones(new Shape(), DataType.FLOAT32);
      stopped = manager.zeros(new Shape(), DataType.FLOAT32);
      views = parameters.viewsOf(weights);
      held =
          new Held(
              TorchFunctions.list(new NDList()),
              IValue.from(true),
              IValue.from(false),
              IValue.from((PtNDArray) manager.ones(new Shape(), DataType.FLOAT32)),
              IValue.from((PtNDArray) manager.zeros(new Shape(), DataType.FLOAT32)),
              IValue.from((PtNDArray) count),
              IValue.from((PtNDArray) scale),
              IValue.from((PtNDArray) stopped),
              IValue.from(settings.beta1()),
              IValue.from(settings.beta2()),
              IValue.from(settings.epsilon()));
      rateHeld = settings.learningRate();
      rate = IValue.from(rateHeld);
      addGroups(parameters);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private void addGroups(FlatParameters parameters) {
    DecayGroups decays =
        DecayGroups.of(parameters.parts(), settings.weightDecay(), settings.decayScope());
    NDList first = parameters.viewsOf(firstMoment);
    NDList second = parameters.viewsOf(secondMoment);
    for (List<Integer> places : List.of(decays.decayed(), decays.kept())) {
      if (!places.isEmpty()) {
        groups.add(
            new Group(
                places,
                TorchFunctions.list(views, places),
                TorchFunctions.list(first, places),
                TorchFunctions.list(second, places),
                TorchFunctions.list(new NDList(Collections.nCopies(places.size(), count))),
                IValue.from(places == decays.decayed() ? settings.weightDecay() : 0.0)));
      }
    }
  }

  @Override
  public void step(NDList gradients, double maxNorm, double factor) {
    boolean clips = maxNorm > 0;
    if (clips) {
      begin(gradients, maxNorm);
    }
    setRate(settings.learningRate() * factor);
    steps++;
    for (int i = 0; i < groups.size(); i++) {
      IValue counted = i == 0 && !clips ? held.one() : held.zero();
      step(groups.get(i), gradients, counted, clips ? held.yes() : held.no());
    }
    if (steps % FLUSH_STEPS == 0) {
      flush();
    }
  }

  private void setRate(double value) {
    if (value != rateHeld) {
      rate.close();
      rate = IValue.from(value);
      rateHeld = value;
    }
  }

  /** Keeps the moments out of the denormal numbers, which processors are slow with. */
  private void flush() {
    try (IValue first = IValue.from((PtNDArray) firstMoment);
        IValue second = IValue.from((PtNDArray) secondMoment)) {
      functions.call("flush", first, second).close();
    }
  }

  /** Finds how much the gradients are clipped, and counts the step if they are finite. */
  private void begin(NDList gradients, double maxNorm) {
    try (IValue list = TorchFunctions.list(gradients);
        IValue limit = IValue.from(maxNorm)) {
      functions.call("begin", list, limit, held.count(), held.scale(), held.stopped()).close();
    }
  }

  private void step(Group group, NDList gradients, IValue counted, IValue clips) {
    try (IValue list = TorchFunctions.list(gradients, group.places())) {
      functions
          .call(
              settings.name(),
              group.weights(),
              list,
              group.first(),
              group.second(),
              group.counts(),
              held.unused(),
              counted,
              clips,
              held.scale(),
              held.stopped(),
              rate,
              held.beta1(),
              held.beta2(),
              group.weightDecay(),
              held.epsilon())
          .close();
    }
  }

  @Override
  public long steps() {
    return steps;
  }

  @Override
  public long applied() {
    return stopped.getFloat() == 0 ? steps : (long) count.getFloat();
  }

  @Override
  public long stateSize() {
    return firstMoment.size() + secondMoment.size();
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
    rate.close();
    held.close();
    groups.forEach(Group::close);
    views.close();
    functions.close();
    manager.close();
  }
}
