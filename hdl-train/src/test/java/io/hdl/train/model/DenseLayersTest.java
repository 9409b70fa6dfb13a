package io.hdl.train.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.pytorch.engine.PtNDArray;
import ai.djl.pytorch.jni.JniUtils;
import ai.djl.util.PairList;
import io.hdl.train.parallel.TorchEngine;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Linear layers in float32 and bfloat16, forward and backward. */
class DenseLayersTest {
  private static final WindowShape WINDOW = new WindowShape(24, 6, 3, 2, 1, 1);
  private static final int BATCH = 33;
  // bfloat16 has 8 bits of mantissa: a number is rounded by 2^-9 of it at most.
  private static final double ROUNDING = 1.0 / 512;

  static List<ForecastModel> models() {
    return List.of(
        NBeats.defaults().stacks(NBeats.Stack.generic(2, 3, 64)),
        NHits.defaults().hidden(64),
        Tide.defaults().hidden(64),
        PatchTst.defaults().patches(8, 4).norm(PatchTst.Norm.LAYER).dropout(0),
        TsMixer.defaults().dropout(0));
  }

  /** What a pass gives for one and the same weights. */
  @SuppressWarnings("ArrayRecordComponent") // compared by their content
  private record Result(float[] output, float[] gradient) {}

  private static Result pass(ForecastModel model, boolean bfloat16) {
    WindowShape window =
        model.seesCovariates() ? WINDOW : new WindowShape(WINDOW.context(), 6, 0, 0, 0, 1);
    Block block = model.block(window, 7);
    try (NDManager manager = TorchEngine.start().newBaseManager();
        FlatParameters parameters = new FlatParameters(block, window, manager)) {
      JniUtils.setGradMode(true);
      FlatParameters.Leaves leaves = parameters.leaves(manager);
      PairList<String, Object> told = new PairList<>();
      told.add(ForecastModel.SEED, 3L);
      told.add(ForecastModel.BFLOAT16, bfloat16);
      NDList inputs = Nets.inputs(window, BATCH, 5, manager).toList();
      NDArray output = block.forward(leaves.store(), inputs, true, told).singletonOrThrow();
      assertThat(output.getDataType()).isEqualTo(DataType.FLOAT32);
      NDArray one = manager.ones(new Shape());
      JniUtils.backward((PtNDArray) output.square().sum(), (PtNDArray) one, false, false);
      leaves
          .gradients()
          .forEach(part -> assertThat(part.getDataType()).isEqualTo(DataType.FLOAT32));
      return new Result(output.toFloatArray(), leaves.gradient().toFloatArray());
    }
  }

  /** The length of the difference by that of what is expected. */
  private static double error(float[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    double difference = 0;
    double length = 0;
    for (int i = 0; i < actual.length; i++) {
      difference += Math.pow((double) actual[i] - expected[i], 2);
      length += Math.pow(expected[i], 2);
    }
    return Math.sqrt(difference / length);
  }

  @ParameterizedTest
  @MethodSource("models")
  void passesInBfloat16AreThoseOfFloat32UpToRounding(ForecastModel model) {
    Result full = pass(model, false);
    Result mixed = pass(model, true);
    double tiny = ROUNDING / 100;
    assertThat(error(mixed.output(), full.output())).isBetween(tiny, 10 * ROUNDING);
    assertThat(error(mixed.gradient(), full.gradient())).isBetween(tiny, 30 * ROUNDING);
  }

  @Test
  void aPassThatIsNotToldComputesInFloat32() {
    NHits model = NHits.defaults().hidden(16).centering(Centering.NONE);
    WindowShape window = new WindowShape(8, 4, 0, 0, 0, 1);
    Block block = model.block(window, 7);
    try (NDManager manager = TorchEngine.start().newBaseManager();
        FlatParameters parameters = new FlatParameters(block, window, manager)) {
      ForecastInputs inputs = Nets.inputs(window, 1, 5, manager);
      NDList list = inputs.toList();
      float[] forecast = Nets.forward(block, parameters, inputs).toFloatArray();
      PairList<String, Object> told = new PairList<>();
      told.add(ForecastModel.BFLOAT16, false);
      assertThat(
              block
                  .forward(parameters.reading(), list, true, told)
                  .singletonOrThrow()
                  .toFloatArray())
          .isEqualTo(forecast);
      told = new PairList<>();
      told.add(ForecastModel.BFLOAT16, true);
      assertThat(
              block
                  .forward(parameters.reading(), list, true, told)
                  .singletonOrThrow()
                  .toFloatArray())
          .isNotEqualTo(forecast);
    }
  }

  @Test
  void layersFollowOneAnotherWithReluBetweenThem() {
    WindowShape window = new WindowShape(6, 2, 0, 0, 0, 1);
    NBeats model =
        NBeats.defaults().stacks(NBeats.Stack.generic(1, 2, 5)).centering(Centering.NONE);
    Block block = model.block(window, 7);
    try (NDManager manager = TorchEngine.start().newBaseManager();
        FlatParameters parameters = new FlatParameters(block, window, manager)) {
      ForecastInputs inputs = Nets.inputs(window, 1, 5, manager);
      float[] target = inputs.target().toFloatArray();
      Map<String, double[]> weights = Nets.weights(parameters);
      double[] x = new double[target.length];
      for (int i = 0; i < x.length; i++) {
        x[i] = target[i];
      }
      for (int layer = 0; layer < 2; layer++) {
        x = Nets.linear(weights, "stack0.block0.hidden" + layer, x);
        for (int i = 0; i < x.length; i++) {
          x[i] = Math.max(0, x[i]);
        }
      }
      double[] theta = Nets.linear(weights, "stack0.block0.theta", x);
      float[] forecast = Nets.forward(block, parameters, inputs).toFloatArray();
      for (int step = 0; step < forecast.length; step++) {
        double expected = target[target.length - 1] + theta[target.length + step];
        assertThat((double) forecast[step]).isCloseTo(expected, within(1e-5));
      }
    }
  }
}
