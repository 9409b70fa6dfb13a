package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.AbstractBlock;
import ai.djl.nn.Parameter;
import ai.djl.nn.core.Linear;
import ai.djl.nn.norm.LayerNorm;
import ai.djl.training.ParameterStore;
import ai.djl.training.initializer.Initializer;
import ai.djl.util.PairList;
import io.hdl.train.loss.OwnedArrays;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What the Blocks of forecasting models share: parameters whose first values come from a seed of
 * their own, and normalisation of the window.
 */
abstract class ForecastBlock extends AbstractBlock {
  private static final int LABEL = 5;

  private final WindowShape window;
  private final Centering centering;
  private final SplittableRandom seeds;
  private final Optional<Affine> affine;

  ForecastBlock(WindowShape window, Centering centering, long seed) {
    this.window = window;
    this.centering = centering;
    this.seeds = new SplittableRandom(seed);
    this.affine =
        centering == Centering.REVERSIBLE
            ? Optional.of(
                new Affine(
                    parameter("revin.weight", Parameter.Type.GAMMA, new Shape(1), 1f),
                    parameter("revin.bias", Parameter.Type.BETA, new Shape(1), 0f)))
            : Optional.empty();
  }

  /** The learned scale and offset of a normalised window, and the way back. */
  private record Affine(Parameter weight, Parameter bias) {
    // As the paper's authors do it: a weight of 0 must not divide.
    private static final float TINY = 1e-10f;

    NDArray apply(NDArray target, Pass pass) {
      return target.mul(pass.of(weight)).add(pass.of(bias));
    }

    NDArray undo(NDArray output, Pass pass) {
      return output.sub(pass.of(bias)).div(pass.of(weight).add(TINY));
    }
  }

  /** A weight matrix and a bias with PyTorch's first values for a linear layer. */
  record Layer(Parameter weight, Parameter bias) {
    NDArray apply(NDArray input, Pass pass) {
      return pass.bfloat16() ? DenseLayers.apply(input, List.of(this), pass) : linear(input, pass);
    }

    private NDArray linear(NDArray input, Pass pass) {
      return Linear.linear(input, pass.of(weight), pass.of(bias)).singletonOrThrow();
    }
  }

  /** A layer norm (Ba et al., 2016), its epsilon PyTorch's 1e-5. */
  record Norm(Parameter weight, Parameter bias) {
    NDArray apply(NDArray input, Pass pass) {
      NDArray gamma = pass.of(weight);
      return LayerNorm.layerNorm(input, gamma.getShape(), gamma, pass.of(bias), 1e-5f)
          .singletonOrThrow();
    }
  }

  /**
   * A norm over the batch (Ioffe and Szegedy, 2015) with PyTorch's epsilon of 1e-5 and momentum of
   * 0.1. In training it takes the batch's own statistics and follows them with the running ones.
   */
  record BatchNorm(Parameter weight, Parameter bias, Parameter mean, Parameter variance) {
    /** Norms the columns of {@code [rows, width]}. */
    NDArray apply(NDArray input, Pass pass) {
      return ai.djl.nn.norm.BatchNorm.batchNorm(
              input,
              pass.of(mean),
              pass.of(variance),
              pass.of(weight),
              pass.of(bias),
              -1,
              0.9f,
              1e-5f,
              pass.random().isPresent())
          .singletonOrThrow();
    }
  }

  /**
   * One forward pass: the parameters' arrays on its device, and what is random in it.
   *
   * @param random where dropout draws from; empty when nothing is dropped
   * @param bfloat16 whether linear layers are computed in bfloat16
   * @param label the label, if the pass has it
   * @param sampler draws sample paths, if the pass has one
   */
  record Pass(
      ParameterStore store,
      ai.djl.Device device,
      Optional<SplittableRandom> random,
      boolean bfloat16,
      Optional<NDArray> label,
      Optional<PathSampler> sampler) {
    NDArray of(Parameter parameter) {
      return store.getValue(parameter, device, random.isPresent());
    }

    /**
     * Zeroes each value with a probability and scales up the others, in training only. The mask
     * comes from the pass's own seed, so that it is the same on any replica and device.
     */
    NDArray dropout(NDArray values, double probability) {
      if (random.isEmpty() || probability == 0) {
        return values;
      }
      float[] mask = new float[Math.toIntExact(values.size())];
      DropoutMask.fill(mask, probability, random.get().nextLong());
      return values.mul(OwnedArrays.of(values.getManager(), mask, values.getShape()));
    }
  }

  /** A linear layer, uniform in plus and minus 1 / sqrt(inputs) as in PyTorch. */
  final Layer layer(String name, int inputs, int outputs) {
    double bound = 1.0 / Math.sqrt(inputs);
    return new Layer(
        parameter(name + ".weight", Parameter.Type.WEIGHT, new Shape(outputs, inputs), bound),
        parameter(name + ".bias", Parameter.Type.BIAS, new Shape(outputs), bound));
  }

  /** A norm over the last axes, which begins as a plain one. */
  final Norm norm(String name, long... axes) {
    Shape shape = new Shape(axes);
    return new Norm(
        parameter(name + ".weight", Parameter.Type.GAMMA, shape, 1f),
        parameter(name + ".bias", Parameter.Type.BETA, shape, 0f));
  }

  /** A norm over the batch, which begins as a plain one. */
  final BatchNorm batchNorm(String name, int width) {
    Shape shape = new Shape(width);
    float[] ones = new float[width];
    Arrays.fill(ones, 1);
    return new BatchNorm(
        parameter(name + ".weight", Parameter.Type.GAMMA, shape, 1f),
        parameter(name + ".bias", Parameter.Type.BETA, shape, 0f),
        statistic(name + ".running_mean", Parameter.Type.RUNNING_MEAN, new float[width]),
        statistic(name + ".running_var", Parameter.Type.RUNNING_VAR, ones));
  }

  private Parameter statistic(String name, Parameter.Type type, float[] values) {
    return parameter(
        name, type, new Shape(values.length), values, Parameter.builder().optRequiresGrad(false));
  }

  /** A weight whose values all begin alike. */
  private Parameter parameter(String name, Parameter.Type type, Shape shape, float first) {
    float[] values = new float[Math.toIntExact(shape.size())];
    Arrays.fill(values, first);
    return parameter(name, type, shape, values, Parameter.builder().optRequiresGrad(true));
  }

  /** A weight, uniform in plus and minus a bound. */
  final Parameter parameter(String name, Parameter.Type type, Shape shape, double bound) {
    SplittableRandom random = seeds.split();
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
    return parameter(name, type, shape, values, Parameter.builder().optRequiresGrad(true));
  }

  /** An array that the model needs and training leaves alone. */
  final Parameter constant(String name, Shape shape, float[] values) {
    return parameter(
        name, Parameter.Type.OTHER, shape, values, Parameter.builder().optRequiresGrad(false));
  }

  private Parameter parameter(
      String name, Parameter.Type type, Shape shape, float[] values, Parameter.Builder builder) {
    Initializer first = (manager, ignoredShape, ignoredType) -> manager.create(values, shape);
    return addParameter(
        builder.setName(name).setType(type).optShape(shape).optInitializer(first).build());
  }

  @Override
  protected final NDList forwardInternal(
      ParameterStore store,
      NDList list,
      boolean training,
      @Nullable PairList<String, Object> params) {
    ForecastInputs inputs = ForecastInputs.of(list);
    Pass pass =
        new Pass(
            store,
            inputs.target().getDevice(),
            random(training, params),
            params != null && Boolean.TRUE.equals(params.get(ForecastModel.BFLOAT16)),
            list.size() > LABEL ? Optional.of(list.get(LABEL)) : Optional.empty(),
            Optional.ofNullable(params)
                .map(given -> given.get(ForecastModel.SAMPLER))
                .map(PathSampler.class::cast));
    InstanceNorm norm = InstanceNorm.of(centering, inputs);
    NDArray target = norm.apply(inputs.target());
    if (affine.isPresent()) {
      target = affine.get().apply(target, pass);
    }
    ForecastInputs normal =
        new ForecastInputs(
            target, inputs.observed(), inputs.past(), inputs.known(), inputs.constants());
    NDArray output = shaped(forecast(normal, pass));
    if (affine.isPresent()) {
      output = affine.get().undo(output, pass);
    }
    return new NDList(norm.undo(output));
  }

  private static Optional<SplittableRandom> random(
      boolean training, @Nullable PairList<String, Object> params) {
    if (!training) {
      return Optional.empty();
    }
    Object seed = params == null ? null : params.get(ForecastModel.SEED);
    return Optional.of(new SplittableRandom(seed instanceof Long number ? number : 0));
  }

  private NDArray shaped(NDArray output) {
    if (output.getShape().dimension() == 3) {
      return output;
    }
    return output.reshape(-1, window.horizon(), window.outputs());
  }

  /**
   * The forecast, still normalised, its values in the order {@code [batch, horizon, outputs]}; or
   * sample paths, {@code [batch, horizon, paths]}.
   */
  abstract NDArray forecast(ForecastInputs inputs, Pass pass);

  @Override
  public final Shape[] getOutputShapes(Shape[] inputShapes) {
    return new Shape[] {new Shape(inputShapes[0].get(0), window.horizon(), window.outputs())};
  }

  @Override
  protected final void initializeChildBlocks(
      NDManager manager, DataType dataType, Shape... inputShapes) {
    // All parameters are direct ones.
  }
}
