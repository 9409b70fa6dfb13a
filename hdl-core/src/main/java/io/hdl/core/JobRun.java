package io.hdl.core;

import com.google.common.base.Throwables;
import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.error.Problems;
import io.hdl.core.event.EventBus;
import io.hdl.core.event.JobEvent;
import io.hdl.core.identity.Redaction;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.Cancellation;
import io.hdl.core.job.Opened;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.job.Trained;
import io.hdl.core.json.Json;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.provenance.RunProvenance;
import io.hdl.core.provenance.SoftwareVersions;
import io.hdl.core.run.RunEnd;
import io.hdl.core.run.RunHandle;
import io.hdl.core.run.RunId;
import io.hdl.core.run.RunRecord;
import io.hdl.core.run.RunStore;
import io.hdl.core.run.SettingsChange;
import io.hdl.core.storage.AtomicPublish;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One execution of a job, from the training slot to the result. */
final class JobRun<D, M> {
  private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);
  private static final Duration LISTENER_TIMEOUT = Duration.ofSeconds(10);

  private final JobPlan<D, M> plan;
  private final RunningContext context;
  private final RunHandle run;
  private final Optional<RunRecord> leftBehind;
  private final Stages stages;

  private JobRun(
      JobPlan<D, M> plan, RunningContext context, RunHandle run, Optional<RunRecord> leftBehind) {
    this.plan = plan;
    this.context = context;
    this.run = run;
    this.leftBehind = leftBehind;
    this.stages = new Stages(context, this::endBy);
  }

  /** Runs the plan to its end; everything that it opens but the model is closed again. */
  static <D, M> JobResult<M> execute(JobPlan<D, M> plan, Cancellation cancellation) {
    Redaction.rememberEnvironment(System.getenv());
    try {
      return locked(plan, cancellation);
    } catch (RuntimeException e) {
      throw Redaction.failure(e);
    } catch (Error e) {
      throw Redaction.failure(e).orElseThrow(() -> e);
    }
  }

  private static <D, M> JobResult<M> locked(JobPlan<D, M> plan, Cancellation cancellation) {
    cancellation.throwIfRequested();
    HybridEnvironment environment = plan.environment().orElseGet(HybridEnvironment::detect);
    checkMachine(plan, environment);
    RunStore store = new RunStore(plan.home(), plan.clock(), RunId::create);
    store.checkWritable(plan.name());
    RunProvenance provenance =
        new RunProvenance(
            Optional.empty(),
            plan.settings(),
            plan.seed(),
            SoftwareVersions.collect(),
            Redaction.values(environment.facts()));
    TrackedListeners listeners = new TrackedListeners(plan.trackingListeners());
    try (TrainingSlot slot = TrainingSlot.take(plan.name(), plan.whenBusy(), cancellation);
        ShutdownGuard guard =
            ShutdownGuard.install(plan.name(), plan.gracePeriod(), cancellation::request);
        RunHandle run = store.continueOrBegin(plan.name(), plan.fingerprint(), provenance);
        EventBus events =
            new EventBus(plan.name(), listeners.besides(plan.listeners()), LISTENER_TIMEOUT)) {
      RunningContext context =
          new RunningContext(plan, environment, run, events, listeners, cancellation);
      Optional<RunRecord> leftBehind =
          run.resumed() ? Optional.empty() : store.leftBehind(plan.name(), plan.fingerprint());
      return new JobRun<>(plan, context, run, leftBehind).run();
    }
  }

  private static void checkMachine(JobPlan<?, ?> plan, HybridEnvironment environment) {
    environment.requireGpus();
    Problems problems = new Problems();
    plan.trainer().checkEnvironment(environment, problems);
    problems.throwIfAny("The job \"" + plan.name() + "\" on this machine");
  }

  private JobResult<M> run() {
    Instant began = now();
    context.publish(
        new JobEvent.JobStarted(
            began,
            plan.name(),
            run.record().runId(),
            run.directory().root(),
            run.resumed()
                ? Optional.of("attempt " + (run.record().attempts() - 1))
                : Optional.<String>empty()));
    leftBehind.ifPresent(this::tellOfOtherSettings);
    try {
      JobResult<M> result = tracked();
      end(began, new RunEnd.Finished());
      return result;
    } catch (RuntimeException | Error e) {
      end(began, endBy(e));
      throw e;
    }
  }

  /**
   * A run that was cancelled can be continued, and so can one that failed by what lies around it
   * after it had kept a state to go on from.
   */
  private RunEnd endBy(Throwable failure) {
    boolean goesOn =
        failure instanceof JobCancelledException
            || (failure instanceof HdlException known && known.code().liesAround() && hasState());
    return goesOn ? new RunEnd.Interrupted(message(failure)) : new RunEnd.Failed(message(failure));
  }

  private boolean hasState() {
    try (Stream<Path> files = Files.list(run.directory().checkpoints())) {
      return files.findAny().isPresent();
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  /** Who changed a setting by mistake would else wait for a run that begins from the start. */
  private void tellOfOtherSettings(RunRecord left) {
    context.notice(
        "This is a new run, from the start: the run "
            + left.runId()
            + " of this job was interrupted, but goes on only with the settings that it was begun"
            + " with ("
            + SettingsChange.describe(left.provenance().settings(), "then", plan.settings(), "now")
            + ").");
  }

  private JobResult<M> tracked() {
    try (TrackedRun tracking = new RedactedRun(plan.tracker().open(run.record(), context))) {
      context.track(tracking);
      try {
        tracking.params(run.record().provenance().settings());
        tracking.tags(tags(run.record().provenance()));
        Trained<M> trained = trainedOnData(tracking);
        deliver(trained, tracking);
        return new JobResult<>(
            trained.model(),
            trained.evaluation(),
            trained.gate(),
            run.record().provenance(),
            run.directory(),
            trained.artifacts(),
            tracking.link(),
            stages.times());
      } catch (RuntimeException | Error e) {
        finishQuietly(tracking, endBy(e), e);
        throw e;
      }
    }
  }

  private Trained<M> trainedOnData(TrackedRun tracking) {
    try (Preparation preparation =
            Preparation.start(() -> plan.trainer().prepare(context.environment()));
        UsageLog usage =
            UsageLog.start(
                plan.name(),
                plan.tracker().usageInterval(),
                context.environment(),
                tracking,
                plan.clock(),
                run.record().created());
        Opened<D> opened = stages.tracked("data", tracking, () -> plan.source().open(context))) {
      DataProvenance provenance = opened.provenance().redacted(Redaction::text);
      run.update(
          (record, at) -> record.withProvenance(record.provenance().withData(provenance), at));
      context.publish(new JobEvent.DataOpened(now(), provenance, opened.facts()));
      tracking.input(provenance);
      context.cancellation().throwIfRequested();
      return stages.tracked(
          "train",
          tracking,
          () -> {
            preparation.await();
            return plan.trainer().train(opened.data(), context);
          });
    }
  }

  private void deliver(Trained<M> trained, TrackedRun tracking) {
    try {
      stages.run(
          "track",
          () -> {
            context.publish(new JobEvent.EvaluationFinished(now(), trained.evaluation()));
            ResultReport.send(trained, run.record(), tracking);
            Path provenance = run.directory().root().resolve("provenance.json");
            AtomicPublish.text(provenance, Json.writePretty(run.record().provenance()) + "\n");
            tracking.artifact(new Artifact(Artifact.Kind.OTHER, "provenance.json", provenance));
            context.awaitListeners();
            tracking.finish(new RunEnd.Finished());
            return trained;
          });
    } catch (RuntimeException | Error e) {
      closeModel(trained.model(), e);
      throw e;
    }
  }

  private static void closeModel(Object model, Throwable failure) {
    if (model instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        failure.addSuppressed(e);
      }
    }
  }

  private Map<String, String> tags(RunProvenance provenance) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put("hdl.job", plan.name());
    tags.put("hdl.run", run.record().runId());
    tags.put("hdl.attempt", Integer.toString(run.record().attempts()));
    provenance.software().forEach((name, version) -> tags.put("hdl.software." + name, version));
    provenance.host().forEach((name, value) -> tags.put("hdl.host." + name, value));
    return tags;
  }

  private void finishQuietly(TrackedRun tracking, RunEnd end, Throwable failure) {
    try {
      if (!(failure instanceof JobCancelledException)) {
        Path trace = run.directory().root().resolve("error.txt");
        AtomicPublish.text(trace, Redaction.text(Throwables.getStackTraceAsString(failure)));
        tracking.artifact(new Artifact(Artifact.Kind.OTHER, "error.txt", trace));
      }
      end.reason().ifPresent(why -> tracking.summary(endInWords(end) + why + "\n"));
      context.awaitListeners();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
    try {
      tracking.finish(end);
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  private static String endInWords(RunEnd end) {
    return end instanceof RunEnd.Failed ? "**Failed:** " : "**Interrupted:** ";
  }

  private void end(Instant began, RunEnd end) {
    try {
      run.update((record, at) -> record.ended(end, at));
    } catch (RuntimeException e) {
      RuntimeException clean = Redaction.failure(e);
      LOG.warn("Cannot record the end of the run: {}", clean.getMessage(), clean);
    }
    Instant at = now();
    context.publish(
        new JobEvent.JobFinished(
            at,
            plan.name(),
            run.record().runId(),
            end.state().name(),
            Duration.between(began, at),
            end.reason()));
  }

  private Instant now() {
    return plan.clock().instant();
  }

  private static String message(Throwable failure) {
    String text = failure.getMessage();
    return text == null ? failure.getClass().getName() : Redaction.text(text);
  }
}
