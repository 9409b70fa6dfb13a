package io.hdl.train.loss;

import ai.djl.ndarray.NDArray;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The negative log likelihood of the target under a distribution, in the target's own unit. A model
 * that was trained for it forecasts quantiles and a point: the median, which makes absolute errors
 * small, or the mean if {@link #mean()} asked for it. Immutable and thread-safe.
 *
 * <p>A likelihood has no unit that errors could be counted in. With {@code LossUnit.ORIGINAL} the
 * windows of a series count by its scale, as in DeepAR (section 3.4), where windows are drawn by
 * it; with {@code LossUnit.SCALED} all windows count alike.
 */
public final class DistributionLoss implements Loss {
  private static final Map<String, Distribution> FAMILIES =
      Stream.of(new Gaussian(), new StudentT(), new NegativeBinomial())
          .collect(Collectors.toUnmodifiableMap(Distribution::name, Function.identity()));
  private static final String MEAN = ".mean";
  private static final List<Double> DEFAULT_QUANTILES = List.of(0.1, 0.5, 0.9);

  private enum Point {
    MEDIAN,
    MEAN
  }

  private final Distribution family;
  private final List<Double> quantiles;
  private final Point point;

  private DistributionLoss(Distribution family, List<Double> quantiles, Point point) {
    this.family = family;
    this.quantiles = quantiles;
    this.point = point;
  }

  /** The quantiles 0.1, 0.5 and 0.9, and the median as point forecast. */
  static DistributionLoss of(Distribution family) {
    return new DistributionLoss(
        Objects.requireNonNull(family, "family"), DEFAULT_QUANTILES, Point.MEDIAN);
  }

  /** The loss of a name such as {@code gaussian(0.1, 0.9)}, if it is one of a distribution. */
  static Optional<Loss> named(String name) {
    int open = name.indexOf('(');
    if (open < 0 || !name.endsWith(")")) {
      return Optional.empty();
    }
    String head = name.substring(0, open);
    boolean mean = head.endsWith(MEAN);
    Distribution family =
        FAMILIES.get(mean ? head.substring(0, head.length() - MEAN.length()) : head);
    if (family == null) {
      return Optional.empty();
    }
    double[] levels = QuantileLoss.numbers(name.substring(open + 1, name.length() - 1));
    DistributionLoss loss =
        levels.length == 0 ? of(family).withoutQuantiles() : of(family).quantiles(levels);
    return Optional.of(mean ? loss.mean() : loss);
  }

  /**
   * The same with other quantiles.
   *
   * @param levels ascending, each between 0 and 1, at least one
   */
  public DistributionLoss quantiles(double... levels) {
    return new DistributionLoss(family, QuantileLoss.checked(levels), point);
  }

  /** The same with a point forecast alone. */
  public DistributionLoss withoutQuantiles() {
    return new DistributionLoss(family, List.of(), point);
  }

  /** The same with the mean as point forecast, which makes squared errors and bias small. */
  public DistributionLoss mean() {
    return new DistributionLoss(family, quantiles, Point.MEAN);
  }

  @Override
  public String name() {
    return family.name()
        + (point == Point.MEAN ? MEAN : "")
        + quantiles.stream().map(String::valueOf).collect(Collectors.joining(", ", "(", ")"));
  }

  @Override
  public int outputs() {
    return family.parameters();
  }

  @Override
  public int levelOutputs() {
    return 1;
  }

  @Override
  public List<Double> quantiles() {
    return quantiles;
  }

  @Override
  public Optional<Distribution> distribution() {
    return Optional.of(family);
  }

  @Override
  public Loss on(SeriesStore store, Split split) {
    if (family instanceof NegativeBinomial) {
      NonNegative.require(name(), store, split);
    }
    return this;
  }

  @Override
  public NDArray sum(LossTensors tensors) {
    NDArray likelihood = Float64.narrowed(family.logLikelihood(tensors));
    return likelihood.mul(tensors.weight()).sum().neg();
  }

  @Override
  public void forecast(
      float[] output, int at, float location, float scale, float[] values, int to) {
    Distribution.Step step = family.step(output, at, location, scale);
    values[to] = (float) (point == Point.MEAN ? step.mean() : step.quantile(0.5));
    for (int q = 0; q < quantiles.size(); q++) {
      values[to + 1 + q] = (float) step.quantile(quantiles.get(q));
    }
  }

  @Override
  public void forecast(float[] samples, float[] values, int to) {
    double[] sorted = new double[samples.length];
    double sum = 0;
    for (int i = 0; i < samples.length; i++) {
      sorted[i] = samples[i];
      sum += samples[i];
    }
    Arrays.sort(sorted);
    double middle = point == Point.MEAN ? sum / samples.length : quantile(sorted, 0.5);
    values[to] = (float) middle;
    for (int q = 0; q < quantiles.size(); q++) {
      values[to + 1 + q] = (float) quantile(sorted, quantiles.get(q));
    }
  }

  /** Between the two nearest samples, as NumPy does by default (Hyndman and Fan's type 7). */
  private static double quantile(double[] sorted, double level) {
    double at = level * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof DistributionLoss loss && name().equals(loss.name());
  }

  @Override
  public int hashCode() {
    return name().hashCode();
  }

  @Override
  public String toString() {
    return name();
  }
}
