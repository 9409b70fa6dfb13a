package io.hdl.train.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.GradientCollector;
import io.hdl.train.parallel.TorchEngine;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.TDistribution;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Against SciPy's and PyTorch's values in distributions.csv, which distributions.py makes. */
class DistributionLossTest {
  private static final double[] LEVELS = {0.01, 0.1, 0.5, 0.9, 0.99};

  private record Reference(
      DistributionLoss loss,
      List<Double> outputs,
      double location,
      double scale,
      double label,
      double logLikelihood,
      List<Double> gradient,
      double mean,
      List<Double> quantiles) {
    static Reference of(String line) {
      String[] cells = line.split(",", -1);
      return new Reference(
          ((DistributionLoss) Losses.named(cells[0] + "()")).quantiles(LEVELS),
          numbers(cells[1]),
          Double.parseDouble(cells[2]),
          Double.parseDouble(cells[3]),
          Double.parseDouble(cells[4]),
          Double.parseDouble(cells[5]),
          numbers(cells[6]),
          Double.parseDouble(cells[7]),
          Arrays.stream(cells).skip(8).map(Double::valueOf).toList());
    }

    private static List<Double> numbers(String cell) {
      return Arrays.stream(cell.split(" ", -1)).map(Double::valueOf).toList();
    }

    Distribution.Step step() {
      float[] floats = new float[outputs.size()];
      for (int i = 0; i < floats.length; i++) {
        floats[i] = outputs.get(i).floatValue();
      }
      return loss.distribution().orElseThrow().step(floats, 0, (float) location, (float) scale);
    }

    @Override
    public String toString() {
      return loss.distribution().orElseThrow().name() + " " + outputs;
    }
  }

  static List<Reference> references() {
    try (InputStream file =
        Objects.requireNonNull(
            DistributionLossTest.class.getResourceAsStream("distributions.csv"))) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().skip(1).map(Reference::of).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @MethodSource("references")
  void likelihoodAndItsGradientAgreeWithSciPyAndPyTorch(Reference expected) {
    Engine engine = TorchEngine.start();
    try (NDManager manager = engine.newBaseManager();
        GradientCollector collector = engine.newGradientCollector()) {
      int width = expected.outputs().size();
      float[] values = new float[2 * width];
      for (int i = 0; i < values.length; i++) {
        values[i] = expected.outputs().get(i % width).floatValue();
      }
      // The second step is not observed.
      NDArray output = manager.create(values, new Shape(1, 2, width));
      output.setRequiresGradient(true);
      float scaled = (float) ((expected.label() - expected.location()) / expected.scale());
      NDArray sum =
          expected
              .loss()
              .sum(
                  new LossTensors(
                      output,
                      manager.create(new float[] {scaled, 0}, new Shape(1, 2)),
                      manager.create(new float[] {2, 0}, new Shape(1, 2)),
                      manager.create(new float[] {(float) expected.location()}, new Shape(1, 1)),
                      manager.create(new float[] {(float) expected.scale()}, new Shape(1, 1))));
      close(sum.getFloat() / 2, -expected.logLikelihood(), 1e-5);
      collector.backward(sum);
      float[] gradient = output.getGradient().toFloatArray();
      for (int i = 0; i < width; i++) {
        close(gradient[i] / 2, -expected.gradient().get(i), 1e-4);
        assertThat(gradient[width + i]).isZero();
      }
    }
  }

  private static void close(double actual, double expected, double tolerance) {
    assertThat(actual).isCloseTo(expected, within(tolerance * Math.max(1, Math.abs(expected))));
  }

  @ParameterizedTest
  @MethodSource("references")
  void meanAndQuantilesAgreeWithSciPy(Reference expected) {
    Distribution.Step step = expected.step();
    close(step.mean(), expected.mean(), 1e-6);
    for (int q = 0; q < LEVELS.length; q++) {
      close(step.quantile(LEVELS[q]), expected.quantiles().get(q), 1e-6);
    }
  }

  @Test
  void studentsQuantilesAreExactFarOut() {
    for (float freedom : new float[] {-5, -1, 0, 3, 30, 1000}) {
      float[] outputs = {0, 0.5413f, freedom};
      Distribution.Step step = new StudentT().step(outputs, 0, 0, 1);
      double scale = Positive.of(outputs[1], 1e-3);
      TDistribution library = TDistribution.of(Positive.of(freedom, 2));
      for (double level : new double[] {1e-6, 0.001, 0.3, 0.499, 0.501, 0.9, 0.999999}) {
        double expected = scale * library.inverseCumulativeProbability(level);
        assertThat(step.quantile(level)).isCloseTo(expected, within(1e-7 * Math.abs(expected)));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("references")
  void samplesFollowTheDistribution(Reference expected) {
    Distribution.Step step = expected.step();
    SplittableRandom random = new SplittableRandom(5);
    int count = 20_000;
    double[] samples = new double[count];
    Arrays.setAll(samples, i -> step.sample(random));
    for (int q = 0; q < LEVELS.length; q++) {
      double quantile = expected.quantiles().get(q);
      double below = Arrays.stream(samples).filter(x -> x < quantile).count() / (double) count;
      double upTo = Arrays.stream(samples).filter(x -> x <= quantile).count() / (double) count;
      // Four standard errors; a quantile of counts has a probability of its own.
      double error = 4 * Math.sqrt(LEVELS[q] * (1 - LEVELS[q]) / count);
      assertThat(below).isLessThan(LEVELS[q] + error);
      assertThat(upTo).isGreaterThan(LEVELS[q] - error);
    }
    SplittableRandom again = new SplittableRandom(5);
    assertThat(step.sample(again)).isEqualTo(samples[0]);
  }

  @Test
  void forecastsTheMedianOrTheMeanAndTheQuantiles() {
    float[] outputs = {9, -3, 2};
    float[] values = new float[5];
    Losses.negativeBinomial().quantiles(0.25, 0.75).forecast(outputs, 1, 0, 4, values, 1);
    assertThat(values).containsExactly(0, 0, 0, 0, 0);
    Losses.negativeBinomial().mean().quantiles(0.9).forecast(outputs, 1, 0, 4, values, 1);
    assertThat(values[1]).isCloseTo(0.1943894f, offset(1e-6f));
    assertThat(values[2]).isEqualTo(1);
    float[] broken = {Float.NaN, Float.NaN, Float.NaN};
    for (DistributionLoss loss :
        List.of(Losses.gaussian(), Losses.studentT(), Losses.negativeBinomial())) {
      float[] nothing = new float[4];
      loss.forecast(broken, 0, 0, 1, nothing, 0);
      assertThat(nothing).containsOnly(Float.NaN);
      Distribution.Step step = loss.distribution().orElseThrow().step(broken, 0, 0, 1);
      assertThat(step.sample(new SplittableRandom(1))).isNaN();
    }
  }

  @Test
  void readsAForecastFromSamples() {
    float[] values = new float[4];
    float[] samples = {4, 1, 3, 2, 10};
    Losses.gaussian().quantiles(0.25, 0.5, 0.9).forecast(samples, values, 0);
    // numpy.quantile([1, 2, 3, 4, 10], [0.25, 0.5, 0.9])
    assertThat(values).containsExactly(3, 2, 3, 7.6f);
    Losses.gaussian().mean().withoutQuantiles().forecast(samples, values, 1);
    assertThat(values).containsExactly(3, 4, 3, 7.6f);
    assertThatThrownBy(() -> Losses.mae().forecast(samples, values, 0))
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("The loss mae is not a distribution's.");
  }

  @Test
  void comesBackFromItsName() {
    for (DistributionLoss loss :
        List.of(
            Losses.gaussian(),
            Losses.studentT().quantiles(0.05, 0.95),
            Losses.studentT().withoutQuantiles(),
            Losses.negativeBinomial().mean())) {
      assertThat(Losses.named(loss.name())).isEqualTo(loss).hasSameHashCodeAs(loss);
    }
    assertThat(Losses.negativeBinomial().mean().name())
        .isEqualTo("negative_binomial.mean(0.1, 0.5, 0.9)");
    assertThat(Losses.gaussian()).isNotEqualTo(Losses.gaussian().mean());
    assertThatThrownBy(() -> Losses.named("cauchy(0.5)"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("student_t or negative_binomial");
    assertThatThrownBy(() -> Losses.gaussian().quantiles(0.5, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("ascending numbers between 0 and 1");
  }
}
