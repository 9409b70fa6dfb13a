package io.hdl.core;

import io.hdl.core.identity.Redaction;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.TrackedModel;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.run.RunEnd;
import java.util.Map;
import java.util.Optional;

/** Hands a tracker what it is given, less the secrets in it. */
final class RedactedRun implements TrackedRun {
  private final TrackedRun run;

  RedactedRun(TrackedRun run) {
    this.run = run;
  }

  @Override
  public String id() {
    return run.id();
  }

  @Override
  public Optional<String> link() {
    return run.link().map(Redaction::text);
  }

  @Override
  public void metric(String key, double value, long step) {
    run.metric(key, value, step);
  }

  @Override
  public void metrics(Map<String, Double> values, long step) {
    run.metrics(values, step);
  }

  @Override
  public void persist() {
    run.persist();
  }

  @Override
  public void params(Map<String, String> params) {
    run.params(Redaction.values(params));
  }

  @Override
  public void tags(Map<String, String> tags) {
    run.tags(Redaction.values(tags));
  }

  @Override
  public void input(DataProvenance data) {
    run.input(data.redacted(Redaction::text));
  }

  @Override
  public void artifact(Artifact artifact) {
    run.artifact(artifact);
  }

  @Override
  public TrackedRun nested(String name) {
    return new RedactedRun(run.nested(Redaction.text(name)));
  }

  @Override
  public void summary(String markdown) {
    run.summary(Redaction.text(markdown));
  }

  @Override
  public void model(TrackedModel model) {
    run.model(model);
  }

  @Override
  public void finish(RunEnd end) {
    run.finish(redacted(end));
  }

  @Override
  public void close() {
    run.close();
  }

  private static RunEnd redacted(RunEnd end) {
    if (end instanceof RunEnd.Failed failed) {
      return new RunEnd.Failed(Redaction.text(failed.error()));
    }
    if (end instanceof RunEnd.Interrupted interrupted) {
      return new RunEnd.Interrupted(Redaction.text(interrupted.why()));
    }
    return end;
  }
}
