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
import io.hdl.train.model.FlatParameters;
import io.hdl.train.model.TorchFunctions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
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
      double weightDecay,
      List<Integer> places,
      IValue weights,
      IValue first,
      IValue second,
      IValue counts)
      implements AutoCloseable {
    @Override
    public void close() {
      List.of(weights, first, second, counts).forEach(IValue::close);
    }
  }

  private final AdamSettings settings;
  private final Function<NDArray, NDList> partsOf;
  private final NDManager manager;
  private final NDList views;
  private final TorchFunctions functions;
  private final NDArray firstMoment;
  private final NDArray secondMoment;
  private final NDArray count;
  private final NDArray scale;
  private final NDArray stopped;
  private final List<Group> groups = new ArrayList<>();
  private long steps;

  /** For weights in one part. */
  FusedAdam(AdamSettings settings, NDArray weights) {
    this(
        settings,
        weights,
        flat -> new NDList(flat.reshape(-1)),
        new DecayGroups(List.of(0), List.of()));
  }

  /** For a model's weights, each array a part. */
  FusedAdam(AdamSettings settings, FlatParameters parameters) {
    this(
        settings,
        parameters.flat(),
        parameters::viewsOf,
        DecayGroups.of(parameters.parts(), settings.weightDecay(), settings.decayScope()));
  }

  /**
   * Begins with moments of zero.
   *
   * @param settings learning rate, betas, epsilon, weight decay
   * @param weights the flat buffer {@code [n]} that will be changed; must outlive this object
   * @param partsOf gives the parts of a flat buffer, in the order in which gradients come
   * @param decays which parts have the weight decay
   */
  private FusedAdam(
      AdamSettings settings,
      NDArray weights,
      Function<NDArray, NDList> partsOf,
      DecayGroups decays) {
    this.settings = settings;
    this.partsOf = partsOf;
    this.manager = weights.getManager().newSubManager();
    try {
      functions = new TorchFunctions(FusedAdam.class, "fused_adam.pt", manager);
      firstMoment = manager.zeros(weights.getShape(), DataType.FLOAT32);
      secondMoment = manager.zeros(weights.getShape(), DataType.FLOAT32);
      count = manager.zeros(new Shape(), DataType.FLOAT32);
      scale = manager.ones(new Shape(), DataType.FLOAT32);
      stopped = manager.zeros(new Shape(), DataType.FLOAT32);
      views = partsOf.apply(weights);
      addGroups(decays);
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  private void addGroups(DecayGroups decays) {
    NDList first = partsOf.apply(firstMoment);
    NDList second = partsOf.apply(secondMoment);
    for (List<Integer> places : List.of(decays.decayed(), decays.kept())) {
      if (!places.isEmpty()) {
        groups.add(
            new Group(
                places == decays.decayed() ? settings.weightDecay() : 0,
                places,
                TorchFunctions.list(views, places),
                TorchFunctions.list(first, places),
                TorchFunctions.list(second, places),
                TorchFunctions.list(new NDList(Collections.nCopies(places.size(), count)))));
      }
    }
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
    try (NDList gradients = partsOf.apply(gradient)) {
      step(gradients, 0, factor);
    }
  }

  @Override
  public void step(NDList gradients, double maxNorm, double factor) {
    boolean clips = maxNorm > 0;
    if (clips) {
      begin(gradients, maxNorm);
    } else {
      count();
    }
    steps++;
    for (Group group : groups) {
      step(group, gradients, clips, settings.learningRate() * factor);
    }
    if (steps % FLUSH_STEPS == 0) {
      flush();
    }
  }

  private void count() {
    try (IValue counted = IValue.from((PtNDArray) count)) {
      functions.call("count", counted).close();
    }
  }

  /** Keeps the moments out of the denormal numbers, which processors are slow with. */
  private void flush() {
    try (IValue first = IValue.from((PtNDArray) firstMoment);
        IValue second = IValue.from((PtNDArray) secondMoment)) {
      functions.call("flush", first, second).close();
    }
  }

  private void begin(NDList gradients, double maxNorm) {
    try (IValue list = TorchFunctions.list(gradients);
        IValue limit = IValue.from(maxNorm);
        IValue counted = IValue.from((PtNDArray) count);
        IValue by = IValue.from((PtNDArray) scale);
        IValue halt = IValue.from((PtNDArray) stopped)) {
      functions.call("begin", list, limit, counted, by, halt).close();
    }
  }

  private void step(Group group, NDList gradients, boolean clips, double rate) {
    try (IValue list = TorchFunctions.list(gradients, group.places());
        IValue unused = TorchFunctions.list(new NDList());
        IValue clipping = IValue.from(clips);
        IValue by = IValue.from((PtNDArray) scale);
        IValue halt = IValue.from((PtNDArray) stopped);
        IValue lr = IValue.from(rate);
        IValue beta1 = IValue.from(settings.beta1());
        IValue beta2 = IValue.from(settings.beta2());
        IValue decay = IValue.from(group.weightDecay());
        IValue epsilon = IValue.from(settings.epsilon())) {
      functions
          .call(
              settings.name(),
              group.weights(),
              list,
              group.first(),
              group.second(),
              group.counts(),
              unused,
              clipping,
              by,
              halt,
              lr,
              beta1,
              beta2,
              decay,
              epsilon)
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
    groups.forEach(Group::close);
    views.close();
    functions.close();
    manager.close();
  }
}
