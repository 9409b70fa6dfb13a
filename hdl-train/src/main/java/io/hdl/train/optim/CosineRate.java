package io.hdl.train.optim;

import java.util.Map;

/**
 * Half a cosine from 1 down to a floor over the planned steps, after a linear rise over the first
 * ones if one is asked for (Loshchilov and Hutter, "SGDR", 2017, without restarts). PyTorch's
 * {@code CosineAnnealingLR} with {@code T_max} the steps after the rise.
 *
 * @param warmup the rise
 * @param floor the factor behind the last step, in [0, 1]
 */
public record CosineRate(Warmup warmup, double floor) implements LearningRate {
  static final String NAME = "cosine";
  static final CosineRate DEFAULT = new CosineRate(Warmup.NONE, 0);

  /** Checks the range. */
  public CosineRate {
    Checks.require(floor >= 0 && floor <= 1, "floor", floor, "in [0, 1]");
  }

  /** The same after a linear rise over a number of steps. */
  public CosineRate warmup(long steps) {
    return new CosineRate(Warmup.steps(steps), floor);
  }

  /** The same after a linear rise over a share of the planned steps, in [0, 1). */
  public CosineRate warmupShare(double share) {
    return new CosineRate(Warmup.share(share), floor);
  }

  /** The same down to a factor in [0, 1]. */
  public CosineRate floor(double factor) {
    return new CosineRate(warmup, factor);
  }

  static CosineRate of(NamedSettings settings) {
    return new CosineRate(Warmup.of(settings), settings.number("floor", DEFAULT.floor));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> settings() {
    return NamedSettings.map(
        NAME,
        settings -> {
          warmup.putInto(settings);
          settings.put("floor", Double.toString(floor));
        });
  }

  @Override
  public boolean dependsOnLength() {
    return true;
  }

  @Override
  public RateSchedule over(Plan plan) {
    long rise = warmup.over(plan);
    long fall = Math.max(1, plan.steps() - rise);
    return step -> {
      if (step < rise) {
        return Warmup.factor(step, rise);
      }
      double progress = Math.min(1.0, (double) (step - rise) / fall);
      return floor + (1 - floor) * 0.5 * (1.0 + Math.cos(Math.PI * progress));
    };
  }
}
