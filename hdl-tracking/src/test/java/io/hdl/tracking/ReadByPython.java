package io.hdl.tracking;

import io.hdl.core.json.Json;
import io.hdl.tracking.StoredRun.Dataset;
import io.hdl.tracking.StoredRun.Point;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Reads a run with Python's MlflowClient, as people will. */
final class ReadByPython {
  /** Prints a run as JSON; numbers as texts, because JSON has no infinities. */
  static final String SCRIPT =
      """
      import json, sys, os, tempfile
      from mlflow import MlflowClient, artifacts
      client = MlflowClient()
      run = client.get_run(sys.argv[1])
      files = {}
      def walk(path):
          for f in client.list_artifacts(run.info.run_id, path):
              if f.is_dir:
                  walk(f.path)
              else:
                  with tempfile.TemporaryDirectory() as d:
                      local = client.download_artifacts(run.info.run_id, f.path, d)
                      files[f.path] = open(local, encoding='utf-8').read()
      walk(None)
      print(json.dumps({
          'experiment': client.get_experiment(run.info.experiment_id).name,
          'status': run.info.status,
          'name': run.info.run_name,
          'start': run.info.start_time,
          'end': run.info.end_time,
          'params': run.data.params,
          'tags': run.data.tags,
          'metrics': {k: [[repr(m.value), m.step] for m in sorted(
              client.get_metric_history(run.info.run_id, k), key=lambda m: m.step)]
              for k in run.data.metrics},
          'inputs': [{'name': i.dataset.name, 'digest': i.dataset.digest,
              'type': i.dataset.source_type, 'source': i.dataset.source,
              'context': i.tags[0].value} for i in run.inputs.dataset_inputs],
          'artifacts': files}))
      """;

  private ReadByPython() {}

  /** The run that the script printed. */
  static StoredRun parse(String printed) {
    String json = printed.strip().lines().reduce((first, last) -> last).orElseThrow();
    Map<String, Object> run = Json.readObject(json, "what Python read");
    Map<String, List<Point>> metrics = new HashMap<>();
    map(run, "metrics")
        .forEach(
            (key, history) -> {
              List<Point> points = new ArrayList<>();
              for (Object entry : (List<?>) history) {
                List<?> pair = (List<?>) entry;
                points.add(
                    new Point(
                        number(String.valueOf(pair.get(0))), ((Number) pair.get(1)).longValue()));
              }
              metrics.put(key, points);
            });
    Set<Dataset> inputs = new HashSet<>();
    for (Object entry : (List<?>) run.getOrDefault("inputs", List.of())) {
      Map<?, ?> input = (Map<?, ?>) entry;
      inputs.add(
          new Dataset(
              String.valueOf(input.get("name")),
              String.valueOf(input.get("digest")),
              String.valueOf(input.get("type")),
              String.valueOf(input.get("source")),
              String.valueOf(input.get("context"))));
    }
    return new StoredRun(
        String.valueOf(run.get("experiment")),
        String.valueOf(run.get("status")),
        texts(run, "params"),
        texts(run, "tags"),
        metrics,
        inputs,
        texts(run, "artifacts"));
  }

  private static double number(String python) {
    return switch (python) {
      case "nan" -> Double.NaN;
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(python);
    };
  }

  private static Map<String, String> texts(Map<String, Object> run, String part) {
    return map(run, part).entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> String.valueOf(entry.getValue())));
  }

  @SuppressWarnings("unchecked") // JSON's keys are texts
  private static Map<String, Object> map(Map<String, Object> run, String part) {
    return (Map<String, Object>) run.getOrDefault(part, Map.of());
  }
}
