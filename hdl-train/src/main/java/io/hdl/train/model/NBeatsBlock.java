package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** N-BEATS's forward pass. */
final class NBeatsBlock extends ForecastBlock {
  /**
   * One block.
   *
   * @param layers the hidden ones, then the one that gives the coefficients
   * @param coefficients number of them for the window; the others are for the forecast
   * @param expansion what they are multiplied by; none for generic blocks
   */
  private record Part(List<Layer> layers, int coefficients, Optional<Expansion> expansion) {}

  /**
   * Basis functions.
   *
   * @param backcast {@code [terms, context]}
   * @param forecast {@code [terms, horizon]}
   */
  private record Expansion(int terms, Parameter backcast, Parameter forecast) {}

  private final WindowShape window;
  private final List<Part> parts = new ArrayList<>();

  NBeatsBlock(NBeats model, WindowShape window, long seed) {
    super(window, model.centering(), seed);
    this.window = window;
    for (int s = 0; s < model.stacks().size(); s++) {
      NBeats.Stack stack = model.stacks().get(s);
      String name = "stack" + s;
      Optional<Expansion> expansion = expansion(name, stack);
      boolean shared = stack.weights() == NBeats.Weights.SHARED;
      for (int b = 0; b < stack.blocks(); b++) {
        parts.add(
            shared && b > 0
                ? parts.get(parts.size() - 1)
                : part(name + ".block" + b, stack, expansion));
      }
    }
  }

  private Part part(String name, NBeats.Stack stack, Optional<Expansion> expansion) {
    List<Layer> layers = new ArrayList<>();
    int width = window.context();
    for (int i = 0; i < stack.layers(); i++) {
      layers.add(layer(name + ".hidden" + i, width, stack.hidden()));
      width = stack.hidden();
    }
    int backcast = expansion.map(Expansion::terms).orElse(window.context());
    int forecast = expansion.map(Expansion::terms).orElse(window.horizon());
    layers.add(layer(name + ".theta", width, backcast + forecast * window.outputs()));
    return new Part(List.copyOf(layers), backcast, expansion);
  }

  private Optional<Expansion> expansion(String name, NBeats.Stack stack) {
    if (stack.basis() == NBeats.Basis.GENERIC) {
      return Optional.empty();
    }
    // Time counts from the window's end: backwards over the window, forwards over the horizon.
    double[] past = new double[window.context()];
    for (int t = 0; t < past.length; t++) {
      past[t] = past.length - 1 - t;
    }
    double[] future = new double[window.horizon()];
    for (int t = 0; t < future.length; t++) {
      future[t] = t;
    }
    boolean trend = stack.basis() == NBeats.Basis.TREND;
    float[] backcast =
        trend
            ? NBeatsBases.polynomials(past, past.length, stack.terms())
            : NBeatsBases.waves(past, -1, future.length, stack.terms());
    float[] forecast =
        trend
            ? NBeatsBases.polynomials(future, future.length, stack.terms())
            : NBeatsBases.waves(future, 1, future.length, stack.terms());
    int terms = forecast.length / future.length;
    return Optional.of(
        new Expansion(
            terms,
            constant(name + ".backcast", new Shape(terms, past.length), backcast),
            constant(name + ".forecast", new Shape(terms, future.length), forecast)));
  }

  @Override
  NDArray forecast(ForecastInputs inputs, Pass pass) {
    NDArray residual = inputs.target();
    long batch = residual.getShape().get(0);
    NDArray forecast = residual.get(":, " + (window.context() - 1) + ":").expandDims(2);
    for (int p = 0; p < parts.size(); p++) {
      Part part = parts.get(p);
      NDArray ahead;
      if (p < parts.size() - 1) {
        NDList theta =
            DenseLayers.apply(residual, part.layers(), pass)
                .split(new long[] {part.coefficients()}, 1);
        ahead = theta.get(1);
        NDArray backcast =
            part.expansion().isPresent()
                ? theta.get(0).matMul(pass.of(part.expansion().get().backcast()))
                : theta.get(0);
        residual = residual.sub(backcast).mul(inputs.observed());
      } else {
        ahead = DenseLayers.apply(residual, part.layers(), part.coefficients(), pass);
      }
      forecast = forecast.add(steps(ahead, part, batch, pass));
    }
    return forecast;
  }

  /** A block's part of the forecast, {@code [batch, horizon, outputs]}. */
  private NDArray steps(NDArray theta, Part part, long batch, Pass pass) {
    if (part.expansion().isEmpty()) {
      return theta.reshape(batch, window.horizon(), window.outputs());
    }
    Expansion expansion = part.expansion().get();
    NDArray values =
        theta
            .reshape(batch * window.outputs(), expansion.terms())
            .matMul(pass.of(expansion.forecast()));
    return values.reshape(batch, window.outputs(), window.horizon()).transpose(0, 2, 1);
  }
}
