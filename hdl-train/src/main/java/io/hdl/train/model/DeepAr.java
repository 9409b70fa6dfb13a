package io.hdl.train.model;

import ai.djl.nn.Block;
import io.hdl.core.error.Problems;
import io.hdl.train.loss.Loss;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * DeepAR (Salinas et al., "DeepAR: Probabilistic forecasting with autoregressive recurrent
 * networks", 2020): a recurrent network that reads the target of the steps before, the covariates
 * known ahead of a step and the series' constants, and gives the parameters of the step's
 * distribution. In training it reads what happened (teacher forcing); a forecast draws sample paths
 * step by step, each fed with its own draws, and gives their median or mean and their quantiles.
 *
 * <p>It is trained for a distribution's likelihood over the horizon: {@code
 * Losses.negativeBinomial()} for counts, {@code studentT()} or {@code gaussian()} for other
 * numbers. Covariates that are not known ahead are left unused. The network runs from the first
 * step of the context on that has all its lags.
 *
 * @param cell kind of the recurrent cell
 * @param hidden width of the recurrent layers
 * @param layers number of recurrent layers
 * @param dropout probability with which an output of all layers but the last is dropped
 * @param lags which earlier steps of the target a step sees, ascending; not more than the context
 * @param samplePaths number of paths that a forecast is made of
 */
public record DeepAr(
    RecurrentCell cell, int hidden, int layers, double dropout, List<Integer> lags, int samplePaths)
    implements ForecastModel {
  static final String NAME = "deepar";

  /** Checks the sizes. */
  public DeepAr {
    Objects.requireNonNull(cell, "cell");
    Settings.atLeast("hidden", hidden, 1);
    Settings.atLeast("layers", layers, 1);
    Settings.dropout(dropout);
    lags = List.copyOf(lags);
    for (int i = 0; i < lags.size(); i++) {
      if (lags.get(i) < 1 || (i > 0 && lags.get(i) <= lags.get(i - 1))) {
        throw new IllegalArgumentException(
            "lags: " + lags + " (expected: ascending numbers >= 1, such as 1, 7)");
      }
    }
    if (lags.isEmpty()) {
      throw new IllegalArgumentException("lags: [] (expected: at least one number)");
    }
    Settings.atLeast("samplePaths", samplePaths, 1);
  }

  /**
   * Two LSTM layers of 40 with a dropout of 0.1, as GluonTS's DeepAR begins with, the step before
   * as only lag, and 100 sample paths.
   */
  public static DeepAr defaults() {
    return new DeepAr(RecurrentCell.LSTM, 40, 2, 0.1, List.of(1), 100);
  }

  static DeepAr of(Map<String, String> settings) {
    return new DeepAr(
        RecurrentCell.valueOf(Models.setting(settings, "cell")),
        Settings.integer(settings, "hidden"),
        Settings.integer(settings, "layers"),
        Settings.number(settings, "dropout"),
        Settings.list(settings, "lags", Integer::valueOf),
        Settings.integer(settings, "samplePaths"));
  }

  /** The same with another cell. */
  public DeepAr cell(RecurrentCell kind) {
    return new DeepAr(kind, hidden, layers, dropout, lags, samplePaths);
  }

  /** The same with layers of another width. */
  public DeepAr hidden(int width) {
    return new DeepAr(cell, width, layers, dropout, lags, samplePaths);
  }

  /** The same with another number of layers. */
  public DeepAr layers(int count) {
    return new DeepAr(cell, hidden, count, dropout, lags, samplePaths);
  }

  /** The same with another dropout between the layers. */
  public DeepAr dropout(double probability) {
    return new DeepAr(cell, hidden, layers, probability, lags, samplePaths);
  }

  /** The same with other lags, for instance the step before and that of the season before. */
  public DeepAr lags(Integer... steps) {
    return new DeepAr(cell, hidden, layers, dropout, List.of(steps), samplePaths);
  }

  /** The same with another number of sample paths. */
  public DeepAr samplePaths(int count) {
    return new DeepAr(cell, hidden, layers, dropout, lags, count);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("cell", cell.name());
    settings.put("hidden", Integer.toString(hidden));
    settings.put("layers", Integer.toString(layers));
    settings.put("dropout", Double.toString(dropout));
    settings.put("lags", Settings.text(lags));
    settings.put("samplePaths", Integer.toString(samplePaths));
    return settings;
  }

  @Override
  public boolean readsLabel() {
    return true;
  }

  @Override
  public Optional<String> notBfloat16() {
    return Optional.of("its recurrent cells compute in float32 alone");
  }

  @Override
  public void check(Loss loss, Problems problems) {
    problems.require(
        loss.distribution().isPresent(),
        () ->
            "loss: "
                + loss.name()
                + " (expected: Losses.negativeBinomial(), studentT() or gaussian(); deepar draws"
                + " from a distribution)");
  }

  @Override
  public Block block(WindowShape window, long seed) {
    return new DeepArBlock(this, window, seed);
  }
}
