package io.hdl.samples;

import io.hdl.samples.retail.RetailGenerator;
import io.hdl.samples.retail.RetailTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small made-up table, and the options that train on it in seconds. */
final class SmallChain {
  static final RetailGenerator GENERATOR = new RetailGenerator(5, 3, 6, 280, 14);

  private SmallChain() {}

  /** Writes the table. */
  static Path write(Path folder) {
    RetailTable.ensure(folder, GENERATOR);
    return folder;
  }

  /** The options for the table, with more at the end; a later option replaces an earlier one. */
  static String[] options(Path table, Path home, String... more) {
    List<String> options =
        new ArrayList<>(
            List.of(
                "--table", table.toString(),
                "--key", "store,product",
                "--time", "date",
                "--frequency", "D",
                "--target", "units",
                "--known", "discount,is_holiday,weekday",
                "--constant", "category",
                "--context", "28",
                "--horizon", "14",
                "--epochs", "2",
                "--hidden", "16",
                "--home", home.toString()));
    for (int i = 0; i + 1 < more.length; i += 2) {
      int at = options.indexOf(more[i]);
      if (at >= 0) {
        options.set(at + 1, more[i + 1]);
      } else {
        options.add(more[i]);
        options.add(more[i + 1]);
      }
    }
    if (more.length % 2 == 1) {
      options.add(more[more.length - 1]);
    }
    return options.toArray(String[]::new);
  }
}
