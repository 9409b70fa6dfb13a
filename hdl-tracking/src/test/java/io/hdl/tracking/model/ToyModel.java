package io.hdl.tracking.model;

import io.hdl.core.job.PythonLoader;
import io.hdl.core.job.PythonLoader.Column;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A saved model that needs nothing but pandas: a store's last sales, multiplied. */
public final class ToyModel {
  private static final String CODE =
      """
      import os

      import pandas


      class Toy:
          def __init__(self, factor):
              self.factor = factor

          def predict(self, model_input, params=None):
              last = model_input.sort_values("time").groupby("store")["sales"].last()
              return pandas.DataFrame({"store": last.index, "forecast": last.values * self.factor})


      def _load_pyfunc(path):
          with open(os.path.join(path, "factor.txt"), encoding="utf-8") as file:
              return Toy(float(file.read()))
      """;

  private ToyModel() {}

  /** Saves a model, and its code beside it. */
  public static Path save(Path folder, double factor) {
    try {
      Path saved = Files.createDirectories(folder.resolve("saved"));
      Files.writeString(saved.resolve("factor.txt"), Double.toString(factor));
      Path code = Files.createDirectories(code(folder).resolve("toy"));
      Files.writeString(code.resolve("__init__.py"), "");
      Files.writeString(code.resolve("loader.py"), CODE);
      Files.createDirectories(code.resolve("__pycache__"));
      Files.writeString(code.resolve("__pycache__").resolve("loader.pyc"), "old");
      return saved;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path code(Path folder) {
    return folder.resolve("python");
  }

  /** How Python loads it. */
  public static PythonLoader loader(Path folder) {
    return new PythonLoader(
        "toy.loader",
        code(folder),
        List.of("pandas==2.2.3"),
        "3.11.9",
        List.of(
            new Column("store", PythonLoader.Type.LONG),
            new Column("time", PythonLoader.Type.DATETIME),
            new Column("sales", PythonLoader.Type.DOUBLE),
            new Column("é \"holiday\" 😀", PythonLoader.Type.BOOLEAN)),
        List.of(
            new Column("store", PythonLoader.Type.LONG),
            new Column("forecast", PythonLoader.Type.DOUBLE)),
        List.of(
            Map.of("store", 1L, "time", "2024-01-05", "sales", 2.5, "é \"holiday\" 😀", true),
            Map.of("store", 1L, "time", "2024-01-12", "é \"holiday\" 😀", false)));
  }

  /** Saves it and writes MLflow's directory of it. */
  public static Path directory(Path folder, double factor) {
    Path directory = folder.resolve("mlflow");
    MlflowModel.of(save(folder, factor), loader(folder)).write(directory);
    return directory;
  }
}
