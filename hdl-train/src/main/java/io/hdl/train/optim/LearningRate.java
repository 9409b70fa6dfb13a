package io.hdl.train.optim;

import com.google.errorprone.annotations.CheckReturnValue;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.Map;

/**
 * How the learning rate changes over a training, as a factor of the optimizer's own, which is the
 * highest. Implementations are immutable values; what changes from epoch to epoch lives in the
 * {@link RateSchedule} that a training makes of one.
 *
 * <pre>{@code
 * LearningRate rate = LearningRate.cosine().warmupShare(0.05).floor(0.01);
 * }</pre>
 */
@CheckReturnValue
public interface LearningRate {
  /** Lower-case name, as recorded with a run. */
  String name();

  /** The name and the settings by name, as recorded with a run; {@link #of} reads them. */
  Map<String, String> settings();

  /**
   * Whether the factor of a step depends on how many steps are planned: then a training cannot be
   * continued with another number of epochs.
   */
  boolean dependsOnLength();

  /** The schedule of a training that begins. */
  RateSchedule over(Plan plan);

  /**
   * How long a training may be.
   *
   * @param steps planned steps of the whole training, at least 1
   * @param stepsPerEpoch steps of an epoch, at least 1
   */
  record Plan(long steps, long stepsPerEpoch) {
    /** Checks the numbers. */
    public Plan {
      Checks.require(steps >= 1, "steps", steps, ">= 1");
      Checks.require(stepsPerEpoch >= 1, "stepsPerEpoch", stepsPerEpoch, ">= 1");
    }
  }

  /** The same rate throughout. */
  static ConstantRate constant() {
    return ConstantRate.DEFAULT;
  }

  /** Half a cosine from 1 at the first step down to almost 0 at the last planned one. */
  static CosineRate cosine() {
    return CosineRate.DEFAULT;
  }

  /**
   * The rate times a factor every so many epochs.
   *
   * @param epochs after how many epochs, at least 1
   * @param factor what the rate is multiplied by then, in (0, 1]
   */
  static StepRate step(int epochs, double factor) {
    return new StepRate(epochs, StepRate.Unit.EPOCHS, factor);
  }

  /** One rise over three tenths of the steps and one long fall: PyTorch's defaults. */
  static OneCycleRate oneCycle() {
    return OneCycleRate.DEFAULT;
  }

  /** Halves the rate whenever the validation loss has not fallen for two epochs. */
  static PlateauRate reduceOnPlateau() {
    return PlateauRate.DEFAULT;
  }

  /**
   * The schedule behind {@link #settings}. Settings that are not there have their defaults.
   *
   * @param settings {@code name}, one of {@code constant}, {@code cosine}, {@code step}, {@code
   *     one_cycle} and {@code plateau}, and what that one has
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} if there is no such schedule, it
   *     has no such setting, or a value is out of range
   */
  static LearningRate of(Map<String, String> settings) {
    NamedSettings named = NamedSettings.of("learning-rate schedule", settings);
    return named.read(
        switch (named.name()) {
          case ConstantRate.NAME -> ConstantRate::of;
          case CosineRate.NAME -> CosineRate::of;
          case StepRate.NAME -> StepRate::of;
          case OneCycleRate.NAME -> OneCycleRate::of;
          case PlateauRate.NAME -> PlateauRate::of;
          default -> throw named.unknown("constant, cosine, step, one_cycle and plateau");
        });
  }
}
