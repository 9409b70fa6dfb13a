package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.ArrayList;
import java.util.List;

/** DeepAR's forward pass: over the label at once, or step by step over its own draws. */
final class DeepArBlock extends ForecastBlock {
  private record Recurrent(List<Parameter> parameters) {
    NDList weights(Pass pass) {
      NDList weights = new NDList();
      parameters.forEach(parameter -> weights.add(pass.of(parameter)));
      return weights;
    }
  }

  private final DeepAr model;
  private final WindowShape window;
  private final List<Recurrent> layers = new ArrayList<>();
  private final Layer projection;
  private final int longestLag;

  DeepArBlock(DeepAr model, WindowShape window, long seed) {
    super(window, Centering.NONE, seed);
    this.model = model;
    this.window = window;
    longestLag = model.lags().get(model.lags().size() - 1);
    if (longestLag > window.context()) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS,
          "Cannot build deepar: it sees the target of "
              + longestLag
              + " steps before, the context has "
              + window.context()
              + " steps. Choose a longer context or shorter lags.");
    }
    int width = model.lags().size() + window.knownFeatures() + window.constants();
    for (int l = 0; l < model.layers(); l++) {
      layers.add(recurrent("rnn", l, width));
      width = model.hidden();
    }
    projection = layer("projection", width, window.outputs());
  }

  /** A layer with PyTorch's names, shapes and first values. */
  private Recurrent recurrent(String name, int number, int width) {
    int hidden = model.hidden();
    int rows = model.cell().gates() * hidden;
    double bound = 1 / Math.sqrt(hidden);
    String end = "_l" + number;
    return new Recurrent(
        List.of(
            weight(name + ".weight_ih" + end, new Shape(rows, width), bound),
            weight(name + ".weight_hh" + end, new Shape(rows, hidden), bound),
            weight(name + ".bias_ih" + end, new Shape(rows), bound),
            weight(name + ".bias_hh" + end, new Shape(rows), bound)));
  }

  private Parameter weight(String name, Shape shape, double bound) {
    Parameter.Type type = shape.dimension() == 1 ? Parameter.Type.BIAS : Parameter.Type.WEIGHT;
    return parameter(name, type, shape, bound);
  }

  @Override
  NDArray forecast(ForecastInputs inputs, Pass pass) {
    if (pass.label().isPresent()) {
      return teacherForced(inputs, pass.label().get(), pass);
    }
    PathSampler sampler =
        pass.sampler()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "deepar forecasts with a PathSampler under " + ForecastModel.SAMPLER));
    return sampled(inputs, sampler, pass);
  }

  private NDArray teacherForced(ForecastInputs inputs, NDArray label, Pass pass) {
    NDArray series = NDArrays.concat(new NDList(inputs.target(), label), 1);
    int steps = window.context() + window.horizon();
    NDArray covariates = covariates(inputs, longestLag, steps);
    NDArray input = input(lagged(series, longestLag, steps), covariates, inputs.constants());
    NDArray output = run(input, state(input), pass).get(0);
    return projection.apply(output.get(":, " + (window.context() - longestLag) + ":"), pass);
  }

  private NDArray sampled(ForecastInputs inputs, PathSampler sampler, Pass pass) {
    int context = window.context();
    int paths = sampler.paths();
    NDManager manager = inputs.target().getManager();
    NDArray encoded =
        input(
            lagged(inputs.target(), longestLag, context + 1),
            covariates(inputs, longestLag, context + 1),
            inputs.constants());
    NDList result = run(encoded, state(encoded), pass);
    long last = (long) context - longestLag;
    NDArray first = projection.apply(result.get(0).get(":, " + last), pass).repeat(0, paths);
    NDList state = new NDList();
    result.subNDList(1).forEach(array -> state.add(array.repeat(1, paths)));
    NDArray constants = inputs.constants().repeat(0, paths);
    List<NDArray> draws = new ArrayList<>();
    draws.add(draw(sampler, first, manager));
    for (int step = 1; step < window.horizon(); step++) {
      try (NDManager scratch = manager.newSubManager()) {
        NDArray target = target(inputs, draws, step, paths);
        NDArray known = inputs.known().get(":, " + step + ":" + (step + 1)).repeat(0, paths);
        NDArray input = input(target, known, constants);
        input.attach(scratch);
        state.attach(scratch);
        NDList next = run(input, state, pass);
        draws.add(draw(sampler, projection.apply(next.get(0), pass), manager));
        state.clear();
        state.addAll(next.subNDList(1));
        state.attach(manager);
      }
    }
    NDList columns = new NDList(draws.size());
    draws.forEach(draw -> columns.add(draw.reshape(-1, 1, paths)));
    return NDArrays.concat(columns, 1);
  }

  private static NDArray draw(PathSampler sampler, NDArray outputs, NDManager manager) {
    return manager.create(sampler.next(outputs.toFloatArray()));
  }

  /** What a step of the horizon sees of the target, {@code [batch * paths, 1, lags]}. */
  private NDArray target(ForecastInputs inputs, List<NDArray> draws, int step, int paths) {
    NDList columns = new NDList();
    for (int lag : model.lags()) {
      NDArray values =
          lag <= step
              ? draws.get(step - lag)
              : inputs.target().get(":, " + (window.context() + step - lag)).repeat(0, paths);
      columns.add(values.reshape(-1, 1, 1));
    }
    return columns.size() == 1 ? columns.get(0) : NDArrays.concat(columns, 2);
  }

  /** The lags of the steps of a series in a range, {@code [batch, steps, lags]}. */
  private NDArray lagged(NDArray series, int from, int to) {
    NDList columns = new NDList();
    for (int lag : model.lags()) {
      columns.add(series.get(":, " + (from - lag) + ":" + (to - lag)).expandDims(2));
    }
    return columns.size() == 1 ? columns.get(0) : NDArrays.concat(columns, 2);
  }

  /** The covariates known ahead of the window's steps in a range. */
  private NDArray covariates(ForecastInputs inputs, int from, int to) {
    int context = window.context();
    int features = window.knownFeatures();
    NDList parts = new NDList();
    if (from < context) {
      int end = Math.min(to, context);
      parts.add(inputs.past().get(":, " + from + ":" + end + ", :" + features));
    }
    if (to > context) {
      int begin = Math.max(from, context) - context;
      parts.add(inputs.known().get(":, " + begin + ":" + (to - context)));
    }
    return parts.size() == 1 || features == 0 ? parts.get(0) : NDArrays.concat(parts, 1);
  }

  /** What the network reads, {@code [batch, steps, width]}; constants are the same at all steps. */
  private NDArray input(NDArray target, NDArray covariates, NDArray constants) {
    long batch = target.getShape().get(0);
    long steps = target.getShape().get(1);
    NDList parts = new NDList(target);
    if (window.knownFeatures() > 0) {
      parts.add(covariates);
    }
    if (window.constants() > 0) {
      parts.add(constants.expandDims(1).broadcast(new Shape(batch, steps, window.constants())));
    }
    return parts.size() == 1 ? target : NDArrays.concat(parts, 2);
  }

  private NDList state(NDArray input) {
    NDList state = new NDList();
    Shape shape = new Shape(1, input.getShape().get(0), model.hidden());
    for (int i = 0; i < model.cell().states() * layers.size(); i++) {
      state.add(input.getManager().zeros(shape));
    }
    return state;
  }

  /** All layers over some steps: the last one's output, then the state after them. */
  private NDList run(NDArray input, NDList state, Pass pass) {
    boolean training = pass.random().isPresent();
    int states = model.cell().states();
    NDArray x = input;
    NDList after = new NDList();
    for (int l = 0; l < layers.size(); l++) {
      if (l > 0) {
        x = pass.dropout(x, model.dropout());
      }
      NDList before = state.subNDList(l * states, (l + 1) * states);
      NDList result = model.cell().run(x, before, layers.get(l).weights(pass), training);
      x = result.get(0);
      after.addAll(result.subNDList(1));
    }
    NDList all = new NDList(x);
    all.addAll(after);
    return all;
  }
}
