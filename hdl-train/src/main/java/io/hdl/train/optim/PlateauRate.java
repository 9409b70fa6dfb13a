package io.hdl.train.optim;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The rate times a factor whenever the validation loss has not fallen for a number of epochs:
 * PyTorch's {@code ReduceLROnPlateau}, where the loss has to fall by a share of its size, so that
 * it may be negative. Without a validation part the rate stays as it is.
 *
 * @param factor what the rate is multiplied by, in (0, 1)
 * @param patience epochs without a lower loss that are borne; the next one lowers the rate
 * @param threshold share of its size by which the loss has to fall to count as lower, 0 or more
 * @param cooldown epochs after a reduction in which none is counted
 * @param floor the smallest factor of the highest rate, in [0, 1)
 */
public record PlateauRate(double factor, int patience, double threshold, int cooldown, double floor)
    implements LearningRate {
  static final String NAME = "plateau";
  static final PlateauRate DEFAULT = new PlateauRate(0.5, 1, 1e-4, 0, 0);

  /** Checks the ranges. */
  public PlateauRate {
    Checks.require(factor > 0 && factor < 1, "factor", factor, "in (0, 1)");
    Checks.require(patience >= 0, "patience", patience, ">= 0");
    Checks.require(threshold >= 0 && threshold < 1, "threshold", threshold, "in [0, 1)");
    Checks.require(cooldown >= 0, "cooldown", cooldown, ">= 0");
    Checks.require(floor >= 0 && floor < 1, "floor", floor, "in [0, 1)");
  }

  /** The same with another factor, in (0, 1). */
  public PlateauRate factor(double value) {
    return new PlateauRate(value, patience, threshold, cooldown, floor);
  }

  /**
   * The same that bears another number of epochs. It has to be less than the patience of the
   * training, which ends otherwise before the rate is lowered.
   */
  public PlateauRate patience(int epochs) {
    return new PlateauRate(factor, epochs, threshold, cooldown, floor);
  }

  static PlateauRate of(NamedSettings settings) {
    return new PlateauRate(
        settings.number("factor", DEFAULT.factor),
        Math.toIntExact(settings.integer("patience", DEFAULT.patience)),
        settings.number("threshold", DEFAULT.threshold),
        Math.toIntExact(settings.integer("cooldown", DEFAULT.cooldown)),
        settings.number("floor", DEFAULT.floor));
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
          settings.put("factor", Double.toString(factor));
          settings.put("patience", Integer.toString(patience));
          settings.put("threshold", Double.toString(threshold));
          settings.put("cooldown", Integer.toString(cooldown));
          settings.put("floor", Double.toString(floor));
        });
  }

  @Override
  public boolean dependsOnLength() {
    return false;
  }

  @Override
  public RateSchedule over(Plan plan) {
    return new Schedule(this);
  }

  private static final class Schedule implements RateSchedule {
    private final PlateauRate settings;
    private double now = 1;
    private double best = Double.POSITIVE_INFINITY;
    private int bad;
    private int cooling;

    Schedule(PlateauRate settings) {
      this.settings = settings;
    }

    @Override
    public double factor(long step) {
      return now;
    }

    @Override
    public void epochFinished(double loss) {
      boolean first = best == Double.POSITIVE_INFINITY;
      if (first ? loss < best : loss < best - settings.threshold * Math.abs(best)) {
        best = loss;
        bad = 0;
      } else {
        bad++;
      }
      if (cooling > 0) {
        cooling--;
        bad = 0;
      }
      if (bad > settings.patience) {
        now = Math.max(now * settings.factor, settings.floor);
        cooling = settings.cooldown;
        bad = 0;
      }
    }

    @Override
    public Map<String, Double> state() {
      Map<String, Double> state = new LinkedHashMap<>();
      state.put("factor", now);
      state.put("best", best);
      state.put("bad_epochs", (double) bad);
      state.put("cooling", (double) cooling);
      return state;
    }

    @Override
    public void restore(Map<String, Double> state) {
      now = state.getOrDefault("factor", now);
      best = state.getOrDefault("best", best);
      bad = state.getOrDefault("bad_epochs", 0.0).intValue();
      cooling = state.getOrDefault("cooling", 0.0).intValue();
    }
  }
}
