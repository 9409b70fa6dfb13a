package io.hdl.tracking;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;

/**
 * All runs of an experiment, deleted ones as well.
 *
 * @param mains those that no other contains
 * @param nested the others
 */
record StoredRuns(List<Stored> mains, List<Stored> nested) {
  /**
   * One of them.
   *
   * @param name its name
   * @param parent id of the run that contains it, or nothing
   */
  record Stored(String id, String name, String parent, StoredRun run) {
    /** Metrics that have two values of the same step. */
    Set<String> doubled() {
      Set<String> doubled = new HashSet<>();
      run.metrics()
          .forEach(
              (key, points) -> {
                if (points.stream().map(StoredRun.Point::step).distinct().count() < points.size()) {
                  doubled.add(key);
                }
              });
      return doubled;
    }
  }

  static StoredRuns read(URI server, String experiment) throws Exception {
    List<Stored> mains = new ArrayList<>();
    List<Stored> nested = new ArrayList<>();
    try (ReadByMlflowClient reader = new ReadByMlflowClient(server.toString());
        MlflowClient client = new MlflowClient(server.toString())) {
      String id = client.getExperimentByName(experiment).orElseThrow().getExperimentId();
      for (Service.Run run :
          client.searchRuns(List.of(id), "", Service.ViewType.ALL, 1000, List.of()).getItems()) {
        String runId = run.getInfo().getRunId();
        StoredRun stored = reader.read(runId);
        String parent = stored.tags().getOrDefault("mlflow.parentRunId", "");
        (parent.isEmpty() ? mains : nested)
            .add(new Stored(runId, run.getInfo().getRunName(), parent, stored));
      }
    }
    return new StoredRuns(mains, nested);
  }

  /** Those that a run contains. */
  List<Stored> below(String id) {
    return nested.stream().filter(run -> run.parent().equals(id)).toList();
  }
}
