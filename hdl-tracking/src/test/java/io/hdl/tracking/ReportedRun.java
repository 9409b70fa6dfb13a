package io.hdl.tracking;

import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.TrackedModel;
import io.hdl.core.job.TrackedRun;
import io.hdl.tracking.StoredRun.Point;
import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.TrackingClient;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.model.ToyModel;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;

/** A run with every kind of item, and what a server must have of it: each item, and each once. */
final class ReportedRun {
  static final int STEPS = 120;
  static final String REGISTERED = "model-of-";
  private static final int PARAMS = 10;
  private static final int NESTED_STEPS = 10;

  /** What goes over other endpoints than those of runs. */
  enum Part {
    /** An artifact. */
    FILE,
    /** A model, which is registered if the tracker says so. */
    MODEL
  }

  private ReportedRun() {}

  /**
   * Reports all of it.
   *
   * @return how long that held up the reporting thread, copying of the model to the disk aside
   */
  static HeldUp report(TrackedRun run, Path folder, Set<Part> parts) throws Exception {
    return rest(run, 1, folder, parts);
  }

  /** The same with the steps from one on. */
  static HeldUp rest(TrackedRun run, int from, Path folder, Set<Part> parts) throws Exception {
    HeldUp held =
        HeldUp.by(
            () -> {
              settings(run);
              steps(run, from, STEPS);
              for (int step = 1; step <= NESTED_STEPS; step++) {
                run.nested("part").metric("share", step, step);
              }
            });
    if (parts.contains(Part.FILE)) {
      Path file = folder.resolve("report.html");
      Files.writeString(file, "<html>ü</html>");
      Artifact report = new Artifact(Artifact.Kind.REPORT, "report.html", file);
      held = held.plus(HeldUp.by(() -> run.artifact(report)));
    }
    if (parts.contains(Part.MODEL)) {
      run.model(model(folder));
    }
    return held;
  }

  static void settings(TrackedRun run) {
    for (int i = 0; i < PARAMS; i++) {
      run.params(Map.of("p" + i, "v" + i));
      run.tags(Map.of("t" + i, "w" + i));
    }
    run.input(TrackedRunContract.data(17));
  }

  /** The values of some steps, both ends included; every twentieth is no number. */
  static void steps(TrackedRun run, int from, int to) {
    for (int step = from; step <= to; step++) {
      run.metric("loss", 1.0 / step, step);
      run.metric("odd", odd(step), step);
    }
  }

  private static double odd(long step) {
    return step % 20 == 0 ? Double.NaN : step;
  }

  private static TrackedModel model(Path folder) {
    Path home = folder.resolve("toy");
    return new TrackedModel(
        new Artifact(Artifact.Kind.MODEL, "model", ToyModel.save(home, 3)),
        new Evaluation("test", Scores.NONE, Scores.NONE, Map.of(), 1, 1),
        new GateDecision(GateDecision.Verdict.PASSED, List.of("better")),
        Optional.of(ToyModel.loader(home)));
  }

  /** What is missing, wrong or there twice; empty if all is well. */
  static List<String> faultsOf(URI server, String experiment, Set<Part> parts) throws Exception {
    List<String> faults = new ArrayList<>();
    try (ReadByMlflowClient reader = new ReadByMlflowClient(server.toString());
        MlflowClient client = new MlflowClient(server.toString())) {
      List<Service.RunInfo> mains = new ArrayList<>();
      List<Service.RunInfo> below = new ArrayList<>();
      String id = client.getExperimentByName(experiment).orElseThrow().getExperimentId();
      for (Service.Run run :
          client.searchRuns(List.of(id), "", Service.ViewType.ALL, 100, List.of()).getItems()) {
        boolean nested =
            run.getData().getTagsList().stream()
                .anyMatch(tag -> tag.getKey().equals("mlflow.parentRunId"));
        (nested ? below : mains).add(run.getInfo());
      }
      expect(faults, "runs", 1, mains.size());
      expect(faults, "nested runs", 1, below.size());
      for (Service.RunInfo info : mains) {
        expect(faults, "stage", "active", info.getLifecycleStage());
        expect(
            faults,
            "inputs",
            1,
            client.getRun(info.getRunId()).getInputs().getDatasetInputsCount());
        checkMain(faults, reader.read(info.getRunId()), parts);
        if (parts.contains(Part.MODEL)) {
          checkModels(faults, server, info);
        }
      }
      for (Service.RunInfo info : below) {
        StoredRun run = reader.read(info.getRunId());
        expect(faults, "nested status", "FINISHED", run.status());
        expect(faults, "nested points", points(NESTED_STEPS, false), run.points("share"));
      }
      if (parts.contains(Part.MODEL)) {
        expect(
            faults,
            "versions",
            1,
            client
                .searchModelVersions("name = '" + REGISTERED + experiment + "'")
                .getItems()
                .size());
      }
    }
    return faults;
  }

  /** MLflow 3 keeps a model of its own, which the run names. */
  private static void checkModels(List<String> faults, URI server, Service.RunInfo run) {
    Duration limit = Duration.ofSeconds(30);
    try (TrackingClient client =
        TrackingClient.of(new TrackingServer(server, Credentials.none()))) {
      if (client.capabilities(limit).loggedModels()) {
        expect(faults, "outputs", 1, client.loggedModels().outputs(run.getRunId(), limit).size());
        expect(
            faults,
            "logged models",
            1,
            client.loggedModels().search(List.of(run.getExperimentId()), "", limit).size());
      }
    }
  }

  private static void checkMain(List<String> faults, StoredRun run, Set<Part> parts) {
    expect(faults, "status", "FINISHED", run.status());
    expect(faults, "points of odd", points(STEPS, true), run.points("odd"));
    expect(
        faults,
        "points of loss",
        LongStream.rangeClosed(1, STEPS).mapToObj(step -> new Point(1.0 / step, step)).toList(),
        run.points("loss"));
    for (int i = 0; i < PARAMS; i++) {
      expect(faults, "param " + i, "v" + i, run.params().getOrDefault("p" + i, "nothing"));
      expect(faults, "tag " + i, "w" + i, run.tags().getOrDefault("t" + i, "nothing"));
    }
    if (parts.contains(Part.FILE)) {
      expect(
          faults,
          "artifact",
          "<html>ü</html>",
          run.artifacts().getOrDefault("report.html", "nothing"));
    }
  }

  private static List<Point> points(int steps, boolean odd) {
    return LongStream.rangeClosed(1, steps)
        .mapToObj(step -> new Point(odd ? odd(step) : step, step))
        .toList();
  }

  private static void expect(List<String> faults, String what, Object wanted, Object found) {
    if (!wanted.equals(found)) {
      faults.add(what + ": " + found + " (expected: " + wanted + ")");
    }
  }
}
