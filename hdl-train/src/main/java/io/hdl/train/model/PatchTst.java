package io.hdl.train.model;

import ai.djl.nn.Block;
import io.hdl.core.error.Problems;
import io.hdl.train.loss.Loss;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * PatchTST (Nie et al., "A Time Series is Worth 64 Words: Long-term Forecasting with Transformers",
 * 2023): the context is cut into overlapping patches, a transformer's encoder attends over them,
 * and one linear layer maps all of its outputs to the horizon. Each series is a channel of its own
 * and shares the weights, as the paper's channel independence has it. It sees the target alone:
 * covariates and constants are left unused.
 *
 * <p>As in the authors' code the end of the context is repeated for one stride, the position is
 * learned, the norm stands behind each residual connection, attention scores are handed from layer
 * to layer (He et al., "RealFormer", 2021), and windows are normalised. The authors norm over the
 * batch ({@link Norm#BATCH}); the default here is {@link Norm#LAYER}, whose forecasts do not depend
 * on what else is in a batch. Dropout is applied once to what attention gives; the authors' code
 * does so twice in a row.
 *
 * @param patch steps of a patch
 * @param stride steps from one patch to the next
 * @param width width of the encoder, a multiple of the number of heads
 * @param heads number of attention heads
 * @param feedForward width of the hidden layer behind the attention
 * @param layers number of encoder layers
 * @param dropout probability of dropout
 * @param norm what is normed
 * @param centering how the window is normalised first
 */
public record PatchTst(
    int patch,
    int stride,
    int width,
    int heads,
    int feedForward,
    int layers,
    double dropout,
    Norm norm,
    Centering centering)
    implements ForecastModel {
  static final String NAME = "patchtst";

  /** What the encoder norms. */
  public enum Norm {
    /** The values of a patch (Ba et al., "Layer Normalization", 2016). */
    LAYER,
    /**
     * Each value over the patches of the batch (Ioffe and Szegedy, "Batch Normalization", 2015), as
     * the authors do it. Its statistics are those of a replica's own windows.
     */
    BATCH
  }

  /** Checks the sizes. */
  public PatchTst {
    Settings.atLeast("patch", patch, 1);
    Settings.atLeast("stride", stride, 1);
    Settings.atLeast("heads", heads, 1);
    if (width < 1 || width % heads != 0) {
      throw new IllegalArgumentException(
          "width: " + width + " (expected: a multiple of the " + heads + " heads)");
    }
    Settings.atLeast("feedForward", feedForward, 1);
    Settings.atLeast("layers", layers, 1);
    Settings.dropout(dropout);
    Objects.requireNonNull(norm, "norm");
    Objects.requireNonNull(centering, "centering");
  }

  /**
   * The sizes of the paper's supervised PatchTST/42: patches of 16 steps every 8 steps (42 of them
   * in a context of 336), three layers of width 128 with 16 heads and 256 hidden values, a dropout
   * of 0.2. For the small ETTh tables the authors take {@code width(16, 4)
   * .feedForward(128).dropout(0.3)}.
   */
  public static PatchTst defaults() {
    return new PatchTst(16, 8, 128, 16, 256, 3, 0.2, Norm.LAYER, Centering.STANDARD);
  }

  /** The same sizes with the authors' norm over the batch. */
  public static PatchTst published() {
    return defaults().norm(Norm.BATCH);
  }

  static PatchTst of(Map<String, String> settings) {
    return new PatchTst(
        Settings.integer(settings, "patch"),
        Settings.integer(settings, "stride"),
        Settings.integer(settings, "width"),
        Settings.integer(settings, "heads"),
        Settings.integer(settings, "feedForward"),
        Settings.integer(settings, "layers"),
        Settings.number(settings, "dropout"),
        Norm.valueOf(Models.setting(settings, "norm")),
        Settings.centering(settings));
  }

  /** The same with other patches. */
  public PatchTst patches(int steps, int everySteps) {
    return new PatchTst(
        steps, everySteps, width, heads, feedForward, layers, dropout, norm, centering);
  }

  /** The same with another width and number of heads. */
  public PatchTst width(int values, int headCount) {
    return new PatchTst(
        patch, stride, values, headCount, feedForward, layers, dropout, norm, centering);
  }

  /** The same with another hidden layer behind the attention. */
  public PatchTst feedForward(int values) {
    return new PatchTst(patch, stride, width, heads, values, layers, dropout, norm, centering);
  }

  /** The same with another number of encoder layers. */
  public PatchTst layers(int count) {
    return new PatchTst(patch, stride, width, heads, feedForward, count, dropout, norm, centering);
  }

  /** The same with another dropout. */
  public PatchTst dropout(double probability) {
    return new PatchTst(
        patch, stride, width, heads, feedForward, layers, probability, norm, centering);
  }

  /** The same with another norm. */
  public PatchTst norm(Norm choice) {
    return new PatchTst(
        patch, stride, width, heads, feedForward, layers, dropout, choice, centering);
  }

  /** The same with another normalisation of the window. */
  public PatchTst centering(Centering choice) {
    return new PatchTst(patch, stride, width, heads, feedForward, layers, dropout, norm, choice);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("patch", Integer.toString(patch));
    settings.put("stride", Integer.toString(stride));
    settings.put("width", Integer.toString(width));
    settings.put("heads", Integer.toString(heads));
    settings.put("feedForward", Integer.toString(feedForward));
    settings.put("layers", Integer.toString(layers));
    settings.put("dropout", Double.toString(dropout));
    settings.put("norm", norm.name());
    settings.put("centering", centering.name());
    return settings;
  }

  @Override
  public boolean seesCovariates() {
    return false;
  }

  @Override
  public Optional<String> notPortable() {
    return norm == Norm.BATCH
        ? Optional.of("its batch norm takes the statistics of a replica's own windows")
        : Optional.empty();
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
    return new PatchTstBlock(this, window, seed);
  }
}
