package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** TiDE's forward pass. */
final class TideBlock extends ForecastBlock {
  /** As the authors have it. */
  private static final int FEATURE_HIDDEN = 64;

  private final WindowShape window;
  private final double dropout;
  private final Optional<Residual> known;
  private final Optional<Residual> past;
  private final List<Residual> dense = new ArrayList<>();
  private final Residual step;
  private final Layer linear;

  TideBlock(Tide model, WindowShape window, long seed) {
    super(window, model.centering(), seed);
    this.window = window;
    this.dropout = model.dropout();
    int steps = window.context() + window.horizon();
    int pastOnly = window.pastFeatures() - window.knownFeatures();
    int width = window.context() + window.constants();
    if (window.knownFeatures() > 0) {
      known =
          Optional.of(
              normed("known", window.knownFeatures(), FEATURE_HIDDEN, model.featureWidth()));
      width += steps * model.featureWidth();
    } else {
      known = Optional.empty();
    }
    if (pastOnly > 0) {
      past = Optional.of(normed("past", pastOnly, FEATURE_HIDDEN, model.featureWidth()));
      width += window.context() * model.featureWidth();
    } else {
      past = Optional.empty();
    }
    for (int i = 0; i < model.encoderLayers(); i++) {
      dense.add(normed("encoder" + i, width, model.hidden(), model.hidden()));
      width = model.hidden();
    }
    for (int i = 0; i < model.decoderLayers(); i++) {
      int outputs = i < model.decoderLayers() - 1 ? width : model.decoderWidth() * window.horizon();
      dense.add(normed("decoder" + i, width, model.hidden(), outputs));
    }
    int stepWidth = model.decoderWidth() + (known.isPresent() ? model.featureWidth() : 0);
    step = residual("step", stepWidth, model.stepHidden(), window.outputs(), Optional.empty());
    linear = layer("linear", window.context(), window.horizon() * window.outputs());
  }

  private Residual normed(String name, int inputs, int hidden, int outputs) {
    return residual(name, inputs, hidden, outputs, Optional.of(norm(name + ".norm", outputs)));
  }

  private Residual residual(String name, int inputs, int hidden, int outputs, Optional<Norm> norm) {
    return new Residual(
        layer(name + ".hidden", inputs, hidden),
        layer(name + ".output", hidden, outputs),
        layer(name + ".skip", inputs, outputs),
        norm);
  }

  /** A hidden layer, beside it a linear one. */
  private record Residual(Layer hidden, Layer output, Layer skip, Optional<Norm> norm) {
    NDArray apply(NDArray input, Pass pass, double dropout) {
      NDArray deep = DenseLayers.apply(input, List.of(hidden, output), pass);
      NDArray sum = pass.dropout(deep, dropout).add(skip.apply(input, pass));
      return norm.isPresent() ? norm.get().apply(sum, pass) : sum;
    }
  }

  @Override
  NDArray forecast(ForecastInputs inputs, Pass pass) {
    int context = window.context();
    int horizon = window.horizon();
    int knownFeatures = window.knownFeatures();
    long batch = inputs.target().getShape().get(0);
    NDList joined = new NDList(inputs.target());
    Optional<NDArray> ahead = Optional.empty();
    if (known.isPresent()) {
      // The past's first features are the known ones.
      NDArray before =
          past.isPresent() ? inputs.past().get(":, :, :" + knownFeatures) : inputs.past();
      NDArray all = NDArrays.concat(new NDList(before, inputs.known()), 1);
      NDArray encoded = known.get().apply(all, pass, dropout);
      joined.add(encoded.reshape(batch, -1));
      ahead = Optional.of(encoded.get(":, " + context + ":"));
    }
    if (past.isPresent()) {
      NDArray only = inputs.past().get(":, :, " + knownFeatures + ":");
      joined.add(past.get().apply(only, pass, dropout).reshape(batch, -1));
    }
    if (window.constants() > 0) {
      joined.add(inputs.constants());
    }
    NDArray x = joined.size() == 1 ? joined.get(0) : NDArrays.concat(joined, 1);
    for (Residual layer : dense) {
      x = layer.apply(x, pass, dropout);
    }
    NDArray steps = x.reshape(batch, -1, horizon).transpose(0, 2, 1);
    if (ahead.isPresent()) {
      steps = NDArrays.concat(new NDList(steps, ahead.get()), 2);
    }
    NDArray direct = linear.apply(inputs.target(), pass);
    return step.apply(steps, pass, dropout).add(direct.reshape(batch, horizon, window.outputs()));
  }
}
