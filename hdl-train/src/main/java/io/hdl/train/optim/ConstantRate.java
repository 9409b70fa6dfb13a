package io.hdl.train.optim;

import java.util.Map;

/**
 * The same rate throughout, after a linear rise over the first steps if one is asked for.
 *
 * @param warmup the rise
 */
public record ConstantRate(Warmup warmup) implements LearningRate {
  static final String NAME = "constant";
  static final ConstantRate DEFAULT = new ConstantRate(Warmup.NONE);

  /** The same after a linear rise over a number of steps. */
  public ConstantRate warmup(long steps) {
    return new ConstantRate(Warmup.steps(steps));
  }

  /** The same after a linear rise over a share of the planned steps, in [0, 1). */
  public ConstantRate warmupShare(double share) {
    return new ConstantRate(Warmup.share(share));
  }

  static ConstantRate of(NamedSettings settings) {
    return new ConstantRate(Warmup.of(settings));
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> settings() {
    return NamedSettings.map(NAME, warmup::putInto);
  }

  @Override
  public boolean dependsOnLength() {
    return warmup.share() > 0;
  }

  @Override
  public RateSchedule over(Plan plan) {
    long rise = warmup.over(plan);
    return step -> step < rise ? Warmup.factor(step, rise) : 1.0;
  }
}
