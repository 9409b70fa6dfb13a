package io.hdl.train.optim;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.train.model.FlatParameters;
import java.util.Map;

/** How gradients change the weights. Implementations are immutable values. */
public interface Optimizer {
  /** Lower-case name, as recorded with a run. */
  String name();

  /** The highest learning rate; a schedule scales it. */
  double learningRate();

  /** The name and the settings by name, as recorded with a run; {@link #of} reads them. */
  Map<String, String> settings();

  /**
   * Begins to change the weights of a model, with a state of zeros.
   *
   * @param parameters the weights; must outlive what is given back
   */
  FlatOptimizer on(FlatParameters parameters);

  /**
   * The optimizer behind {@link #settings}. Settings that are not there have their defaults.
   *
   * @param settings {@code name}, one of {@code adam}, {@code adamw} and {@code sgd}, and what that
   *     one has
   * @throws HdlException with {@link ErrorCode#INVALID_ARGUMENT} if there is no such optimizer, it
   *     has no such setting, or a value is out of range
   */
  static Optimizer of(Map<String, String> settings) {
    NamedSettings named = NamedSettings.of("optimizer", settings);
    return named.read(
        switch (named.name()) {
          case Adam.NAME -> Adam::of;
          case AdamW.NAME -> AdamW::of;
          case Sgd.NAME -> Sgd::of;
          default -> throw named.unknown("adam, adamw and sgd");
        });
  }
}
