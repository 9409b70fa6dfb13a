package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.ndarray.types.SparseFormat;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.nn.core.Embedding;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A model's Block behind embeddings: the codes of categories among its inputs become learned
 * vectors (Guo and Berkhahn, "Entity Embeddings of Categorical Variables", 2016). Parameters keep
 * the names that they have in the model; those of the embeddings come first. The last row of a
 * table, for a missing or unknown text, begins at zero and learns where training meets it.
 */
final class EmbeddingBlock extends AbstractBlock {
  private final CategoryCodes codes;
  private final Block model;
  private final WindowShape wide;
  private final Map<String, Parameter> tables = new HashMap<>();

  /**
   * Puts embeddings before a model.
   *
   * @param wide the sizes with vectors in place of codes
   * @param model fits them
   */
  EmbeddingBlock(CategoryCodes codes, WindowShape wide, Block model, long seed) {
    this.codes = codes;
    this.wide = wide;
    this.model = model;
    SplittableRandom seeds = new SplittableRandom(seed ^ 0x656d626564L);
    codes.categories().forEach((name, count) -> tables.put(name, table(name, count, seeds)));
  }

  private Parameter table(String name, int categories, SplittableRandom seeds) {
    SplittableRandom random = seeds.split();
    int width = CategoryCodes.width(categories);
    double bound = 1 / Math.sqrt(width);
    float[] values = new float[(categories + 1) * width];
    for (int i = 0; i < categories * width; i++) {
      values[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
    Shape shape = new Shape(categories + 1, width);
    Initializer first = (manager, ignoredShape, ignoredType) -> manager.create(values, shape);
    return addParameter(
        Parameter.builder()
            .setName("embedding." + name + ".weight")
            .setType(Parameter.Type.WEIGHT)
            .optShape(shape)
            .optInitializer(first)
            .build());
  }

  /** The Block behind the embeddings. */
  Block model() {
    return model;
  }

  @Override
  public ParameterList getParameters() {
    ParameterList all = super.getParameters();
    all.addAll(model.getParameters());
    return all;
  }

  @Override
  protected NDList forwardInternal(
      ParameterStore store,
      NDList list,
      boolean training,
      @Nullable PairList<String, Object> params) {
    NDList inputs = new NDList(list);
    inputs.set(2, embedded(inputs.get(2), codes.past(), store, training));
    inputs.set(3, embedded(inputs.get(3), codes.known(), store, training));
    inputs.set(4, embedded(inputs.get(4), codes.constants(), store, training));
    return model.forward(store, inputs, training, params);
  }

  private NDArray embedded(
      NDArray features, List<CategoryCodes.Slot> slots, ParameterStore store, boolean training) {
    if (slots.isEmpty()) {
      return features;
    }
    NDList parts = new NDList();
    int from = 0;
    for (CategoryCodes.Slot slot : slots) {
      addColumns(parts, features, from, slot.column());
      Parameter table = Objects.requireNonNull(tables.get(slot.name()), slot.name());
      NDArray weight = store.getValue(table, features.getDevice(), training);
      NDArray code = features.get(new NDIndex("..., " + slot.column()));
      parts.add(
          Embedding.embedding(code.toType(DataType.INT64, false), weight, SparseFormat.DENSE)
              .singletonOrThrow());
      from = slot.column() + 1;
    }
    int axis = features.getShape().dimension() - 1;
    addColumns(parts, features, from, Math.toIntExact(features.getShape().get(axis)));
    return parts.size() == 1 ? parts.get(0) : NDArrays.concat(parts, axis);
  }

  private static void addColumns(NDList parts, NDArray features, int from, int to) {
    if (to > from) {
      parts.add(features.get(new NDIndex("..., " + from + ":" + to)));
    }
  }

  @Override
  protected void initializeChildBlocks(NDManager manager, DataType dataType, Shape... inputShapes) {
    model.initialize(manager, dataType, wideShapes(inputShapes));
  }

  @Override
  public Shape[] getOutputShapes(Shape[] inputShapes) {
    return model.getOutputShapes(wideShapes(inputShapes));
  }

  private Shape[] wideShapes(Shape[] inputShapes) {
    List<Shape> shapes =
        new ArrayList<>(
            List.of(ForecastInputs.shapes(wide, Math.toIntExact(inputShapes[0].get(0)))));
    for (int i = shapes.size(); i < inputShapes.length; i++) {
      shapes.add(inputShapes[i]);
    }
    return shapes.toArray(new Shape[0]);
  }
}
