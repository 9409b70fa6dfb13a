package io.hdl.core;

import io.hdl.core.error.Problems;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.TrackedModel;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.job.Tracker;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.run.RunEnd;
import io.hdl.core.run.RunRecord;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A tracker in memory that writes down every call. */
final class RecordingTracker implements Tracker, TrackedRun {
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private boolean failing;

  List<String> calls() {
    return calls;
  }

  void failOnMetrics() {
    failing = true;
  }

  @Override
  public void check(Problems problems) {}

  @Override
  public Map<String, String> settings() {
    return Map.of("tracker", "memory");
  }

  @Override
  public TrackedRun open(RunRecord run, JobContext context) {
    calls.add("open " + run.job());
    return this;
  }

  @Override
  public String id() {
    return "memory";
  }

  @Override
  public Optional<String> link() {
    return Optional.of("memory:run");
  }

  @Override
  public void metric(String key, double value, long step) {
    if (failing) {
      throw new IllegalStateException("broken tracker");
    }
    calls.add("metric " + key + " " + value + " @" + step);
  }

  @Override
  public void params(Map<String, String> params) {
    calls.add("params " + params.size());
  }

  @Override
  public void tags(Map<String, String> tags) {
    calls.add("tags " + tags.get("hdl.job"));
  }

  @Override
  public void input(DataProvenance data) {
    calls.add("input " + data.name() + "@" + data.version());
  }

  @Override
  public void artifact(Artifact artifact) {
    calls.add("artifact " + artifact.name());
  }

  @Override
  public void model(TrackedModel model) {
    calls.add("model " + model.artifact().name());
  }

  @Override
  public void finish(RunEnd end) {
    calls.add("finish " + end.state());
  }

  @Override
  public void close() {
    calls.add("close");
  }
}
