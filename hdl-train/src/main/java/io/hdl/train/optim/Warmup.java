package io.hdl.train.optim;

import java.util.Map;

/**
 * A linear rise of the learning rate over the first steps: of {@code w} steps, step {@code i} from
 * 0 has the factor {@code (i + 1) / (w + 1)}, so that none is without effect. That is PyTorch's
 * {@code LinearLR} with a start factor of {@code 1 / (w + 1)} over {@code w} steps.
 *
 * @param steps how many steps; 0 where a share is given
 * @param share share of the planned steps, in [0, 1), rounded up; 0 where steps are given
 */
public record Warmup(long steps, double share) {
  static final Warmup NONE = new Warmup(0, 0);

  /** Checks the ranges. */
  public Warmup {
    Checks.require(steps >= 0, "warmup steps", steps, ">= 0");
    Checks.require(share >= 0 && share < 1, "warmup share", share, "in [0, 1)");
    Checks.require(steps == 0 || share == 0, "warmup share", share, "0 beside a number of steps");
  }

  /** A rise over a number of steps. */
  public static Warmup steps(long steps) {
    return new Warmup(steps, 0);
  }

  /** A rise over a share of the planned steps. */
  public static Warmup share(double share) {
    return new Warmup(0, share);
  }

  static Warmup of(NamedSettings settings) {
    return new Warmup(
        settings.integer("warmup_steps", NONE.steps), settings.number("warmup_share", NONE.share));
  }

  void putInto(Map<String, String> settings) {
    settings.put("warmup_steps", Long.toString(steps));
    settings.put("warmup_share", Double.toString(share));
  }

  long over(LearningRate.Plan plan) {
    return share > 0 ? (long) Math.ceil(share * plan.steps()) : steps;
  }

  static double factor(long step, long rise) {
    return (step + 1.0) / (rise + 1.0);
  }
}
