package io.hdl.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.JniUtils;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.train.model.FlatParameters;
import io.hdl.train.parallel.TorchEngine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class OptimizersTest {
  private static final int STEPS = 40;
  private static final double RATE = 0.05;

  static Stream<Arguments> optimizers() {
    return Stream.of(
        Arguments.of("adam", Adam.learningRate(RATE)),
        Arguments.of("adam decayed", Adam.learningRate(RATE).weightDecay(0.1)),
        Arguments.of("adam all decayed", Adam.learningRate(RATE).weightDecay(0.1).decayAll()),
        Arguments.of("adamw", AdamW.learningRate(RATE).weightDecay(0.1)),
        Arguments.of("adamw all decayed", AdamW.learningRate(RATE).weightDecay(0.1).decayAll()),
        Arguments.of("sgd", Sgd.learningRate(RATE)),
        Arguments.of("sgd momentum", Sgd.learningRate(RATE).momentum(0.9)),
        Arguments.of("sgd nesterov", Sgd.learningRate(RATE).nesterov(0.9)),
        Arguments.of("sgd decayed", Sgd.learningRate(RATE).momentum(0.9).weightDecay(0.1)),
        Arguments.of(
            "sgd all decayed", Sgd.learningRate(RATE).momentum(0.9).weightDecay(0.1).decayAll()));
  }

  /** The reference's gradient: sin(0.7 i + 0.3 t) + 0.1 w[i]. */
  private static NDList gradient(FlatParameters parameters, NDManager manager, int step) {
    float[] weights = parameters.toArray();
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) (Math.sin(0.7 * i + 0.3 * step) + 0.1 * weights[i]);
    }
    return parameters.viewsOf(manager.create(weights));
  }

  private static void train(
      FlatOptimizer optimizer, FlatParameters parameters, int from, int to, double maxNorm) {
    for (int step = from; step < to; step++) {
      try (NDManager one = parameters.flat().getManager().newSubManager()) {
        optimizer.step(gradient(parameters, one, step), maxNorm, 1);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void agreesWithPyTorchAlsoWithDecayGroups(String name, Optimizer specification) {
    List<Double> expected = TorchReference.numbers("optimizers", name);
    try (NDManager manager = TorchEngine.start().newBaseManager();
        FlatParameters parameters = new TwoArrays().on(manager);
        FlatOptimizer optimizer = specification.on(parameters)) {
      train(optimizer, parameters, 0, STEPS, 0);
      float[] trained = parameters.toArray();
      for (int i = 0; i < trained.length; i++) {
        assertThat((double) trained[i])
            .describedAs("%s, weight %d", name, i)
            .isCloseTo(expected.get(i), within(2e-5));
      }
      assertThat(optimizer.steps()).isEqualTo(STEPS);
    }
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void goesOnFromASavedStateWithTheSameBits(String name, Optimizer specification) {
    try (NDManager manager = TorchEngine.start().newBaseManager();
        FlatParameters whole = new TwoArrays().on(manager);
        FlatParameters parted = new TwoArrays().on(manager)) {
      try (FlatOptimizer optimizer = specification.on(whole)) {
        train(optimizer, whole, 0, 20, 0.7);
      }
      Map<String, float[]> state;
      try (FlatOptimizer before = specification.on(parted)) {
        train(before, parted, 0, 9, 0.7);
        state = before.state();
      }
      try (FlatOptimizer after = specification.on(parted)) {
        after.restore(state, 9);
        train(after, parted, 9, 20, 0.7);
        assertThat(after.steps()).isEqualTo(20);
      }
      assertThat(parted.toArray()).describedAs(name).containsExactly(whole.toArray());
    }
  }

  @ParameterizedTest
  @MethodSource("optimizers")
  void changesNothingMoreAfterAGradientThatIsNotFinite(String name, Optimizer specification) {
    try (NDManager manager = TorchEngine.start().newBaseManager();
        FlatParameters parameters = new TwoArrays().on(manager);
        FlatOptimizer optimizer = specification.on(parameters)) {
      train(optimizer, parameters, 0, 3, 1);
      float[] before = parameters.toArray();
      float[] bad = new float[TwoArrays.SIZE];
      bad[TwoArrays.SIZE - 1] = Float.NaN;
      optimizer.step(parameters.viewsOf(manager.create(bad)), 1, 1);
      train(optimizer, parameters, 3, 5, 1);
      assertThat(parameters.toArray()).describedAs(name).containsExactly(before);
    }
  }

  @Test
  void clipsByTheNormOfBothDecayGroups() {
    try (NDManager manager = TorchEngine.start().newBaseManager();
        FlatParameters parameters = new TwoArrays().on(manager);
        FlatOptimizer sgd = Sgd.learningRate(1).weightDecay(1e-30).on(parameters)) {
      float[] before = parameters.toArray();
      float[] gradient = new float[TwoArrays.SIZE];
      gradient[0] = 3;
      gradient[TwoArrays.SIZE - 1] = 4;
      sgd.step(parameters.viewsOf(manager.create(gradient)), 1, 1);
      float[] after = parameters.toArray();
      assertThat(before[0] - after[0]).isCloseTo(0.6f, within(1e-5f));
      assertThat(before[11] - after[11]).isCloseTo(0.8f, within(1e-5f));
      assertThat(after[1]).isEqualTo(before[1]);
    }
  }

  @Test
  void leavesBiasesNormsAndEmbeddingsOutOfTheDecay() {
    List<FlatParameters.Part> parts =
        List.of(
            part("hidden.weight", Parameter.Type.WEIGHT, 4, 3),
            part("hidden.bias", Parameter.Type.BIAS, 4),
            part("norm.gamma", Parameter.Type.GAMMA, 4),
            part("norm.weight", Parameter.Type.WEIGHT, 4),
            part("store.embedding", Parameter.Type.WEIGHT, 9, 4),
            part("embedding.kind.weight", Parameter.Type.WEIGHT, 4, 16),
            part("position", Parameter.Type.OTHER, 1, 8, 4));
    DecayGroups groups = DecayGroups.of(parts, 0.1, DecayScope.WEIGHTS);
    assertThat(groups.decayed()).containsExactly(0);
    assertThat(groups.kept()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(DecayGroups.of(parts, 0.1, DecayScope.ALL).decayed()).hasSize(7);
    // Without a decay there is one group, as if there were none.
    assertThat(DecayGroups.of(parts, 0, DecayScope.WEIGHTS).kept()).isEmpty();
  }

  private static FlatParameters.Part part(String name, Parameter.Type type, long... shape) {
    return new FlatParameters.Part(name, type, new Shape(shape), 0);
  }

  @Test
  void averagesWeightsAsPyTorchDoes() {
    List<Double> expected = TorchReference.numbers("average 0.05");
    try (NDManager manager = TorchEngine.start().newBaseManager();
        FlatParameters parameters = new TwoArrays().on(manager);
        AveragedWeights average = WeightAveraging.exponential(0.05).on(parameters)) {
      // The count of updates has no say below a decay of 0.1.
      assertThat(average.toArray()).containsExactly(parameters.toArray());
      for (int step = 0; step < expected.size(); step++) {
        set(parameters, (float) Math.cos(0.5 * step));
        average.update();
        assertThat((double) average.toArray()[0])
            .describedAs("step %d", step)
            .isCloseTo(expected.get(step), within(1e-6));
      }
    }
  }

  @Test
  void averagesMoreQuicklyAtFirstAndGoesOnFromASavedAverage() {
    WeightAveraging averaging = WeightAveraging.exponential(0.9);
    try (NDManager manager = TorchEngine.start().newBaseManager();
        FlatParameters parameters = new TwoArrays().on(manager)) {
      double expected = 1;
      AveragedWeights average = averaging.on(parameters);
      for (int step = 0; step < 100; step++) {
        float value = (float) Math.sin(step);
        set(parameters, value);
        average.update();
        double kept = Math.min(0.9, (1.0 + step) / (10.0 + step));
        expected = kept * expected + (1 - kept) * value;
        assertThat((double) average.toArray()[0]).isCloseTo(expected, within(1e-5));
        if (step == 40) {
          AveragedWeights next = averaging.on(parameters);
          next.restore(average.toArray(), average.updates());
          average.close();
          average = next;
        }
      }
      assertThat(average.updates()).isEqualTo(100);
      average.close();
    }
  }

  private static void set(FlatParameters parameters, float value) {
    float[] weights = parameters.toArray();
    weights[0] = value;
    parameters.set(weights);
  }

  @ParameterizedTest
  @EnumSource(
      value = DataType.class,
      names = {"FLOAT16", "FLOAT64"})
  void refusesABlockOfAnotherType(DataType type) {
    refuses((manager, shape) -> manager.create(shape, type), "of type " + type);
  }

  /** Bindings that know no bfloat16 end the JVM when it is cast. */
  @Test
  void refusesBfloat16WeightsOfATorchScriptModuleBeforeAnyCast() {
    refuses(
        (manager, shape) -> {
          try (InputStream module = OptimizersTest.class.getResourceAsStream("bfloat16.pt")) {
            return JniUtils.loadModule((PtNDManager) manager, module, false, false)
                .getParameters()
                .get("weight")
                .getArray();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        "of a type that DJL does not know, such as bfloat16");
  }

  private static void refuses(BiFunction<NDManager, Shape, NDArray> weight, String what) {
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      assertThatThrownBy(() -> new TwoArrays(weight).on(manager))
          .isInstanceOfSatisfying(
              HdlException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED_FEATURE))
          .hasMessage(
              "Cannot train the Block: its parameter \"weight\" is "
                  + what
                  + " (expected: float32). Give the Block's parameters the data type that"
                  + " initialize is called with.");
      assertThat(manager.getManagedArrays()).isEmpty();
    }
  }

  static Stream<Optimizer> values() {
    return Stream.of(
        Adam.learningRate(0.1).weightDecay(0.2).decayAll(),
        AdamW.learningRate(0.1),
        Sgd.learningRate(0.1).nesterov(0.8).weightDecay(0.3));
  }

  @ParameterizedTest
  @MethodSource("values")
  void comesBackFromItsSettings(Optimizer optimizer) {
    assertThat(optimizer.settings()).containsEntry("name", optimizer.name());
    assertThat(Optimizer.of(optimizer.settings())).isEqualTo(optimizer);
  }

  @Test
  void refusesSettingsThatMeanNothing() {
    assertThatThrownBy(() -> Optimizer.of(Map.of("name", "rmsprop")))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("there is no optimizer \"rmsprop\" (known: adam, adamw and sgd)");
    assertThatThrownBy(() -> Sgd.learningRate(0.1).nesterov(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("momentum: 0.0 (expected: in (0, 1))");
    assertThatThrownBy(() -> Sgd.learningRate(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("learningRate: 0.0 (expected: > 0)");
  }

  @Test
  void leavesNoArrayBehind() {
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      for (Optimizer specification : values().toList()) {
        FlatParameters parameters = new TwoArrays().on(manager);
        NDManager own = parameters.flat().getManager();
        int before = own.getManagedArrays().size();
        FlatOptimizer optimizer = specification.on(parameters);
        train(optimizer, parameters, 0, 2, 1);
        int during = own.getManagedArrays().size();
        train(optimizer, parameters, 2, 6, 1);
        assertThat(own.getManagedArrays()).hasSize(during);
        optimizer.close();
        assertThat(own.getManagedArrays()).hasSize(before);
        parameters.close();
      }
    }
  }
}
