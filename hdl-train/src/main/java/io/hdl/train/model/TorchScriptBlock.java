package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import io.hdl.core.storage.AtomicPublish;
import io.hdl.core.storage.FileFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A TorchScript module on one device. Its arrays are its own: the weights are copied into them
 * before a pass, and their gradients and statistics taken from them after it. One pass at a time.
 */
final class TorchScriptBlock extends AbstractBlock {
  private static final NDIndex ALL = new NDIndex(":");

  /** An array of the module, and the parameter that stands for it. */
  private record Own(Parameter parameter, PtNDArray array, boolean trained) {}

  private final TorchScriptArchive archive;
  private final int inputs;
  private final WindowShape window;
  private final List<Own> arrays = new ArrayList<>();
  private final Map<String, Own> byId = new HashMap<>();
  private @Nullable PtSymbolBlock module;

  TorchScriptBlock(TorchScriptArchive archive, int inputs, WindowShape window) {
    this.archive = archive;
    this.inputs = inputs;
    this.window = window;
  }

  /** The module that a model's Block is or has behind its embeddings; null if there is none. */
  static @Nullable TorchScriptBlock in(Block block) {
    if (block instanceof EmbeddingBlock embedding) {
      return in(embedding.model());
    }
    return block instanceof TorchScriptBlock module ? module : null;
  }

  /**
   * Opens the module, once.
   *
   * @param manager manager of the device; the module is closed with it
   */
  void open(NDManager manager) {
    PtNDManager device = (PtNDManager) manager;
    PtSymbolBlock opened;
    try {
      opened =
          JniUtils.loadModule(
              device, new ByteArrayInputStream(archive.withVisibleBuffers()), true, false);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Reads from memory.
    }
    for (NDArray array : JniUtils.moduleGetParams(opened, device)) {
      // A count of batches, for instance: nothing to learn and nothing to forecast with.
      if (array.getDataType() == DataType.FLOAT32) {
        add((PtNDArray) array);
      }
    }
    module = opened;
  }

  private void add(PtNDArray array) {
    boolean trained = JniUtils.requiresGrad(array);
    Shape shape = array.getShape();
    float[] first = array.toFloatArray();
    Initializer values = (manager, ignoredShape, ignoredType) -> manager.create(first, shape);
    String name = array.getName();
    Parameter parameter =
        addParameter(
            Parameter.builder()
                .setName(name)
                .setType(type(name, shape, trained))
                .optShape(shape)
                .optInitializer(values)
                .optRequiresGrad(trained)
                .build());
    Own own = new Own(parameter, array, trained);
    arrays.add(own);
    byId.put(parameter.getId(), own);
  }

  /** What is not trained is kept as a batch norm's statistics are. */
  private static Parameter.Type type(String name, Shape shape, boolean trained) {
    if (!trained) {
      return name.endsWith("var") ? Parameter.Type.RUNNING_VAR : Parameter.Type.RUNNING_MEAN;
    }
    return shape.dimension() > 1 ? Parameter.Type.WEIGHT : Parameter.Type.BIAS;
  }

  @Override
  protected synchronized NDList forwardInternal(
      ParameterStore store,
      NDList list,
      boolean training,
      @Nullable PairList<String, Object> params) {
    PtSymbolBlock opened = Objects.requireNonNull(module, "the module is not open");
    if (training) {
      JniUtils.enableTrainingMode(opened);
    } else {
      JniUtils.enableInferenceMode(opened);
    }
    fill(store);
    NDArray output = run(opened, list.subNDList(0, inputs), training);
    if (training) {
      for (Own own : arrays) {
        if (!own.trained()) {
          copy(own.array(), store.getValue(own.parameter(), own.array().getDevice(), true));
        }
      }
    }
    long steps = (long) window.horizon() * window.outputs();
    Shape shape = output.getShape();
    return shape.dimension() == 2 && shape.get(1) == steps
        ? new NDList(output.reshape(-1, window.horizon(), window.outputs()))
        : new NDList(output);
  }

  /**
   * Runs the module. Without training no gradient is recorded; DJL's own way of that would leave
   * arrays in the module's compiled code that no later training pass may use.
   */
  private static NDArray run(PtSymbolBlock module, NDList inputs, boolean training) {
    boolean recording = JniUtils.isGradMode();
    JniUtils.setGradMode(recording && training);
    try {
      return IValueUtils.forward(module, inputs, true).get(0);
    } finally {
      JniUtils.setGradMode(recording);
    }
  }

  /** Gives the module the weights. */
  private void fill(ParameterStore store) {
    for (Own own : arrays) {
      copy(store.getValue(own.parameter(), own.array().getDevice(), false), own.array());
    }
  }

  /** In place; neither side records it. */
  private static void copy(NDArray from, NDArray to) {
    try (NDArray source = from.stopGradient();
        NDArray target = to.stopGradient()) {
      if (to.getShape().dimension() > 0) {
        target.set(ALL, source);
      } else {
        try (NDArray one = target.reshape(1);
            NDArray value = source.reshape(1)) {
          one.set(ALL, value);
        }
      }
    }
  }

  /** Forgets the gradients of earlier passes. */
  void clearGradients() {
    for (Own own : arrays) {
      PtNDArray gradient = own.trained() ? JniUtils.getGradient(own.array()) : null;
      if (gradient != null) {
        gradient.close();
        JniUtils.zeroGrad(own.array());
      }
    }
  }

  /**
   * A copy of a parameter's gradient; null if no pass made use of the parameter.
   *
   * @param leaf stands for the parameter; has the gradient itself if that is not the module's
   */
  @Nullable NDArray gradient(Parameter parameter, NDArray leaf, NDManager step) {
    Own own = byId.get(parameter.getId());
    if (own == null) {
      return leaf.getGradient();
    }
    PtNDArray gradient = JniUtils.getGradient(own.array());
    if (gradient == null) {
      return null;
    }
    try (gradient) {
      NDArray copy = gradient.duplicate();
      copy.attach(step);
      return copy;
    }
  }

  /** Writes the module with some weights, in evaluation mode. */
  synchronized void save(ParameterStore weights, Path file) {
    PtSymbolBlock opened = Objects.requireNonNull(module, "the module is not open");
    fill(weights);
    JniUtils.enableInferenceMode(opened);
    try {
      Path written = Files.createTempFile("hdl-module", ".pt");
      try {
        try (OutputStream out = Files.newOutputStream(written)) {
          JniUtils.writeModule(opened, out, false);
        }
        AtomicPublish.file(file, out -> archive.restore(written, out));
      } finally {
        Files.delete(written);
      }
    } catch (IOException e) {
      throw FileFailure.of("write", file, e);
    }
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), window.horizon(), window.outputs())};
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
    // The module's arrays are direct parameters.
  }
}
