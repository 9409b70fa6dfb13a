package io.hdl.benchmarks.train;

import com.sun.management.OperatingSystemMXBean;
import io.hdl.core.HybridJob;
import io.hdl.core.JobResult;
import io.hdl.core.job.Tracker;
import io.hdl.core.json.Json;
import io.hdl.data.DeltaSource;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.Scaling;
import io.hdl.data.series.SeriesFilter;
import io.hdl.data.series.SeriesSpec;
import io.hdl.data.series.Split;
import io.hdl.train.ForecastTraining;
import io.hdl.train.Forecaster;
import io.hdl.train.LossUnit;
import io.hdl.train.model.Centering;
import io.hdl.train.model.DLinear;
import io.hdl.train.model.ForecastModel;
import io.hdl.train.model.NHits;
import io.hdl.train.optim.Adam;
import io.hdl.train.optim.LearningRate;
import io.hdl.train.parallel.Devices;
import io.hdl.train.parallel.Precision;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * From the path of Walmart's weekly sales to a trained, scored and saved forecaster: {@code once
 * TABLE MODEL STEPS SEED}, or {@code worker TABLE} and then a line {@code MODEL STEPS SEED} for
 * each. Answers with one JSON object on a line. neuralforecast_path.py does the same.
 */
public final class ForecastPath {
  private static final int EPOCHS = 8;
  private static final int BATCH = 1024;

  /**
   * A replica for each thread: they share out each batch, and their threads never wait for work.
   */
  private static final int THREADS = Integer.getInteger("ai.djl.pytorch.num_threads", 1);

  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final Path table;

  private ForecastPath(Path table) {
    this.table = table;
  }

  /** Trains once, or as often as standard input says. */
  public static void main(String[] arguments) throws IOException {
    ForecastPath path = new ForecastPath(Path.of(arguments[1]));
    if (arguments[0].equals("once")) {
      path.answer(arguments[2], arguments[3], arguments[4]);
      return;
    }
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      path.answer(words[0], words[1], words[2]);
    }
  }

  private void answer(String model, String steps, String seed) throws IOException {
    long cpu = system.getProcessCpuTime();
    long wall = System.nanoTime();
    // A home of its own: nothing that an earlier run left behind is used again.
    Path home = Files.createTempDirectory("hdl-benchmark");
    double wape = wape(model, Integer.parseInt(steps), Long.parseLong(seed), home);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("wall", (System.nanoTime() - wall) / 1e9);
    answer.put("cpu", (system.getProcessCpuTime() - cpu) / 1e9);
    answer.put("wape", wape);
    System.out.println(Json.write(answer));
    delete(home);
  }

  private double wape(String model, int steps, long seed, Path home) {
    SeriesSpec series =
        SeriesSpec.keyedBy("store", "dept")
            .orderedBy("date", Frequency.WEEKLY)
            .target("weekly_sales")
            .known("is_holiday")
            .keep(SeriesFilter.COMPLETE);
    try (HybridJob<Forecaster> job =
        HybridJob.named("benchmark")
            .data(DeltaSource.at(table).series(series))
            .train(training(model, steps))
            .track(Tracker.none())
            .seed(seed)
            .home(home)
            .build()) {
      JobResult<Forecaster> result = job.run();
      result.model().close();
      return result.evaluation().model().value("wape").orElseThrow();
    }
  }

  private static ForecastTraining training(String name, int steps) {
    return ForecastTraining.of(model(name))
        .context(52)
        .horizon(8)
        .split(Split.steps(127, 8, 8))
        .scale(Scaling.STANDARD)
        .lossUnit(name.endsWith("-original") ? LossUnit.ORIGINAL : LossUnit.SCALED)
        .season(52)
        .devices(Devices.cpu(THREADS))
        .globalBatchSize(BATCH)
        .epochs(EPOCHS)
        .windowsPerEpoch((long) BATCH * steps / EPOCHS)
        .patience(EPOCHS)
        .precision(name.endsWith("-bfloat16") ? Precision.BFLOAT16 : Precision.FLOAT32)
        .optimizer(Adam.learningRate(1e-3))
        .learningRate(LearningRate.constant())
        .maxGradientNorm(0)
        .withoutReport();
  }

  private static ForecastModel model(String name) {
    return switch (name.replaceAll("-.*", "")) {
      case "nhits" -> NHits.defaults().hidden(256).centering(Centering.NONE);
      case "dlinear" -> DLinear.defaults().kernel(25).centering(Centering.NONE);
      default -> throw new IllegalArgumentException("no model " + name);
    };
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
      for (Path file : deepestFirst) {
        Files.delete(file);
      }
    }
  }
}
