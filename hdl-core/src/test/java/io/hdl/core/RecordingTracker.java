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
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/** A tracker in memory that writes down every call. */
final class RecordingTracker implements Tracker, TrackedRun {
  private final List<String> calls = new CopyOnWriteArrayList<>();
  private boolean failing;
  private Optional<Duration> usage = Optional.empty();

  List<String> calls() {
    return calls;
  }

  void failOnMetrics() {
    failing = true;
  }

  void askForUsage(Duration interval) {
    usage = Optional.of(interval);
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
  public TrackedRun nested(String name) {
    calls.add("nested " + name);
    return new Nested(name);
  }

  @Override
  public void summary(String markdown) {
    calls.add("summary " + markdown);
  }

  @Override
  public Optional<Duration> usageInterval() {
    return usage;
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

  /** A run below this one; its calls begin with its name. */
  private final class Nested implements TrackedRun {
    private final String name;

    Nested(String name) {
      this.name = name;
    }

    private void call(String text) {
      calls.add(name + ": " + text);
    }

    @Override
    public String id() {
      return "memory/" + name;
    }

    @Override
    public Optional<String> link() {
      return Optional.empty();
    }

    @Override
    public void metric(String key, double value, long step) {
      call("metric " + key + " @" + step);
    }

    @Override
    public void params(Map<String, String> params) {
      call("params " + params);
    }

    @Override
    public void tags(Map<String, String> tags) {
      call("tags " + tags);
    }

    @Override
    public void input(DataProvenance data) {
      call("input");
    }

    @Override
    public void artifact(Artifact artifact) {
      call("artifact " + artifact.name());
    }

    @Override
    public TrackedRun nested(String below) {
      return new Nested(name + "/" + below);
    }

    @Override
    public void model(TrackedModel model) {
      call("model " + model.artifact().name());
    }

    @Override
    public void finish(RunEnd end) {
      call("finish " + end.state());
    }

    @Override
    public void close() {
      call("close");
    }
  }
}
