package io.hdl.samples;

import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.SplittableRandom;

/** A small made-up table of hourly series that are numbered by integers. */
final class SmallSeasons {
  static final int SERIES = 10;
  static final int HORIZON = 6;
  static final int SEASON = 12;
  private static final int STEPS = 110;

  private SmallSeasons() {}

  /**
   * Writes the table. The last series has half as many steps as the others.
   *
   * @param lastHorizon what the values of each series' last horizon are multiplied with
   */
  static Path write(Path folder, double lastHorizon) {
    List<Column> columns =
        List.of(
            Column.of("id", ColumnType.STRING),
            Column.of("t", ColumnType.LONG),
            Column.of("y", ColumnType.DOUBLE));
    DeltaTableWriter.create(folder, columns).append(() -> rows(lastHorizon));
    return folder;
  }

  private static Iterator<Object[]> rows(double lastHorizon) {
    SplittableRandom random = new SplittableRandom(7);
    List<Object[]> rows = new ArrayList<>();
    for (int s = 0; s < SERIES; s++) {
      double level = 20 + 100 * random.nextDouble();
      int steps = s == SERIES - 1 ? STEPS / 2 : STEPS;
      for (int t = 0; t < steps; t++) {
        double wave = 1 + 0.5 * Math.sin(2 * Math.PI * (t + s) / SEASON);
        double value = level * (wave + 0.05 * random.nextDouble());
        rows.add(
            new Object[] {"s" + s, (long) t, t < steps - HORIZON ? value : value * lastHorizon});
      }
    }
    return rows.iterator();
  }

  /** The options for the table, with more at the end. */
  static String[] options(Path table, Path home, String... more) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--table",
                table.toString(),
                "--key",
                "id",
                "--time",
                "t",
                "--frequency",
                "integer",
                "--target",
                "y",
                "--horizon",
                Integer.toString(HORIZON),
                "--season",
                Integer.toString(SEASON),
                "--epochs",
                "2",
                "--batch-size",
                "64",
                "--home",
                home.toString(),
                "--no-track"));
    options.addAll(List.of(more));
    return options.toArray(String[]::new);
  }
}
