package io.hdl.train.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.hdl.train.metric.ReferenceValues;
import io.hdl.train.parallel.TorchEngine;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds losses and their gradients against scikit-learn, SciPy and utilsforecast. */
class ReferenceLossesTest {
  static Stream<ReferenceValues> cases() {
    return ReferenceValues.read(ReferenceLossesTest.class, "losses.json").cases("cases").stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void agreesWithOthers(ReferenceValues one) {
    String name = one.text("loss");
    Engine engine = TorchEngine.start();
    try (NDManager manager = engine.newBaseManager()) {
      double[][] expected = one.rows("gradient");
      int size = expected.length;
      Shape output = new Shape(size, expected[0].length, 1);
      NDArray raw = manager.create(flat(one.rows("output")), output);
      raw.setRequiresGradient(true);
      LossTensors tensors =
          new LossTensors(
              raw,
              matrix(manager, one.rows("label")),
              matrix(manager, one.rows("weight")),
              column(manager, one.numbers("location")),
              column(manager, one.numbers("scale")));
      double sum;
      try (GradientCollector collector = engine.newGradientCollector()) {
        NDArray loss = Losses.named(name).sum(tensors);
        collector.backward(loss);
        sum = loss.getFloat();
      }
      double total = one.number("sum");
      assertThat(sum).as(name).isCloseTo(total, within(2e-6 * Math.max(10, Math.abs(total))));
      float[] gradient = raw.getGradient().toFloatArray();
      float[] reference = flat(expected);
      for (int i = 0; i < gradient.length; i++) {
        assertThat(gradient[i])
            .as("%s, gradient of %d", name, i)
            .isCloseTo(reference[i], within(1e-5f * Math.max(1, Math.abs(reference[i]))));
      }
    }
  }

  private static NDArray matrix(NDManager manager, double[][] rows) {
    return manager.create(flat(rows), new Shape(rows.length, rows[0].length));
  }

  private static NDArray column(NDManager manager, double[] values) {
    return manager.create(flat(new double[][] {values}), new Shape(values.length, 1));
  }

  private static float[] flat(double[][] rows) {
    float[] flat = new float[rows.length * rows[0].length];
    for (int i = 0; i < flat.length; i++) {
      flat[i] = (float) rows[i / rows[0].length][i % rows[0].length];
    }
    return flat;
  }
}
