package io.hdl.data.row;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.feed.FeedSettings;
import io.hdl.data.feed.Lease;
import io.hdl.data.filter.Filter;
import io.hdl.data.series.Part;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Learns from rows in plain Java: what a trainer of one's own looks like. */
class LogisticRegressionTest {
  private static final RowSpec SPEC =
      RowSpec.features("temperature", "vibration", "hours", "site")
          .label("fails")
          .key("machine")
          .split(RowSplit.hash(0.2, 0.2))
          .shuffleRows(1500);
  private static final int WEIGHTS = 5;

  @TempDir Path folder;

  private Path machines() {
    Path table = folder.resolve("machines");
    DeltaTableWriter writer =
        DeltaTableWriter.create(
            table,
            List.of(
                Column.of("machine", ColumnType.STRING),
                Column.of("temperature", ColumnType.DOUBLE),
                Column.of("vibration", ColumnType.FLOAT),
                Column.of("hours", ColumnType.INTEGER),
                Column.of("site", ColumnType.STRING),
                Column.of("fails", ColumnType.BOOLEAN)));
    Random random = new Random(4);
    for (int file = 0; file < 10; file++) {
      List<@Nullable Object[]> rows = new ArrayList<>();
      for (int i = 0; i < 600; i++) {
        double temperature = random.nextGaussian();
        float vibration = (float) random.nextGaussian();
        int hours = random.nextInt(3);
        String site = random.nextBoolean() ? "north" : "south";
        double odds =
            1.5 * temperature + vibration - 0.8 * hours + (site.equals("north") ? 0.7 : -0.7);
        boolean fails = random.nextDouble() < 1 / (1 + Math.exp(-odds));
        rows.add(
            new @Nullable Object[] {
              "m" + random.nextInt(400),
              random.nextInt(20) == 0 ? null : temperature,
              vibration,
              hours,
              site,
              fails
            });
      }
      writer.append(rows);
    }
    return table;
  }

  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  private record Fit(double[] weights, List<Double> losses, double auc) {}

  private static double score(double[] weights, FloatBuffer features, int row) {
    double sum = weights[WEIGHTS - 1];
    for (int f = 0; f < WEIGHTS - 1; f++) {
      float value = features.get(row * (WEIGHTS - 1) + f);
      // A missing value stands for the mean, which is about 0 here.
      sum += Float.isNaN(value) ? 0 : weights[f] * value;
    }
    return sum;
  }

  private static Fit fit(Path table, int threads) {
    TableSnapshot snapshot = TableSnapshot.open(table, TableVersion.latest());
    FeedSettings settings = new FeedSettings(threads, threads + 2, () -> {});
    double[] weights = new double[WEIGHTS];
    List<Double> losses = new ArrayList<>();
    try (RowDataset dataset = RowDataset.open(snapshot, Filter.all(), SPEC, threads, () -> {});
        RowFeed feed = dataset.feed(RowPass.shuffled(Part.TRAIN, 50, 7, 0), settings)) {
      for (int epoch = 0; epoch < 6; epoch++) {
        feed.begin(RowPass.shuffled(Part.TRAIN, 50, 7, epoch));
        double loss = 0;
        while (feed.hasNext()) {
          try (Lease<RowBatch> lease = feed.next()) {
            loss += step(weights, lease.batch());
          }
        }
        losses.add(loss / dataset.rows(Part.TRAIN));
      }
      List<double[]> scored = new ArrayList<>();
      feed.begin(RowPass.inOrder(Part.TEST, 50));
      while (feed.hasNext()) {
        try (Lease<RowBatch> lease = feed.next()) {
          RowBatch batch = lease.batch();
          for (int i = 0; i < batch.size(); i++) {
            scored.add(new double[] {score(weights, batch.features(), i), batch.labels().get(i)});
          }
        }
      }
      return new Fit(weights, losses, auc(scored));
    }
  }

  private static double step(double[] weights, RowBatch batch) {
    double[] gradient = new double[WEIGHTS];
    double loss = 0;
    FloatBuffer features = batch.features();
    for (int row = 0; row < batch.size(); row++) {
      double predicted = 1 / (1 + Math.exp(-score(weights, features, row)));
      double label = batch.labels().get(row);
      loss -= Math.log(label == 1 ? predicted : 1 - predicted);
      for (int f = 0; f < WEIGHTS; f++) {
        float value = f == WEIGHTS - 1 ? 1 : features.get(row * (WEIGHTS - 1) + f);
        gradient[f] += Float.isNaN(value) ? 0 : (predicted - label) * value;
      }
    }
    for (int f = 0; f < WEIGHTS; f++) {
      weights[f] -= 0.3 * gradient[f] / batch.size();
    }
    return loss;
  }

  private static double auc(List<double[]> scored) {
    List<double[]> sorted = new ArrayList<>(scored);
    sorted.sort(Comparator.comparingDouble(pair -> pair[0]));
    double pairs = 0;
    double negatives = 0;
    double positives = 0;
    for (double[] pair : sorted) {
      if (pair[1] == 1) {
        positives++;
        pairs += negatives;
      } else {
        negatives++;
      }
    }
    return pairs / (positives * negatives);
  }

  @Test
  void theLossFallsTheTestRowsAreRankedWellAndTheWeightsAreTheSameToTheBit() {
    Path table = machines();
    Fit fit = fit(table, 1);
    assertThat(fit.losses().get(0)).isLessThan(Math.log(2));
    assertThat(fit.losses().get(5)).isLessThan(fit.losses().get(0) - 0.01);
    assertThat(fit.auc()).isGreaterThan(0.8);
    assertThat(fit.weights()[0]).isGreaterThan(0.8);
    Fit again = fit(table, 3);
    assertThat(again.weights()).containsExactly(fit.weights());
    assertThat(again.losses()).isEqualTo(fit.losses());
  }
}
