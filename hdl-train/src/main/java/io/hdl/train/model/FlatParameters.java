package io.hdl.train.model;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import ai.djl.util.Pair;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The weights of a Block in one flat buffer on one device; the Block's parameters are views of it.
 * What changes the buffer in place changes the model. Reading is thread-safe as long as nobody
 * writes.
 */
public final class FlatParameters implements AutoCloseable {
  /**
   * Where an array lies in the flat buffer.
   *
   * @param name its name
   * @param type what it is to its layer
   * @param shape its shape
   * @param offset index of its first value
   */
  public record Part(String name, Parameter.Type type, Shape shape, int offset) {}

  private record Entry(String name, Parameter parameter, Shape shape, int offset) {}

  private final NDManager manager;
  private final List<Entry> entries = new ArrayList<>();
  private final NDArray flat;
  private final NDList views;
  private final Map<String, NDArray> fixed = new HashMap<>();
  private final RunningStatistics statistics;
  private final @Nullable TorchScriptBlock module;
  private final ParameterStore reading;

  /**
   * Initialises a Block and moves its weights to a device.
   *
   * @param block the Block; keeps no memory of its own afterwards
   * @param window the sizes it was made for
   * @param parent manager of the device; what is made here is closed with this object
   */
  public FlatParameters(Block block, WindowShape window, NDManager parent) {
    manager = parent.newSubManager();
    statistics = new RunningStatistics(manager);
    try (NDManager first = parent.newSubManager(Device.cpu())) {
      module = TorchScriptBlock.in(block);
      if (module != null) {
        module.open(manager);
      }
      block.initialize(first, DataType.FLOAT32, ForecastInputs.shapes(window, 1));
      int size = 0;
      List<float[]> values = new ArrayList<>();
      for (Pair<String, Parameter> pair : block.getParameters()) {
        Parameter parameter = pair.getValue();
        NDArray array = parameter.getArray();
        requireFloat32(nameOf(pair), array.getDataType());
        if (parameter.requiresGradient() || RunningStatistics.is(parameter)) {
          entries.add(new Entry(nameOf(pair), parameter, array.getShape(), size));
          values.add(array.toFloatArray());
          size = Math.addExact(size, Math.toIntExact(array.size()));
        } else {
          NDArray copy = manager.create(array.toFloatArray(), array.getShape());
          fixed.put(parameter.getId(), copy);
        }
      }
      float[] all = new float[size];
      for (int i = 0; i < values.size(); i++) {
        System.arraycopy(values.get(i), 0, all, entries.get(i).offset(), values.get(i).length);
      }
      flat = manager.create(all);
      views = viewsOf(flat);
      for (int i = 0; i < values.size(); i++) {
        if (!entries.get(i).parameter().requiresGradient()) {
          statistics.add(entries.get(i).parameter(), views.get(i));
        }
      }
      reading = new Views(manager, viewsById(views));
    } catch (RuntimeException e) {
      manager.close();
      throw e;
    }
  }

  /** Asked before any value is read or cast: PyTorch's bindings end the JVM for some types. */
  private static void requireFloat32(String name, DataType type) {
    if (type != DataType.FLOAT32) {
      throw new HdlException(
          ErrorCode.UNSUPPORTED_FEATURE,
          "Cannot train the Block: its parameter \""
              + name
              + "\" is of "
              + (type == DataType.UNKNOWN
                  ? "a type that DJL does not know, such as bfloat16"
                  : "type " + type)
              + " (expected: float32). Give the Block's parameters the data type that initialize is"
              + " called with.");
    }
  }

  private static String nameOf(Pair<String, Parameter> pair) {
    String own = pair.getValue().getName();
    return pair.getKey().endsWith(own) ? pair.getKey() : pair.getKey() + "." + own;
  }

  /**
   * Another flat buffer, such as one of gradients or moments, as arrays of the weights' shapes that
   * share its memory and belong to its manager.
   *
   * @param buffer {@code [n]}, as long as {@link #flat}
   */
  public NDList viewsOf(NDArray buffer) {
    NDList parts = new NDList();
    for (Entry entry : entries) {
      long end = entry.offset() + entry.shape().size();
      try (NDArray slice = buffer.get(new NDIndex(entry.offset() + ":" + end))) {
        NDArray view = slice.reshape(entry.shape());
        view.attach(buffer.getManager());
        parts.add(view);
      }
    }
    return parts;
  }

  private Map<String, NDArray> viewsById(List<NDArray> arrays) {
    Map<String, NDArray> byId = new HashMap<>(fixed);
    for (int i = 0; i < arrays.size(); i++) {
      byId.put(entries.get(i).parameter().getId(), arrays.get(i));
    }
    byId.putAll(statistics.byId());
    return byId;
  }

  /** The flat buffer {@code [n]} itself; to be changed in place only. */
  public NDArray flat() {
    return flat;
  }

  /** Serves the weights to forward passes that need no gradient. */
  public ParameterStore reading() {
    return reading;
  }

  /**
   * Weights of one training step: they share the flat buffer's memory and record what is computed
   * from them.
   *
   * @param step manager of the step, closed when the step is over
   */
  public Leaves leaves(NDManager step) {
    statistics.save();
    List<NDArray> leaves = new ArrayList<>();
    for (int i = 0; i < entries.size(); i++) {
      NDArray leaf = views.get(i).stopGradient();
      leaf.attach(step);
      if (entries.get(i).parameter().requiresGradient()) {
        leaf.setRequiresGradient(true);
      }
      leaves.add(leaf);
    }
    if (module == null) {
      return new Leaves(leaves, new Views(step, viewsById(leaves)), NDArray::getGradient);
    }
    module.clearGradients();
    IdentityHashMap<NDArray, Parameter> parameterOf = new IdentityHashMap<>();
    for (int i = 0; i < leaves.size(); i++) {
      parameterOf.put(leaves.get(i), entries.get(i).parameter());
    }
    return new Leaves(
        leaves,
        new Views(step, viewsById(leaves)),
        leaf -> module.gradient(Objects.requireNonNull(parameterOf.get(leaf)), leaf, step));
  }

  /** A copy of all weights, in the order of the Block's parameters. */
  public float[] toArray() {
    statistics.save();
    return flat.toFloatArray();
  }

  /** Replaces all weights, in the order of the Block's parameters. */
  public void set(float[] weights) {
    if (weights.length != flat.size()) {
      throw new IllegalArgumentException(
          "weights: " + weights.length + " (expected: " + flat.size() + ")");
    }
    try (NDArray source = manager.create(weights)) {
      flat.set(new NDIndex(":"), source);
    }
    statistics.load();
  }

  /**
   * Takes over what the batch norms of another replica followed, for instance of the first one. The
   * weights stay as they are.
   */
  public void copyStatistics(FlatParameters from) {
    statistics.copy(from.statistics);
  }

  /** Shape of each weight array by name, in the order in which they lie in the flat buffer. */
  public Map<String, Shape> shapes() {
    Map<String, Shape> shapes = new LinkedHashMap<>();
    entries.forEach(entry -> shapes.put(entry.name(), entry.shape()));
    return shapes;
  }

  /** The arrays in the order in which they lie in the flat buffer. */
  public List<Part> parts() {
    return entries.stream()
        .map(
            entry ->
                new Part(entry.name(), entry.parameter().getType(), entry.shape(), entry.offset()))
        .toList();
  }

  @Override
  public void close() {
    manager.close();
  }

  /** Where the gradient of a leaf comes from; null if there is none. */
  @FunctionalInterface
  private interface GradientOf {
    @Nullable NDArray leaf(NDArray leaf);
  }

  /** Weights of one training step. */
  public static final class Leaves {
    private final List<NDArray> leaves;
    private final ParameterStore store;
    private final GradientOf gradientOf;

    private Leaves(List<NDArray> leaves, ParameterStore store, GradientOf gradientOf) {
      this.leaves = leaves;
      this.store = store;
      this.gradientOf = gradientOf;
    }

    /** Serves the weights to the step's forward pass. */
    public ParameterStore store() {
      return store;
    }

    /** The gradients after the backward passes as one flat array, in the step's manager. */
    public NDArray gradient() {
      NDList parts = new NDList();
      gradients().forEach(gradient -> parts.add(gradient.reshape(-1)));
      return NDArrays.concat(parts);
    }

    /**
     * The gradients after the backward passes, one per weight array, in the step's manager; zeros
     * for weights that no pass made use of.
     */
    public NDList gradients() {
      NDList gradients = new NDList();
      for (NDArray leaf : leaves) {
        NDArray gradient = leaf.hasGradient() ? gradientOf.leaf(leaf) : null;
        gradients.add(gradient == null ? leaf.zerosLike() : gradient);
      }
      return gradients;
    }
  }

  /** Serves arrays by parameter instead of DJL's own copies. */
  private static final class Views extends ParameterStore {
    private final Map<String, NDArray> arrays;

    Views(NDManager manager, Map<String, NDArray> arrays) {
      super(manager, false);
      this.arrays = arrays;
    }

    @Override
    public @Nullable NDArray getValue(
        @Nullable Parameter parameter, Device device, boolean training) {
      if (parameter == null) {
        return null; // A layer without a bias asks for one all the same.
      }
      NDArray array = arrays.get(parameter.getId());
      if (array == null) {
        throw new IllegalStateException(
            "Parameter " + parameter.getName() + " is of another Block");
      }
      return array;
    }
  }
}
