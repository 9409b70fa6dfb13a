package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Activation;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The forward pass of TSMixer with covariates: everything at the horizon's steps. */
final class TsMixerExtBlock extends ForecastBlock {
  private final WindowShape window;
  private final double dropout;
  private final Layer projection;
  private final FeatureMixing past;
  private final Optional<FeatureMixing> known;
  private final Optional<FeatureMixing> constants;
  private final List<Mixing> mixings = new ArrayList<>();
  private final Layer output;

  TsMixerExtBlock(TsMixer model, WindowShape window, long seed) {
    super(window, model.centering(), seed);
    this.window = window;
    dropout = model.dropout();
    int hidden = model.hidden();
    projection = layer("projection", window.context(), window.horizon());
    past = featureMixing("past", 1 + window.pastFeatures(), hidden);
    known =
        window.knownFeatures() == 0
            ? Optional.empty()
            : Optional.of(featureMixing("known", window.knownFeatures(), hidden));
    constants = constants("constants", hidden);
    int parts = 1 + (known.isPresent() ? 1 : 0) + (constants.isPresent() ? 1 : 0);
    for (int b = 0; b <= model.blocks(); b++) {
      String name = "block" + b;
      // The first one joins all parts; the others see the constants anew.
      Optional<FeatureMixing> own =
          b == 0 ? Optional.empty() : constants(name + ".constants", hidden);
      int width = b == 0 ? parts * hidden : hidden + (own.isPresent() ? hidden : 0);
      mixings.add(
          new Mixing(
              own,
              layer(name + ".time", window.horizon(), window.horizon()),
              norm(name + ".timeNorm", window.horizon(), width),
              featureMixing(name, width, hidden)));
    }
    output = layer("output", hidden, window.outputs());
  }

  private Optional<FeatureMixing> constants(String name, int hidden) {
    return window.constants() == 0
        ? Optional.empty()
        : Optional.of(featureMixing(name, window.constants(), hidden));
  }

  private FeatureMixing featureMixing(String name, int inputs, int hidden) {
    return new FeatureMixing(
        layer(name + ".hidden", inputs, hidden),
        layer(name + ".output", hidden, hidden),
        inputs == hidden ? Optional.empty() : Optional.of(layer(name + ".skip", inputs, hidden)),
        norm(name + ".featureNorm", window.horizon(), hidden));
  }

  /** Mixes the channels of each step. */
  private record FeatureMixing(Layer hidden, Layer output, Optional<Layer> skip, Norm norm) {
    NDArray apply(NDArray input, Pass pass, double dropout) {
      NDArray deep = pass.dropout(Activation.relu(hidden.apply(input, pass)), dropout);
      NDArray mixed = pass.dropout(output.apply(deep, pass), dropout);
      NDArray beside = skip.isPresent() ? skip.get().apply(input, pass) : input;
      return norm.apply(mixed.add(beside), pass);
    }
  }

  /** Mixes the steps of each channel, then the channels of each step. */
  private record Mixing(
      Optional<FeatureMixing> constants, Layer time, Norm timeNorm, FeatureMixing features) {
    NDArray apply(NDArray input, NDArray repeated, Pass pass, double dropout) {
      NDArray x = input;
      if (constants.isPresent()) {
        NDArray mixed = constants.get().apply(repeated, pass, dropout);
        x = NDArrays.concat(new NDList(x, mixed), 2);
      }
      NDArray steps = Activation.relu(time.apply(x.transpose(0, 2, 1), pass)).transpose(0, 2, 1);
      NDArray mixed = timeNorm.apply(pass.dropout(steps, dropout).add(x), pass);
      return features.apply(mixed, pass, dropout);
    }
  }

  @Override
  NDArray forecast(ForecastInputs inputs, Pass pass) {
    NDArray history = inputs.target().expandDims(2);
    if (window.pastFeatures() > 0) {
      history = NDArrays.concat(new NDList(history, inputs.past()), 2);
    }
    NDArray projected = projection.apply(history.transpose(0, 2, 1), pass).transpose(0, 2, 1);
    NDList parts = new NDList(past.apply(projected, pass, dropout));
    if (known.isPresent()) {
      parts.add(known.get().apply(inputs.known(), pass, dropout));
    }
    NDArray repeated = inputs.constants();
    if (constants.isPresent()) {
      long batch = inputs.target().getShape().get(0);
      repeated =
          inputs
              .constants()
              .expandDims(1)
              .broadcast(new Shape(batch, window.horizon(), window.constants()));
      parts.add(constants.get().apply(repeated, pass, dropout));
    }
    NDArray x = parts.size() == 1 ? parts.get(0) : NDArrays.concat(parts, 2);
    for (Mixing mixing : mixings) {
      x = mixing.apply(x, repeated, pass, dropout);
    }
    return output.apply(x, pass);
  }
}
