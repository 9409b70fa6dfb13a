package io.hdl.train.model;

import io.hdl.train.loss.Distribution;
import java.util.SplittableRandom;

/**
 * The random numbers of some windows' sample paths: one generator per path, seeded by the window's
 * own values and a fixed number, so that a forecast is the same whenever and wherever it is made.
 */
final class WindowDraws implements PathSampler {
  private static final long SEED = 0x6a09e667f3bcc908L;

  private final Distribution distribution;
  private final float[] locations;
  private final float[] scales;
  private final int paths;
  private final SplittableRandom[] generators;

  /**
   * Seeds the generators.
   *
   * @param targets the windows' contexts, {@code [windows, context]} row by row
   * @param locations per window: what was taken off the target
   * @param scales per window: what the rest was divided by
   */
  WindowDraws(
      Distribution distribution, float[] targets, float[] locations, float[] scales, int paths) {
    this.distribution = distribution;
    this.locations = locations;
    this.scales = scales;
    this.paths = paths;
    int windows = locations.length;
    int context = targets.length / windows;
    generators = new SplittableRandom[windows * paths];
    for (int w = 0; w < windows; w++) {
      long seed = SEED;
      for (int t = w * context; t < (w + 1) * context; t++) {
        seed = 31 * seed + Float.floatToIntBits(targets[t]);
      }
      SplittableRandom window = new SplittableRandom(seed);
      for (int p = 0; p < paths; p++) {
        generators[w * paths + p] = window.split();
      }
    }
  }

  @Override
  public int paths() {
    return paths;
  }

  @Override
  public float[] next(float[] outputs) {
    int width = distribution.parameters();
    float[] values = new float[generators.length];
    for (int row = 0; row < values.length; row++) {
      int window = row / paths;
      double value =
          distribution
              .step(outputs, row * width, locations[window], scales[window])
              .sample(generators[row]);
      values[row] = (float) ((value - locations[window]) / scales[window]);
    }
    return values;
  }

  /**
   * Paths whose steps are independent of each other, each drawn from its own distribution.
   *
   * @param outputs what the model gave, {@code [windows, horizon, outputs]} row by row
   * @return values in the target's own unit, {@code [windows, horizon, paths]}
   */
  float[] independent(float[] outputs, int horizon) {
    int width = distribution.parameters();
    float[] values = new float[generators.length * horizon];
    for (int window = 0; window < locations.length; window++) {
      for (int step = 0; step < horizon; step++) {
        int row = window * horizon + step;
        Distribution.Step one =
            distribution.step(outputs, row * width, locations[window], scales[window]);
        for (int p = 0; p < paths; p++) {
          values[row * paths + p] = (float) one.sample(generators[window * paths + p]);
        }
      }
    }
    return values;
  }

  /** The target in its own unit, from scaled values, both {@code [windows, horizon, paths]}. */
  float[] unscaled(float[] scaled, int horizon) {
    float[] values = new float[scaled.length];
    for (int i = 0; i < scaled.length; i++) {
      int window = i / (horizon * paths);
      double value = scaled[i] * (double) scales[window] + locations[window];
      values[i] = (float) (distribution.isDiscrete() ? Math.rint(value) : value);
    }
    return values;
  }
}
