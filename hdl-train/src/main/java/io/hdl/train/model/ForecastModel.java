package io.hdl.train.model;

import ai.djl.nn.Block;
import io.hdl.core.error.Problems;
import io.hdl.train.loss.Loss;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A forecasting model's specification: an immutable value that makes a DJL Block for the sizes of a
 * data set. A model of one's own implements this interface; its Block takes the arrays of {@link
 * ForecastInputs} and gives one array {@code [batch, horizon, outputs]}.
 */
public interface ForecastModel {
  /** Name of the parameter of a forward pass that holds its seed. */
  String SEED = "hdl.seed";

  /**
   * Name of the parameter of a training pass that is {@code true} where the linear layers are to be
   * computed in bfloat16, of a model without {@link #notBfloat16()}. Validation and forecasts
   * compute in float32 always.
   */
  String BFLOAT16 = "hdl.bfloat16";

  /**
   * Name of the parameter of a forward pass that holds the {@link PathSampler}, where a model with
   * {@link #samplePaths()} forecasts.
   */
  String SAMPLER = "hdl.sampler";

  /** Lower-case name, as recorded with a run and in a saved model. */
  String name();

  /** The settings by name, as recorded with a run and in a saved model. */
  Map<String, String> settings();

  /** Whether the model makes use of covariates and constants; default yes. */
  default boolean seesCovariates() {
    return true;
  }

  /**
   * Whether the Block reads the label in training and validation, as an autoregressive model that
   * is fed what happened: then it takes the scaled label {@code [batch, horizon]}, 0 where not
   * observed, as a sixth array, and forecasts where that array is missing. Default no.
   */
  default boolean readsLabel() {
    return false;
  }

  /**
   * Number of sample paths that a forecast is made of, for a Block that draws them itself: when it
   * forecasts, it finds a {@link PathSampler} under {@link #SAMPLER} among its parameters and gives
   * {@code [batch, horizon, paths]}, scaled, with as many paths as that asks for, in place of the
   * loss's outputs. 0, the default, for a model that gives the loss's outputs always.
   */
  default int samplePaths() {
    return 0;
  }

  /**
   * Why the same seed may give other bits with another number of replicas, if it may: for instance
   * dropout of a Block that draws from the engine's one generator. Default: it does not.
   */
  default Optional<String> notPortable() {
    return Optional.empty();
  }

  /**
   * Why the linear layers cannot be computed in bfloat16 in training, if they cannot: then the
   * Block does not look for {@link #BFLOAT16}. Default: they cannot, as it computes in float32
   * alone.
   */
  default Optional<String> notBfloat16() {
    return Optional.of("its Block computes in float32 alone");
  }

  /** Adds what stands against training this model for a loss; by default nothing. */
  default void check(Loss loss, Problems problems) {}

  /**
   * Saves what a forecaster needs of the model beside its weights and settings, such as a file of
   * its own; by default nothing.
   *
   * @param block what {@link #block} made
   * @param parameters its weights
   * @param folder the folder of the saved forecaster
   */
  default void save(Block block, FlatParameters parameters, Path folder) {}

  /**
   * A fresh Block, not yet initialised. In training its forward pass finds a {@code Long} under
   * {@link #SEED} among its parameters, from which all that is random in the pass has to come.
   *
   * @param window the sizes it has to fit
   * @param seed what its initial weights come from: the same seed gives the same weights
   */
  Block block(WindowShape window, long seed);
}
