package io.hdl.train.optim;

import java.util.Map;

/**
 * One rise of the rate to its highest and one fall to almost nothing, both along half a cosine
 * (Smith and Topin, "Super-Convergence", 2018): PyTorch's {@code OneCycleLR} with two phases and
 * without a cycle of the momentum.
 *
 * @param rise share of the planned steps that rise, in (0, 1)
 * @param startDivisor what the highest rate is divided by at the first step, at least 1
 * @param endDivisor what the first step's rate is divided by at the last step, at least 1
 */
public record OneCycleRate(double rise, double startDivisor, double endDivisor)
    implements LearningRate {
  static final String NAME = "one_cycle";
  static final OneCycleRate DEFAULT = new OneCycleRate(0.3, 25, 1e4);

  /** Checks the ranges. */
  public OneCycleRate {
    Checks.require(rise > 0 && rise < 1, "rise", rise, "in (0, 1)");
    Checks.atLeastOne("startDivisor", startDivisor);
    Checks.atLeastOne("endDivisor", endDivisor);
  }

  /** The same with another share of the steps that rise. */
  public OneCycleRate rise(double share) {
    return new OneCycleRate(share, startDivisor, endDivisor);
  }

  static OneCycleRate of(NamedSettings settings) {
    return new OneCycleRate(
        settings.number("rise", DEFAULT.rise),
        settings.number("start_divisor", DEFAULT.startDivisor),
        settings.number("end_divisor", DEFAULT.endDivisor));
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
          settings.put("rise", Double.toString(rise));
          settings.put("start_divisor", Double.toString(startDivisor));
          settings.put("end_divisor", Double.toString(endDivisor));
        });
  }

  @Override
  public boolean dependsOnLength() {
    return true;
  }

  @Override
  public RateSchedule over(Plan plan) {
    double last = (double) Math.max(1, plan.steps() - 1);
    // A training of a few steps has its highest rate at the first one.
    double top = Math.max(0, rise * plan.steps() - 1);
    double first = 1 / startDivisor;
    double end = first / endDivisor;
    return step -> {
      double at = Math.min((double) step, last);
      return at < top
          ? along(first, 1, at / top)
          : along(1, end, top >= last ? 1 : (at - top) / (last - top));
    };
  }

  private static double along(double from, double to, double progress) {
    return to + (from - to) / 2 * (1 + Math.cos(Math.PI * progress));
  }
}
