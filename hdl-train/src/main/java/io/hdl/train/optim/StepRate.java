package io.hdl.train.optim;

import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/**
 * The rate times a factor every so many epochs or steps: PyTorch's {@code StepLR}.
 *
 * @param every after how many, at least 1
 * @param unit of what
 * @param factor what the rate is multiplied by then, in (0, 1]
 */
public record StepRate(long every, Unit unit, double factor) implements LearningRate {
  static final String NAME = "step";
  static final StepRate DEFAULT = new StepRate(1, Unit.EPOCHS, 0.5);

  /** What is counted. */
  public enum Unit {
    /** Epochs. */
    EPOCHS,
    /** Steps. */
    STEPS
  }

  /** Checks the ranges. */
  public StepRate {
    Objects.requireNonNull(unit, "unit");
    Checks.require(every >= 1, "every", every, ">= 1");
    Checks.require(factor > 0 && factor <= 1, "factor", factor, "in (0, 1]");
  }

  static StepRate of(NamedSettings settings) {
    return new StepRate(
        settings.integer("every", DEFAULT.every),
        settings.choice("unit", Unit.class, DEFAULT.unit),
        settings.number("factor", DEFAULT.factor));
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
          settings.put("every", Long.toString(every));
          settings.put("unit", unit.name().toLowerCase(Locale.ROOT));
          settings.put("factor", Double.toString(factor));
        });
  }

  @Override
  public boolean dependsOnLength() {
    return false;
  }

  @Override
  public RateSchedule over(Plan plan) {
    long steps = unit == Unit.STEPS ? every : Math.multiplyExact(every, plan.stepsPerEpoch());
    return step -> Math.pow(factor, (double) Math.floorDiv(step, steps));
  }
}
