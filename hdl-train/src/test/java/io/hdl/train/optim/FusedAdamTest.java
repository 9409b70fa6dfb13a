package io.hdl.train.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.FlatParameters;
import io.hdl.train.model.WindowShape;
import io.hdl.train.parallel.TorchEngine;
import java.util.Arrays;
import java.util.Objects;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FusedAdamTest {
  // DLinear's two layers: 2 (9 x 50 + 50) weights.
  private static final WindowShape WIDE = new WindowShape(9, 50, 0, 0, 0, 1);
  private static final int SIZE = 1_000;
  private static final int STEPS = 50;

  /** Adam and AdamW as the papers write them, in double. */
  private static final class Reference {
    final double[] weights = new double[SIZE];
    final double[] m = new double[SIZE];
    final double[] v = new double[SIZE];
    int t;

    void step(AdamSettings settings, double[] gradient, double factor) {
      t++;
      double rate = settings.learningRate() * factor;
      boolean decoupled = settings.name().equals("adamw");
      for (int i = 0; i < SIZE; i++) {
        double g = gradient[i];
        if (decoupled) {
          weights[i] -= rate * settings.weightDecay() * weights[i];
        } else {
          g += settings.weightDecay() * weights[i];
        }
        m[i] = settings.beta1() * m[i] + (1 - settings.beta1()) * g;
        v[i] = settings.beta2() * v[i] + (1 - settings.beta2()) * g * g;
        double mHat = m[i] / (1 - Math.pow(settings.beta1(), t));
        double vHat = v[i] / (1 - Math.pow(settings.beta2(), t));
        weights[i] -= rate * mHat / (Math.sqrt(vHat) + settings.epsilon());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"adam", "adam with decay", "adamw"})
  void agreesWithTheFormulaInDouble(String which) {
    AdamSettings settings =
        switch (which) {
          case "adam" -> Adam.learningRate(0.01).numbers();
          case "adam with decay" -> Adam.learningRate(0.01).weightDecay(0.1).decayAll().numbers();
          default -> AdamW.learningRate(0.01).weightDecay(0.1).decayAll().numbers();
        };
    SplittableRandom random = new SplittableRandom(7);
    RateSchedule schedule = LearningRate.cosine().over(new LearningRate.Plan(STEPS, STEPS));
    Reference reference = new Reference();
    float[] first = new float[SIZE];
    for (int i = 0; i < SIZE; i++) {
      first[i] = (float) random.nextDouble(-1, 1);
      reference.weights[i] = first[i];
    }
    try (NDManager manager = TorchEngine.start().newBaseManager();
        FlatParameters parameters = parameters(manager, WIDE);
        FusedAdam adam = new FusedAdam(settings, parameters)) {
      parameters.set(first);
      for (int step = 0; step < STEPS; step++) {
        float[] gradient = new float[SIZE];
        double[] exact = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
          gradient[i] = (float) random.nextDouble(-2, 2);
          exact[i] = gradient[i];
        }
        double factor = schedule.factor(step);
        reference.step(settings, exact, factor);
        try (NDManager one = manager.newSubManager()) {
          adam.step(parameters.viewsOf(one.create(gradient)), 0, factor);
        }
      }
      float[] trained = parameters.toArray();
      float[] moment = Objects.requireNonNull(adam.state().get("first_moment"));
      for (int i = 0; i < SIZE; i++) {
        assertThat((double) trained[i]).isCloseTo(reference.weights[i], within(2e-5));
        assertThat((double) moment[i]).isCloseTo(reference.m[i], within(1e-5));
      }
      assertThat(trained).isNotEqualTo(first);
      assertThat(adam.steps()).isEqualTo(STEPS);
    }
  }

  private static final WindowShape WINDOW = new WindowShape(5, 2, 0, 0, 0, 1);

  private static FlatParameters parameters(NDManager manager) {
    return parameters(manager, WINDOW);
  }

  private static FlatParameters parameters(NDManager manager, WindowShape window) {
    return new FlatParameters(DLinear.defaults().block(window, 1), window, manager);
  }

  @Test
  void clipsByTheNormOverAllPartsWithinTheStep() {
    try (NDManager manager = TorchEngine.start().newBaseManager();
        FlatParameters parameters = parameters(manager);
        FlatOptimizer adam = Adam.learningRate(0.1).on(parameters)) {
      long size = parameters.flat().size();
      NDArray gradient = manager.full(parameters.flat().getShape(), 1000f);
      adam.step(parameters.viewsOf(gradient), 2, 1);
      float[] first = Objects.requireNonNull(adam.state().get("first_moment"));
      // Each of n equal values of a gradient with norm 2, times 1 - beta1.
      float expected = (float) (0.1 * 2 / Math.sqrt((double) size));
      for (float moment : first) {
        assertThat(moment).isCloseTo(expected, within(1e-6f));
      }
      NDArray small = manager.full(parameters.flat().getShape(), 1e-3f);
      adam.step(parameters.viewsOf(small), 2, 1);
      float[] second = Objects.requireNonNull(adam.state().get("first_moment"));
      assertThat(second[0]).isCloseTo(0.9f * expected + 0.1f * 1e-3f, within(1e-6f));
    }
  }

  @Test
  void keepsTheStateBeforeAGradientThatIsNotFinite() {
    try (NDManager manager = TorchEngine.start().newBaseManager();
        FlatParameters parameters = parameters(manager);
        FlatOptimizer adam = AdamW.learningRate(0.1).on(parameters)) {
      NDArray good = manager.full(parameters.flat().getShape(), 1f);
      adam.step(parameters.viewsOf(good), 1, 1);
      float[] weights = parameters.toArray();
      float[] moment = Objects.requireNonNull(adam.state().get("first_moment"));
      float[] values = new float[weights.length];
      values[3] = Float.NaN;
      adam.step(parameters.viewsOf(manager.create(values)), 1, 1);
      adam.step(parameters.viewsOf(good), 1, 1);
      assertThat(parameters.toArray()).containsExactly(weights);
      assertThat(adam.state().get("first_moment")).containsExactly(moment);
      assertThat(adam.steps()).isEqualTo(3);
      assertThat(adam.applied()).isEqualTo(1);
    }
  }

  @Test
  void momentsOfDeadWeightsDoNotStayDenormal() {
    try (NDManager manager = TorchEngine.start().newBaseManager()) {
      FlatParameters parameters = parameters(manager);
      try (FusedAdam adam = new FusedAdam(Adam.learningRate(1e-3).numbers(), parameters)) {
        float[] values = new float[parameters.toArray().length];
        Arrays.fill(values, 1);
        adam.step(parameters.viewsOf(manager.create(values)), 0, 1);
        values[1] = 0;
        NDList one = parameters.viewsOf(manager.create(values));
        for (int i = 0; i < 1_100; i++) {
          adam.step(one, 0, 1);
        }
        float[] moment = Objects.requireNonNull(adam.state().get("first_moment"));
        assertThat(moment[0]).isCloseTo(1f, within(1e-4f));
        assertThat(moment[1]).isZero();
      }
    }
  }
}
