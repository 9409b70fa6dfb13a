package io.hdl.train.model;

import ai.djl.nn.Block;
import io.hdl.core.error.Problems;
import io.hdl.train.loss.Loss;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * DLinear (Zeng et al., "Are Transformers Effective for Time Series Forecasting?", 2023): a moving
 * average parts the context into trend and remainder, and one linear layer each maps them to the
 * horizon. The layers are shared by all series; the paper's layers per channel ({@code individual})
 * do not apply, as a window holds one series. It sees the target alone: covariates and constants
 * are left unused.
 *
 * @param kernel width of the moving average in steps, odd, at least 1
 * @param centering what is taken off the window first
 */
public record DLinear(int kernel, Centering centering) implements ForecastModel {
  static final String NAME = "dlinear";

  /** Checks the kernel. */
  public DLinear {
    if (kernel < 1 || kernel % 2 == 0) {
      throw new IllegalArgumentException("kernel: " + kernel + " (expected: odd, >= 1)");
    }
    Objects.requireNonNull(centering, "centering");
  }

  /** The paper's kernel of 25 steps, centred on the last value as the same paper's NLinear is. */
  public static DLinear defaults() {
    return new DLinear(25, Centering.LAST);
  }

  /** The paper's: a kernel of 25 steps, nothing taken off. */
  public static DLinear published() {
    return new DLinear(25, Centering.NONE);
  }

  static DLinear of(Map<String, String> settings) {
    return new DLinear(Settings.integer(settings, "kernel"), Settings.centering(settings));
  }

  /** The same with another moving average. */
  public DLinear kernel(int steps) {
    return new DLinear(steps, centering);
  }

  /** The same with another centering. */
  public DLinear centering(Centering choice) {
    return new DLinear(kernel, choice);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("kernel", Integer.toString(kernel));
    settings.put("centering", centering.name());
    return settings;
  }

  @Override
  public boolean seesCovariates() {
    return false;
  }

  @Override
  public Optional<String> notBfloat16() {
    return Optional.of("its products are small, and their rounding would be that of the forecast");
  }

  @Override
  public void check(Loss loss, Problems problems) {
    centering.check(loss, problems);
  }

  @Override
  public Block block(WindowShape window, long seed) {
    return new DLinearBlock(this, window, seed);
  }
}
