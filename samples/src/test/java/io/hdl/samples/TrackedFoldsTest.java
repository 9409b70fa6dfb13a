package io.hdl.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.HybridJob;
import io.hdl.data.DeltaSource;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.SeriesSpec;
import io.hdl.tracking.Mlflow;
import io.hdl.train.ForecastTraining;
import io.hdl.train.evaluate.RollingBacktest;
import io.hdl.train.evaluate.RollingResult;
import io.hdl.train.model.DLinear;
import io.hdl.train.parallel.Devices;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each fold of a rolling backtest is a run in MLflow, below the run of its job. */
class TrackedFoldsTest {
  private static final int EPOCHS = 2;

  @TempDir Path folder;

  @Test
  void foldsAreRunsBelowTheJobsWithTheirEpochsAndScores() throws Exception {
    Path runs = folder.resolve("mlruns");
    try (HybridJob<RollingResult> job =
        HybridJob.named("folds")
            .data(
                DeltaSource.at(SmallSeasons.write(folder.resolve("table"), 1).toString())
                    .series(SeriesSpec.keyedBy("id").orderedBy("t", Frequency.INTEGER).target("y")))
            .train(
                ForecastTraining.of(DLinear.defaults())
                    .context(24)
                    .horizon(SmallSeasons.HORIZON)
                    .season(SmallSeasons.SEASON)
                    .devices(Devices.cpu())
                    .globalBatchSize(64)
                    .epochs(EPOCHS)
                    .withoutReport()
                    .rolling(RollingBacktest.folds(2)))
            .track(Mlflow.at(runs.toString()).withoutSystemMetrics())
            .home(folder.resolve("home"))
            .build()) {
      job.run();
    }

    Map<String, Path> byName = new TreeMap<>();
    List<Path> mains = new ArrayList<>();
    try (Stream<Path> files = Files.walk(runs, 3)) {
      for (Path meta : files.filter(file -> file.endsWith("meta.yaml")).toList()) {
        Path run = Objects.requireNonNull(meta.getParent());
        Path name = run.resolve("tags/mlflow.runName");
        if (Files.exists(name)) {
          byName.put(Files.readString(name), run);
          if (!Files.exists(run.resolve("tags/mlflow.parentRunId"))) {
            mains.add(run);
          }
        }
      }
    }
    assertThat(byName).containsKeys("data", "train", "fold 1", "fold 2").hasSize(5);
    assertThat(mains).hasSize(1);
    String id = mains.get(0).toFile().getName();
    Set<String> scores = new HashSet<>();
    for (String fold : List.of("fold 1", "fold 2")) {
      Path run = Objects.requireNonNull(byName.get(fold));
      assertThat(Files.readString(run.resolve("tags/mlflow.parentRunId"))).isEqualTo(id);
      assertThat(Files.readString(run.resolve("meta.yaml"))).contains("status: 3");
      assertThat(steps(run.resolve("metrics/train_loss"))).containsExactly("1", "2");
      assertThat(steps(run.resolve("metrics/test_wape"))).hasSize(1);
      scores.add(Files.readString(run.resolve("metrics/test_wape")).split(" ", 3)[1]);
    }
    assertThat(scores).as("each fold has its own").hasSize(2);
  }

  /** The last of a line's value, time and step. */
  private static List<String> steps(Path metric) throws IOException {
    return Files.readAllLines(metric).stream()
        .map(line -> line.substring(line.lastIndexOf(' ') + 1))
        .toList();
  }
}
