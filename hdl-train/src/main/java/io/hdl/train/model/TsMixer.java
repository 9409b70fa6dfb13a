package io.hdl.train.model;

import ai.djl.nn.Block;
import io.hdl.core.error.Problems;
import io.hdl.train.loss.Loss;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * TSMixer (Chen et al., "TSMixer: An All-MLP Architecture for Time Series Forecasting", 2023):
 * layers that mix the steps of each channel and the channels of each step in turn. A window's
 * channels are the target and its covariates; several series are not mixed with each other.
 *
 * <p>Without covariates and constants it is the paper's basic model: mixing over the context, then
 * a linear layer to the horizon. With them it is the paper's extension (TSMixer-Ext), laid out as
 * in NeuralForecast's TSMixerx: the past is projected to the horizon, past, future and constants
 * are mixed to the same width, joined, and mixed on. Norms are layer norms over steps and channels;
 * the batch norm that the authors' code offers, too, would tie a window to its batch.
 *
 * @param blocks number of mixing layers; the extension has one more, which joins its parts
 * @param hidden width of the feature mixing, and of the extension's channels
 * @param dropout probability of dropout in training
 * @param centering what is taken off the window first
 */
public record TsMixer(int blocks, int hidden, double dropout, Centering centering)
    implements ForecastModel {
  static final String NAME = "tsmixer";

  /** Checks the sizes. */
  public TsMixer {
    Settings.atLeast("blocks", blocks, 1);
    Settings.atLeast("hidden", hidden, 1);
    Settings.dropout(dropout);
    Objects.requireNonNull(centering, "centering");
  }

  /** The authors' sizes with less dropout, centred on the last value. */
  public static TsMixer defaults() {
    return new TsMixer(2, 64, 0.1, Centering.LAST);
  }

  /** The authors' settings for ETTm2; they use a context of 512 steps. */
  public static TsMixer published() {
    return new TsMixer(2, 64, 0.9, Centering.REVERSIBLE);
  }

  static TsMixer of(Map<String, String> settings) {
    return new TsMixer(
        Settings.integer(settings, "blocks"),
        Settings.integer(settings, "hidden"),
        Settings.number(settings, "dropout"),
        Settings.centering(settings));
  }

  /** The same with another number of mixing layers. */
  public TsMixer blocks(int count) {
    return new TsMixer(count, hidden, dropout, centering);
  }

  /** The same with another width. */
  public TsMixer hidden(int width) {
    return new TsMixer(blocks, width, dropout, centering);
  }

  /** The same with another dropout. */
  public TsMixer dropout(double probability) {
    return new TsMixer(blocks, hidden, probability, centering);
  }

  /** The same with another centering. */
  public TsMixer centering(Centering choice) {
    return new TsMixer(blocks, hidden, dropout, choice);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("blocks", Integer.toString(blocks));
    settings.put("hidden", Integer.toString(hidden));
    settings.put("dropout", Double.toString(dropout));
    settings.put("centering", centering.name());
    return settings;
  }

  @Override
  public Optional<String> notBfloat16() {
    return Optional.empty();
  }

  @Override
  public void check(Loss loss, Problems problems) {
    centering.check(loss, problems);
  }

  @Override
  public Block block(WindowShape window, long seed) {
    boolean plain =
        window.pastFeatures() == 0 && window.knownFeatures() == 0 && window.constants() == 0;
    return plain ? new TsMixerBlock(this, window, seed) : new TsMixerExtBlock(this, window, seed);
  }
}
