package io.hdl.train.model;

import ai.djl.nn.Block;
import io.hdl.core.error.Problems;
import io.hdl.train.loss.Loss;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * TiDE (Das et al., "Long-term Forecasting with TiDE: Time-series Dense Encoder", 2023): covariates
 * are brought to a small width step by step, joined with the window and the constants, encoded and
 * decoded by residual layers; each step of the horizon is then decoded together with its own
 * covariates, and a linear layer from the window is added.
 *
 * <p>Residual layers end in a layer norm, apart from the last one, whose outputs are the forecast:
 * the authors' code norms there, too, over a single value, which leaves nothing but the norm's
 * offset. Covariates that are not known ahead, which the paper does not have, are encoded by a
 * layer of their own. The paper's embedding of each series' number is left out: give series a
 * constant instead.
 *
 * @param hidden width of the encoder and the decoder
 * @param encoderLayers number of residual layers of the encoder
 * @param decoderLayers number of residual layers of the decoder
 * @param decoderWidth values per step that the decoder gives
 * @param stepHidden width of the layer that decodes each step
 * @param featureWidth values per step that covariates are brought to
 * @param dropout probability of dropout in training
 * @param centering what is taken off the window first
 */
public record Tide(
    int hidden,
    int encoderLayers,
    int decoderLayers,
    int decoderWidth,
    int stepHidden,
    int featureWidth,
    double dropout,
    Centering centering)
    implements ForecastModel {
  static final String NAME = "tide";

  /** Checks the sizes. */
  public Tide {
    Settings.atLeast("hidden", hidden, 1);
    Settings.atLeast("encoderLayers", encoderLayers, 1);
    Settings.atLeast("decoderLayers", decoderLayers, 1);
    Settings.atLeast("decoderWidth", decoderWidth, 1);
    Settings.atLeast("stepHidden", stepHidden, 1);
    Settings.atLeast("featureWidth", featureWidth, 1);
    Settings.dropout(dropout);
    Objects.requireNonNull(centering, "centering");
  }

  /** A smaller one with less dropout, centred on the last value. */
  public static Tide defaults() {
    return new Tide(256, 1, 1, 16, 32, 4, 0.1, Centering.LAST);
  }

  /** The authors' settings for ETTh1 and a horizon of 96; they use a context of 720 steps. */
  public static Tide published() {
    return new Tide(512, 1, 1, 32, 16, 4, 0.5, Centering.REVERSIBLE);
  }

  static Tide of(Map<String, String> settings) {
    return new Tide(
        Settings.integer(settings, "hidden"),
        Settings.integer(settings, "encoderLayers"),
        Settings.integer(settings, "decoderLayers"),
        Settings.integer(settings, "decoderWidth"),
        Settings.integer(settings, "stepHidden"),
        Settings.integer(settings, "featureWidth"),
        Settings.number(settings, "dropout"),
        Settings.centering(settings));
  }

  /** The same with another width of encoder and decoder. */
  public Tide hidden(int width) {
    return new Tide(
        width,
        encoderLayers,
        decoderLayers,
        decoderWidth,
        stepHidden,
        featureWidth,
        dropout,
        centering);
  }

  /** The same with other numbers of residual layers. */
  public Tide layers(int encoder, int decoder) {
    return new Tide(
        hidden, encoder, decoder, decoderWidth, stepHidden, featureWidth, dropout, centering);
  }

  /** The same with another decoder of steps: values that it reads per step, and its width. */
  public Tide steps(int readWidth, int hiddenWidth) {
    return new Tide(
        hidden,
        encoderLayers,
        decoderLayers,
        readWidth,
        hiddenWidth,
        featureWidth,
        dropout,
        centering);
  }

  /** The same with another dropout. */
  public Tide dropout(double probability) {
    return new Tide(
        hidden,
        encoderLayers,
        decoderLayers,
        decoderWidth,
        stepHidden,
        featureWidth,
        probability,
        centering);
  }

  /** The same with another centering. */
  public Tide centering(Centering choice) {
    return new Tide(
        hidden,
        encoderLayers,
        decoderLayers,
        decoderWidth,
        stepHidden,
        featureWidth,
        dropout,
        choice);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("hidden", Integer.toString(hidden));
    settings.put("encoderLayers", Integer.toString(encoderLayers));
    settings.put("decoderLayers", Integer.toString(decoderLayers));
    settings.put("decoderWidth", Integer.toString(decoderWidth));
    settings.put("stepHidden", Integer.toString(stepHidden));
    settings.put("featureWidth", Integer.toString(featureWidth));
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
    return new TideBlock(this, window, seed);
  }
}
