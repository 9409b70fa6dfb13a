package io.hdl.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import io.hdl.data.series.Channel;
import io.hdl.data.series.Constant;
import io.hdl.train.parallel.TorchEngine;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EmbeddingBlockTest {
  private static final int EVENTS = 70;
  private static final int ITEMS = 200;
  private static final int CONTEXT = 4;
  private static final int HORIZON = 2;
  private static final NHits MODEL = NHits.defaults().hidden(8);

  private static List<String> texts(int count) {
    return IntStream.range(0, count).mapToObj(i -> "t" + i).toList();
  }

  /** Known: price, event (embedded). Past: visitors. Constants: item (embedded), size. */
  private static WindowFeatures features() {
    return WindowFeatures.of(
        List.of(
            Channel.number("sales", Channel.Role.TARGET),
            Channel.number("price", Channel.Role.KNOWN),
            new Channel("event", Channel.Role.KNOWN, Channel.Kind.CATEGORY, texts(EVENTS)),
            Channel.number("visitors", Channel.Role.PAST)),
        List.of(
            new Constant("item", Channel.Kind.CATEGORY, texts(ITEMS)),
            new Constant("size", Channel.Kind.NUMBER, List.of())),
        MODEL);
  }

  private static ForecastInputs inputs(NDManager manager) {
    return new ForecastInputs(
        manager.create(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new Shape(2, CONTEXT)),
        manager.ones(new Shape(2, CONTEXT)),
        manager.create(
            new float[] {
              .1f, 0, .2f, .3f, 69, .4f, .5f, 5, .6f, .7f, 70, .8f, .1f, 0, .2f, .3f, 69, .4f, .5f,
              5, .6f, .7f, 70, .8f
            },
            new Shape(2, CONTEXT, 3)),
        manager.create(new float[] {1, 3, 2, 69, 1, 70, 2, 3}, new Shape(2, HORIZON, 2)),
        manager.create(new float[] {199, .5f, 200, .25f}, new Shape(2, 2)));
  }

  @Test
  void givesTheModelVectorsInPlaceOfCodes() {
    WindowFeatures features = features();
    WindowShape window = features.shape(CONTEXT, HORIZON, 1);
    assertThat(window).isEqualTo(new WindowShape(CONTEXT, HORIZON, 3, 2, 2, 1));
    WindowShape wide = new WindowShape(CONTEXT, HORIZON, 37, 36, 51, 1);
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      Block block = features.block(MODEL, window, 3);
      Block plain = MODEL.block(wide, 3);
      try (FlatParameters parameters = new FlatParameters(block, window, manager);
          FlatParameters plainParameters = new FlatParameters(plain, wide, manager)) {
        Map<String, Shape> shapes = parameters.shapes();
        assertThat(shapes)
            .containsEntry("embedding.event.weight", new Shape(71, 35))
            .containsEntry("embedding.item.weight", new Shape(201, 50))
            .containsAllEntriesOf(plainParameters.shapes());
        assertThat(shapes).hasSize(plainParameters.shapes().size() + 2);

        float[] weights = parameters.toArray();
        int tables = 71 * 35 + 201 * 50;
        plainParameters.set(Arrays.copyOfRange(weights, tables, weights.length));
        NDArray events = manager.create(Arrays.copyOf(weights, 71 * 35), new Shape(71, 35));
        NDArray items =
            manager.create(Arrays.copyOfRange(weights, 71 * 35, tables), new Shape(201, 50));
        ForecastInputs given = inputs(manager);
        ForecastInputs vectors =
            new ForecastInputs(
                given.target(),
                given.observed(),
                NDArrays.concat(
                    new NDList(
                        given.past().get(":, :, :1"),
                        rows(events, given.past().get(":, :, 1")),
                        given.past().get(":, :, 2:")),
                    2),
                NDArrays.concat(
                    new NDList(
                        given.known().get(":, :, :1"), rows(events, given.known().get(":, :, 1"))),
                    2),
                NDArrays.concat(
                    new NDList(
                        rows(items, given.constants().get(":, 0")), given.constants().get(":, 1:")),
                    1));
        float[] expected = Nets.forward(plain, plainParameters, vectors).toFloatArray();
        float[] actual = Nets.forward(block, parameters, given).toFloatArray();
        for (int i = 0; i < expected.length; i++) {
          assertThat(actual[i]).isCloseTo(expected[i], within(1e-6f));
        }
        // What is unknown begins at zero, all else does not.
        assertThat(items.get("200").abs().max().getFloat()).isZero();
        assertThat(items.get("199").abs().max().getFloat()).isPositive();
        assertThat(items.abs().max().getFloat()).isLessThan(0.15f);
      }
    }
  }

  private static NDArray rows(NDArray table, NDArray codes) {
    long[] shape = codes.getShape().getShape();
    long[] wide = Arrays.copyOf(shape, shape.length + 1);
    wide[shape.length] = table.getShape().get(1);
    NDList rows = new NDList();
    for (float code : codes.toFloatArray()) {
      rows.add(table.get((long) code));
    }
    return NDArrays.stack(rows).reshape(new Shape(wide));
  }

  @Test
  void learnsTheRowsThatABatchHolds() {
    WindowFeatures features = features();
    WindowShape window = features.shape(CONTEXT, HORIZON, 1);
    Engine engine = TorchEngine.start();
    try (NDManager manager = engine.newBaseManager()) {
      Block block = features.block(MODEL, window, 3);
      try (FlatParameters parameters = new FlatParameters(block, window, manager);
          NDManager step = manager.newSubManager();
          GradientCollector collector = engine.newGradientCollector()) {
        FlatParameters.Leaves leaves = parameters.leaves(step);
        NDArray output =
            block.forward(leaves.store(), inputs(step).toList(), true).singletonOrThrow();
        collector.backward(output.square().sum());
        float[] gradient = leaves.gradient().toFloatArray();
        int from = 71 * 35;
        for (int item = 0; item <= ITEMS; item++) {
          double sum = 0;
          for (int i = 0; i < 50; i++) {
            sum += Math.abs(gradient[from + item * 50 + i]);
          }
          if (item >= 199) {
            assertThat(sum).as("gradient of item " + item).isPositive();
          } else {
            assertThat(sum).as("gradient of item " + item).isZero();
          }
        }
      }
    }
  }

  @Test
  void leavesModelsWithoutWideCategoriesAlone() {
    WindowFeatures features =
        WindowFeatures.of(
            List.of(
                Channel.number("y", Channel.Role.TARGET),
                new Channel("event", Channel.Role.KNOWN, Channel.Kind.CATEGORY, texts(64))),
            List.of(),
            MODEL);
    WindowShape window = features.shape(CONTEXT, HORIZON, 1);
    assertThat(window.knownFeatures()).isEqualTo(64);
    assertThat(features.block(MODEL, window, 1)).isInstanceOf(NHitsBlock.class);
  }
}
