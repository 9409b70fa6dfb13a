package io.hdl.train.model;

import ai.djl.nn.Block;
import io.hdl.core.error.Problems;
import io.hdl.train.loss.Loss;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * NLinear (Zeng et al., "Are Transformers Effective for Time Series Forecasting?", 2023): one
 * linear layer from the context, less its last value, to the horizon. The layer is shared by all
 * series; the paper's layers per channel ({@code individual}) do not apply, as a window holds one
 * series. It sees the target alone: covariates and constants are left unused.
 *
 * @param centering what is taken off the window first; the paper's is {@link Centering#LAST}
 */
public record NLinear(Centering centering) implements ForecastModel {
  static final String NAME = "nlinear";

  /** Checks that there is a choice. */
  public NLinear {
    Objects.requireNonNull(centering, "centering");
  }

  /** The paper's. */
  public static NLinear defaults() {
    return new NLinear(Centering.LAST);
  }

  static NLinear of(Map<String, String> settings) {
    return new NLinear(Settings.centering(settings));
  }

  /** The same with another centering. */
  public NLinear centering(Centering choice) {
    return new NLinear(choice);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> settings() {
    return Map.of("centering", centering.name());
  }

  @Override
  public boolean seesCovariates() {
    return false;
  }

  @Override
  public Optional<String> notBfloat16() {
    return Optional.of("its one product is small, and its rounding would be that of the forecast");
  }

  @Override
  public void check(Loss loss, Problems problems) {
    centering.check(loss, problems);
  }

  @Override
  public Block block(WindowShape window, long seed) {
    return new NLinearBlock(this, window, seed);
  }
}
