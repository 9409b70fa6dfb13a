package io.hdl.train.report;

import com.google.common.primitives.Doubles;
import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.Scores;
import io.hdl.train.evaluate.Baseline;
import io.hdl.train.evaluate.PartErrors;
import io.hdl.train.evaluate.RollingResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** The pictures of a report. */
final class Charts {
  private static final double WIDTH = 480;
  private static final double HEIGHT = 220;

  private Charts() {}

  /** Train and validation loss by epoch. */
  static String losses(List<EpochLoss> losses) {
    double[] epochs = losses.stream().mapToDouble(EpochLoss::epoch).toArray();
    double[] train = losses.stream().mapToDouble(EpochLoss::train).toArray();
    double[] validation = losses.stream().mapToDouble(EpochLoss::validation).toArray();
    double[] all = DoubleStream.concat(Arrays.stream(train), Arrays.stream(validation)).toArray();
    Plot plot =
        new Plot(
            "Loss by epoch",
            WIDTH,
            HEIGHT,
            epochs[0],
            epochs[epochs.length - 1],
            least(all),
            greatest(all));
    plot.labels(ticks(epochs), ticks(epochs).stream().map(e -> "" + e.intValue()).toList());
    plot.line("muted", epochs, train).line("model", epochs, validation);
    List<String> labels = new ArrayList<>();
    int best = -1;
    for (int i = 0; i < epochs.length; i++) {
      labels.add(
          "epoch "
              + (int) epochs[i]
              + ": train "
              + Numbers.plain(train[i])
              + ", validation "
              + Numbers.plain(validation[i]));
      if (Double.isFinite(validation[i]) && (best < 0 || validation[i] < validation[best])) {
        best = i;
      }
    }
    if (best >= 0) {
      plot.mark("mark", epochs[best]);
    }
    return plot.points("model", epochs, validation, labels).svg();
  }

  /** WAPE by step of the horizon, model and seasonal naive. */
  static String steps(PartErrors test, @Nullable PartErrors seasonal) {
    double[] steps = new double[test.horizon()];
    double[] model = new double[steps.length];
    double[] baseline = new double[steps.length];
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < steps.length; i++) {
      steps[i] = i + 1;
      model[i] = test.atStep(i).wape();
      baseline[i] = seasonal == null ? Double.NaN : seasonal.atStep(i).wape();
      labels.add(
          "step "
              + (i + 1)
              + ": model "
              + Numbers.percent(model[i])
              + ", seasonal naive "
              + Numbers.percent(baseline[i]));
    }
    double[] all = DoubleStream.concat(Arrays.stream(model), Arrays.stream(baseline)).toArray();
    Plot plot =
        new Plot("WAPE by step of the horizon", WIDTH, HEIGHT, 1, steps.length, 0, greatest(all));
    plot.labels(ticks(steps), ticks(steps).stream().map(s -> "" + s.intValue()).toList());
    plot.line("baseline", steps, baseline).line("model", steps, model);
    return plot.points("model", steps, model, labels).svg();
  }

  /** WAPE by fold, model and seasonal naive. */
  static String folds(List<RollingResult.FoldResult> results) {
    double[] folds = new double[results.size()];
    double[] model = new double[folds.length];
    double[] baseline = new double[folds.length];
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < folds.length; i++) {
      Evaluation evaluation = results.get(i).evaluation();
      Scores seasonal = evaluation.baselines().getOrDefault(Baseline.SEASONAL_NAIVE, Scores.NONE);
      folds[i] = results.get(i).number();
      model[i] = evaluation.model().value("wape").orElse(Double.NaN);
      baseline[i] = seasonal.value("wape").orElse(Double.NaN);
      labels.add(
          "fold "
              + results.get(i).number()
              + ": model "
              + Numbers.percent(model[i])
              + ", seasonal naive "
              + Numbers.percent(baseline[i]));
    }
    double[] all = DoubleStream.concat(Arrays.stream(model), Arrays.stream(baseline)).toArray();
    Plot plot =
        new Plot(
            "WAPE by fold", WIDTH, HEIGHT, folds[0], folds[folds.length - 1], 0, greatest(all));
    plot.labels(ticks(folds), ticks(folds).stream().map(f -> "" + f.intValue()).toList());
    plot.line("baseline", folds, baseline).line("model", folds, model);
    return plot.points("model", folds, model, labels).svg();
  }

  /** How many series have which WAPE, model and seasonal naive; the last bar holds the rest. */
  static String distribution(double[] model, double[] baseline) {
    double[] sorted = model.clone();
    Arrays.sort(sorted);
    double span = Math.max(1e-6, quantile(sorted, 0.95) * 1.1);
    int bins = 24;
    double bin = Plot.tickStep(span, bins);
    bins = (int) Math.max(1, Math.ceil(span / bin - 1e-9));
    int[] ours = bin(model, bin, bins);
    int[] theirs = bin(baseline, bin, bins);
    int most = Math.max(Arrays.stream(ours).max().orElse(1), Arrays.stream(theirs).max().orElse(1));
    Plot plot = new Plot("Series by WAPE", WIDTH, HEIGHT, 0, (bins + 1) * bin, 0, most);
    List<Double> at = new ArrayList<>();
    List<String> labels = new ArrayList<>();
    double step = Plot.tickStep(bins * bin, 5);
    for (int i = 0; i * step <= bins * bin * (1 + 1e-9); i++) {
      at.add(i * step);
      labels.add(Numbers.tick(100 * i * step, 100 * step) + " %");
    }
    plot.labels(at, labels);
    double[] edges = new double[2 * (bins + 1)];
    double[] outline = new double[edges.length];
    for (int i = 0; i <= bins; i++) {
      String range =
          i == bins
              ? "above " + Numbers.percent(i * bin)
              : Numbers.percent(i * bin) + " to " + Numbers.percent((i + 1) * bin);
      plot.bar(
          "bar",
          i * bin,
          (i + 1) * bin,
          ours[i],
          range + ": " + ours[i] + " series (seasonal naive: " + theirs[i] + ")");
      edges[2 * i] = i * bin;
      edges[2 * i + 1] = (i + 1) * bin;
      outline[2 * i] = theirs[i];
      outline[2 * i + 1] = theirs[i];
    }
    return plot.line("baseline", edges, outline).svg();
  }

  /** One forecast against what happened. */
  static String forecast(ForecastExample example) {
    int history = example.history();
    int length = example.labels().size();
    double[] xs = new double[length];
    Arrays.setAll(xs, i -> i);
    double[] actual = Doubles.toArray(example.actual());
    double[] forecast = Doubles.toArray(example.forecast());
    DoubleStream shown = DoubleStream.concat(Arrays.stream(actual), Arrays.stream(forecast));
    if (example.band().isPresent()) {
      shown = DoubleStream.concat(shown, stream(example.band().get().lower()));
      shown = DoubleStream.concat(shown, stream(example.band().get().upper()));
    }
    double[] all = shown.toArray();
    double low = least(all);
    double high = greatest(all);
    // Sales start at zero on the axis unless that would flatten the curve.
    double from = low >= 0 && low < 0.6 * high ? 0 : low;
    Plot plot = new Plot(example.series(), 360, 180, 0, length - 1, from, high);
    plot.shade(history - 0.5, length - 1);
    plot.labels(
        List.of(0.0, (double) history),
        List.of(example.labels().get(0), example.labels().get(history)));
    double[] horizon = Arrays.copyOfRange(xs, history, length);
    example
        .band()
        .ifPresent(
            band ->
                plot.band(
                    "band", horizon, Doubles.toArray(band.lower()), Doubles.toArray(band.upper())));
    plot.line("actual", xs, actual).line("model", horizon, forecast);
    List<String> labels = new ArrayList<>();
    for (int i = history; i < length; i++) {
      labels.add(
          example.labels().get(i)
              + ": forecast "
              + Numbers.plain(forecast[i - history])
              + ", actual "
              + Numbers.plain(actual[i]));
    }
    if (horizon.length <= 31) {
      plot.points("model", horizon, forecast, labels);
    }
    return plot.svg();
  }

  private static DoubleStream stream(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue);
  }

  static double quantile(double[] sorted, double q) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[(int) Math.min(sorted.length - 1, Math.floor(q * sorted.length))];
  }

  private static int[] bin(double[] values, double width, int bins) {
    int[] counts = new int[bins + 1];
    for (double value : values) {
      counts[(int) Math.min(bins, Math.max(0, Math.floor(value / width)))]++;
    }
    return counts;
  }

  private static List<Double> ticks(double[] whole) {
    double step = Math.max(1, Plot.tickStep(Math.max(1, whole.length - 1), 8));
    double rounded = step == 2.5 ? 5 : step;
    List<Double> ticks = new ArrayList<>();
    for (double value : whole) {
      if (value == whole[0] || (value % rounded == 0 && value - whole[0] >= rounded * 0.6)) {
        ticks.add(value);
      }
    }
    return ticks;
  }

  private static double least(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).min().orElse(0);
  }

  private static double greatest(double[] values) {
    return Arrays.stream(values).filter(Double::isFinite).max().orElse(1);
  }
}
