package io.hdl.tracking;

import com.google.common.base.Splitter;
import io.hdl.tracking.StoredRun.Dataset;
import io.hdl.tracking.StoredRun.Point;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Runs in a directory, read back file by file. */
class FileStoreContractTest extends TrackedRunContract {
  @Override
  Mlflow tracker() {
    return Mlflow.from(Map.of());
  }

  @Override
  double kept(double infinity) {
    return infinity;
  }

  @Override
  StoredRun read(String runId) throws IOException {
    Path store = context.directory().home().resolve("mlruns");
    Path run;
    try (Stream<Path> folders = Files.walk(store, 2)) {
      run = folders.filter(path -> path.endsWith(runId)).findFirst().orElseThrow();
    }
    Map<String, List<Point>> metrics = new HashMap<>();
    for (Map.Entry<String, String> file : texts(run.resolve("metrics")).entrySet()) {
      List<Point> points = new ArrayList<>();
      for (String line : Splitter.on('\n').omitEmptyStrings().split(file.getValue())) {
        List<String> fields = Splitter.on(' ').splitToList(line);
        double value =
            switch (fields.get(1)) {
              case "inf" -> Double.POSITIVE_INFINITY;
              case "-inf" -> Double.NEGATIVE_INFINITY;
              case "nan" -> Double.NaN;
              default -> Double.parseDouble(fields.get(1));
            };
        points.add(new Point(value, Long.parseLong(fields.get(2))));
      }
      points.sort(Comparator.comparingLong(Point::step));
      metrics.put(file.getKey(), points);
    }
    return new StoredRun(
        field(Objects.requireNonNull(run.getParent()).resolve("meta.yaml"), "name"),
        switch (field(run.resolve("meta.yaml"), "status")) {
          case "1" -> "RUNNING";
          case "3" -> "FINISHED";
          case "4" -> "FAILED";
          case "5" -> "KILLED";
          default -> "?";
        },
        texts(run.resolve("params")),
        texts(run.resolve("tags")),
        metrics,
        inputs(run),
        texts(run.resolve("artifacts")));
  }

  private static Set<Dataset> inputs(Path run) throws IOException {
    Set<Dataset> inputs = new HashSet<>();
    Path experiment = Objects.requireNonNull(run.getParent());
    for (String link : texts(run.resolve("inputs")).keySet()) {
      Path meta = run.resolve("inputs").resolve(link);
      Path dataset =
          experiment.resolve("datasets").resolve(field(meta, "source_id")).resolve("meta.yaml");
      inputs.add(
          new Dataset(
              field(dataset, "name"),
              field(dataset, "digest"),
              field(dataset, "source_type"),
              field(dataset, "source"),
              field(meta, "  mlflow.data.context")));
    }
    return inputs;
  }

  /** A scalar of a file whose strings are quoted on one line. */
  private static String field(Path yaml, String key) throws IOException {
    String line =
        Files.readAllLines(yaml).stream()
            .filter(text -> text.startsWith(key + ":"))
            .findFirst()
            .orElseThrow();
    String value = line.substring(key.length() + 1).strip();
    return value.startsWith("\"")
        ? value.substring(1, value.length() - 1).replace("\\\"", "\"").replace("\\\\", "\\")
        : value;
  }

  private static Map<String, String> texts(Path folder) throws IOException {
    Map<String, String> texts = new HashMap<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          texts.put(folder.relativize(file).toString(), Files.readString(file));
        }
      }
    }
    return texts;
  }
}
