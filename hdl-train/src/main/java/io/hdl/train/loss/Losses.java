package io.hdl.train.loss;

import java.util.Arrays;
import java.util.List;

/** The losses there are. */
public final class Losses {
  private Losses() {}

  /** Mean absolute error: leads to the median. */
  public static Loss mae() {
    return new AbsoluteLoss();
  }

  /** Mean squared error: leads to the mean. */
  public static Loss mse() {
    return new SquaredLoss();
  }

  /**
   * The pinball loss, the mean over quantiles (Koenker and Bassett, 1978).
   *
   * @param quantiles ascending, each between 0 and 1, such as {@code 0.1, 0.5, 0.9}
   * @throws IllegalArgumentException if there are none, or one is out of range or order
   */
  public static Loss quantiles(double... quantiles) {
    for (int i = 0; i < quantiles.length; i++) {
      boolean ascending = i == 0 || quantiles[i] > quantiles[i - 1];
      if (!(quantiles[i] > 0 && quantiles[i] < 1) || !ascending) {
        throw new IllegalArgumentException(
            "quantiles: "
                + Arrays.toString(quantiles)
                + " (expected: ascending numbers between 0 and 1)");
      }
    }
    if (quantiles.length == 0) {
      throw new IllegalArgumentException("quantiles: [] (expected: at least one number)");
    }
    return new QuantileLoss(Arrays.stream(quantiles).boxed().toList());
  }

  /**
   * The loss of a name: {@code mae}, {@code mse}, or {@code quantiles(0.1, 0.5, 0.9)}; the inverse
   * of {@link Loss#name()}.
   *
   * @throws IllegalArgumentException if there is no such loss
   */
  public static Loss named(String name) {
    if (name.equals("mae")) {
      return mae();
    }
    if (name.equals("mse")) {
      return mse();
    }
    if (name.startsWith("quantiles(") && name.endsWith(")")) {
      List<String> parts = List.of(name.substring(10, name.length() - 1).split(",", -1));
      return quantiles(parts.stream().mapToDouble(Double::parseDouble).toArray());
    }
    throw new IllegalArgumentException(
        "loss: \"" + name + "\" (expected: mae, mse or quantiles(0.1, 0.5, 0.9))");
  }
}
