package io.hdl.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.training.GradientCollector;
import io.hdl.core.json.Json;
import io.hdl.train.Python;
import io.hdl.train.checkpoint.Safetensors;
import io.hdl.train.export.PythonPackage;
import io.hdl.train.parallel.TorchEngine;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Compares each model with the same one in PyTorch: forward pass and gradients from the same
 * weights. The files in the folder {@code parity} are written by the Python package's {@code
 * fixtures.py}.
 */
class ParityTest {
  private static final double TOLERANCE = 1e-5;
  private static final List<String> INPUTS =
      List.of("target", "observed", "past", "known", "constants", "label");

  @TempDir Path home;

  private static List<Path> fixtures() throws IOException, URISyntaxException {
    URL folder = Objects.requireNonNull(ParityTest.class.getResource("parity"), "parity");
    return fixtures(Path.of(folder.toURI()));
  }

  private static List<Path> fixtures(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".safetensors")).sorted().toList();
    }
  }

  @TestFactory
  Stream<DynamicTest> agreesWithPyTorch() throws IOException, URISyntaxException {
    return comparisons(fixtures());
  }

  @TestFactory
  @Tag("python")
  Stream<DynamicTest> agreesWithThePyTorchThatIsThere() throws IOException, InterruptedException {
    assumeTrue(Python.hasTorch(home), Python::withoutTorch);
    Path folder = Files.createDirectory(home.resolve("fixtures"));
    String failure =
        Python.run(home, List.of("-m", PythonPackage.NAME + ".fixtures", folder.toString()));
    assertThat(failure).isEmpty();
    List<Path> made = fixtures(folder);
    assertThat(made).hasSizeGreaterThan(Models.names().size());
    return comparisons(made);
  }

  private static Stream<DynamicTest> comparisons(List<Path> files) {
    return files.stream()
        .map(
            file ->
                DynamicTest.dynamicTest(
                    file.getFileName().toString(), () -> compare(Safetensors.read(file))));
  }

  @Test
  void hasAFixtureForEveryModel() throws IOException, URISyntaxException {
    List<String> models = new ArrayList<>();
    for (Path file : fixtures()) {
      models.add(Safetensors.read(file).metadata().get("model"));
    }
    assertThat(models).containsAll(Models.names());
  }

  private static void compare(Safetensors fixture) {
    WindowShape window = Json.read(text(fixture, "window"), WindowShape.class, "window");
    Map<String, String> settings = new LinkedHashMap<>();
    Json.readObject(text(fixture, "settings"), "settings")
        .forEach((name, value) -> settings.put(name, (String) value));
    ForecastModel model = Models.of(text(fixture, "model"), settings);
    assertThat(model.settings()).isEqualTo(settings);
    Engine engine = TorchEngine.start();
    Block block = model.block(window, 1);
    try (NDManager manager = engine.newBaseManager();
        FlatParameters parameters = new FlatParameters(block, window, manager)) {
      parameters.set(weights(fixture, parameters.shapes()));
      compare(fixture, engine, manager, block, parameters);
    }
  }

  private static void compare(
      Safetensors fixture,
      Engine engine,
      NDManager manager,
      Block block,
      FlatParameters parameters) {
    try (NDManager step = manager.newSubManager();
        GradientCollector collector = engine.newGradientCollector()) {
      FlatParameters.Leaves leaves = parameters.leaves(step);
      NDList inputs = new NDList();
      for (String name : INPUTS) {
        if (fixture.tensors().containsKey("input." + name)) {
          inputs.add(array(fixture, "input." + name, step));
        }
      }
      NDArray output = block.forward(leaves.store(), inputs, false).singletonOrThrow();
      Safetensors.Tensor expected = tensor(fixture, "output");
      assertThat(output.getShape()).isEqualTo(shape(expected));
      assertClose("output", output.toFloatArray(), expected.values(), 0);

      collector.backward(output.mul(array(fixture, "cotangent", step)).sum());
      float[] gradient = leaves.gradient().toFloatArray();
      double largest = largest(gradient);
      assertThat(largest).as("largest gradient").isPositive();
      int offset = 0;
      for (Map.Entry<String, Shape> entry : parameters.shapes().entrySet()) {
        int end = offset + Math.toIntExact(entry.getValue().size());
        float[] actual = Arrays.copyOfRange(gradient, offset, end);
        float[] wanted = tensor(fixture, "gradient." + entry.getKey()).values();
        assertThat(largest(wanted)).as("gradient of " + entry.getKey()).isPositive();
        assertClose("gradient of " + entry.getKey(), actual, wanted, 1e-2 * largest);
        offset = end;
      }
      assertThat(offset).isEqualTo(gradient.length);
    }
  }

  private static float[] weights(Safetensors fixture, Map<String, Shape> shapes) {
    List<String> names =
        fixture.tensors().keySet().stream()
            .filter(name -> name.startsWith("weight."))
            .map(name -> name.substring("weight.".length()))
            .toList();
    assertThat(shapes.keySet()).containsExactlyInAnyOrderElementsOf(names);
    int size = shapes.values().stream().mapToInt(shape -> (int) shape.size()).sum();
    float[] weights = new float[size];
    int offset = 0;
    for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
      Safetensors.Tensor tensor = tensor(fixture, "weight." + entry.getKey());
      assertThat(entry.getValue()).as(entry.getKey()).isEqualTo(shape(tensor));
      System.arraycopy(tensor.values(), 0, weights, offset, tensor.values().length);
      offset += tensor.values().length;
    }
    return weights;
  }

  /** Relative to the size of the values, which is not less than a floor. */
  private static void assertClose(String what, float[] actual, float[] expected, double floor) {
    assertThat(actual).as(what).hasSameSizeAs(expected);
    double allowed = TOLERANCE * Math.max(largest(expected), floor);
    double worst = 0;
    for (int i = 0; i < actual.length; i++) {
      double difference = Math.abs((double) actual[i] - expected[i]);
      worst = difference <= worst ? worst : difference; // NaN is worst
    }
    assertThat(worst).as("difference of " + what).isLessThanOrEqualTo(allowed);
  }

  private static double largest(float[] values) {
    double largest = 0;
    for (float value : values) {
      largest = Math.max(largest, Math.abs(value));
    }
    return largest;
  }

  private static NDArray array(Safetensors fixture, String name, NDManager manager) {
    Safetensors.Tensor tensor = tensor(fixture, name);
    return tensor.values().length == 0
        ? manager.zeros(shape(tensor))
        : manager.create(tensor.values(), shape(tensor));
  }

  private static Shape shape(Safetensors.Tensor tensor) {
    return new Shape(tensor.shape().stream().mapToLong(Long::longValue).toArray());
  }

  private static Safetensors.Tensor tensor(Safetensors fixture, String name) {
    return Objects.requireNonNull(fixture.tensors().get(name), name);
  }

  private static String text(Safetensors fixture, String name) {
    return Objects.requireNonNull(fixture.metadata().get(name), name);
  }
}
