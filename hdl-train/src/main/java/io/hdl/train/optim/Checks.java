package io.hdl.train.optim;

/** Argument checks that optimizers and schedules share. */
final class Checks {
  private Checks() {}

  static void adam(
      double learningRate, double beta1, double beta2, double epsilon, double weightDecay) {
    learningRate(learningRate);
    require(beta1 >= 0 && beta1 < 1, "beta1", beta1, "in [0, 1)");
    require(beta2 >= 0 && beta2 < 1, "beta2", beta2, "in [0, 1)");
    require(epsilon > 0 && Double.isFinite(epsilon), "epsilon", epsilon, "> 0");
    weightDecay(weightDecay);
  }

  static void learningRate(double value) {
    require(value > 0 && Double.isFinite(value), "learningRate", value, "> 0");
  }

  static void weightDecay(double value) {
    require(value >= 0 && Double.isFinite(value), "weightDecay", value, ">= 0");
  }

  static void atLeastOne(String name, double value) {
    require(value >= 1 && Double.isFinite(value), name, value, ">= 1");
  }

  static void require(boolean condition, String name, Object value, String expected) {
    if (!condition) {
      throw new IllegalArgumentException(name + ": " + value + " (expected: " + expected + ")");
    }
  }
}
