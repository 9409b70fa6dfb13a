package io.hdl.tracking;

import io.hdl.core.job.Artifact;
import io.hdl.core.job.TrackedModel;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.run.RunEnd;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A part of a run that is kept in the run itself, its keys below the part's name. */
record PrefixedRun(TrackedRun run, String name) implements TrackedRun {
  @Override
  public String id() {
    return run.id();
  }

  @Override
  public Optional<String> link() {
    return run.link();
  }

  @Override
  public void metric(String key, double value, long step) {
    run.metric(name + "/" + key, value, step);
  }

  @Override
  public void params(Map<String, String> params) {
    run.params(prefixed(params));
  }

  @Override
  public void tags(Map<String, String> tags) {
    run.tags(prefixed(tags));
  }

  private Map<String, String> prefixed(Map<String, String> texts) {
    Map<String, String> prefixed = new LinkedHashMap<>();
    texts.forEach((key, value) -> prefixed.put(name + "/" + key, value));
    return prefixed;
  }

  @Override
  public void input(DataProvenance data) {
    run.input(data);
  }

  @Override
  public void artifact(Artifact artifact) {
    run.artifact(new Artifact(artifact.kind(), name + "/" + artifact.name(), artifact.file()));
  }

  @Override
  public TrackedRun nested(String below) {
    return new PrefixedRun(this, below);
  }

  @Override
  public void model(TrackedModel model) {
    artifact(model.artifact());
  }

  @Override
  public void finish(RunEnd end) {
    tags(Map.of("end", end.state().name()));
  }

  @Override
  public void close() {}
}
