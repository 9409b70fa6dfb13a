package io.hdl.core.job;

import io.hdl.core.error.Problems;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.run.RunEnd;
import io.hdl.core.run.RunRecord;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** The tracker of jobs that are not tracked. */
enum NoTracker implements Tracker {
  INSTANCE;

  @Override
  public void check(Problems problems) {}

  @Override
  public Map<String, String> settings() {
    return Map.of("tracker", "none");
  }

  @Override
  public TrackedRun open(RunRecord run, JobContext context) {
    return new Untracked(run.runId());
  }

  @Override
  public Optional<Duration> usageInterval() {
    return Optional.empty();
  }

  private record Untracked(String id) implements TrackedRun {
    @Override
    public Optional<String> link() {
      return Optional.empty();
    }

    @Override
    public void metric(String key, double value, long step) {}

    @Override
    public void params(Map<String, String> params) {}

    @Override
    public void tags(Map<String, String> tags) {}

    @Override
    public void input(DataProvenance data) {}

    @Override
    public void artifact(Artifact artifact) {}

    @Override
    public TrackedRun nested(String name) {
      return new Untracked(id + "/" + name);
    }

    @Override
    public void model(TrackedModel model) {}

    @Override
    public void finish(RunEnd end) {}

    @Override
    public void close() {}
  }
}
