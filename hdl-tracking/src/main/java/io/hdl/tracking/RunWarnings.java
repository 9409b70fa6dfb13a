package io.hdl.tracking;

import io.hdl.core.error.HdlException;
import io.hdl.core.event.JobEvent;
import io.hdl.core.identity.Redaction;
import io.hdl.core.job.JobContext;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxObserver;
import io.hdl.tracking.outbox.OutboxState;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells people how delivery goes, once when it stops and once at the end, and programs by an event
 * whenever it changes in kind. Thread-safe.
 */
final class RunWarnings implements OutboxObserver {
  private static final Logger LOG = LoggerFactory.getLogger(RunWarnings.class);
  private static final OutboxState NOTHING =
      new OutboxState(0, 0, Optional.empty(), Optional.empty(), 0);

  private final JobContext context;
  private final String where;
  private final Path directory;
  private final boolean server;
  private final AtomicBoolean awayTold = new AtomicBoolean();
  private final AtomicBoolean thinnedTold = new AtomicBoolean();
  private final Set<String> told = ConcurrentHashMap.newKeySet();
  private volatile Supplier<OutboxState> state = () -> NOTHING;

  private RunWarnings(JobContext context, String where, Path directory, boolean server) {
    this.context = context;
    this.where = where;
    this.directory = directory;
    this.server = server;
  }

  static RunWarnings ofDirectory(JobContext context, Path directory) {
    return new RunWarnings(context, directory.toString(), directory, false);
  }

  static RunWarnings ofServer(JobContext context, TrackingServer server, Path outbox) {
    return new RunWarnings(context, "the MLflow server " + server, outbox, true);
  }

  /** Whose state events tell from now on. */
  void watch(Supplier<OutboxState> outbox) {
    state = outbox;
  }

  @Override
  public void serverAway(HdlException why) {
    publish(Optional.of(text(why)));
    if (awayTold.getAndSet(true)) {
      LOG.debug("{} is away again", where, Redaction.failure(why));
      return;
    }
    context.warning(
        "Training goes on without %s. %s Until it answers, the run is kept in %s."
            .formatted(where, sentence(why), directory));
  }

  @Override
  public void serverBack() {
    publish(Optional.empty());
    context.notice("The tracking goes on: %s answers again.".formatted(where));
  }

  @Override
  public void serverAbandoned(HdlException why) {
    publish(Optional.of(text(why)));
    context.warning(
        "Training goes on, but this run is not sent to %s any more. %s The run is kept in %s."
            .formatted(where, sentence(why), directory));
  }

  @Override
  public void diskFailed(HdlException why) {
    publish(Optional.of(text(why)));
    context.warning("Training goes on, but the tracking stumbled. " + sentence(why));
  }

  /** Several runs may stumble over the same thing: people hear of it once. */
  @Override
  public void warning(String text) {
    if (told.add(text)) {
      context.warning(text);
    }
  }

  @Override
  public void state(OutboxState now) {
    if (now.thinned() > 0 && !thinnedTold.getAndSet(true)) {
      publish(now, now.lastError());
    }
  }

  private void publish(Optional<String> lastError) {
    publish(state.get(), lastError);
  }

  private void publish(OutboxState now, Optional<String> lastError) {
    context
        .events()
        .publish(
            new JobEvent.TrackingState(
                context.clock().instant(), now.items(), now.oldest(), lastError, now.thinned()));
  }

  /** The last word: what did not arrive, where it lies and how it gets delivered. */
  void finished(Outbox.Outcome outcome) {
    OutboxState last = state.get();
    publish(
        new OutboxState(
            outcome.outstanding(),
            last.bytes(),
            last.oldest(),
            outcome.reason(),
            outcome.thinned()),
        outcome.reason());
    if (outcome.thinned() > 0) {
      context.warning(
          "%,d metric values were thinned out, because they came faster than the disk took them, or the disk is full. Log metrics less often to keep all of them."
              .formatted(outcome.thinned()));
    }
    if (outcome.delivered()) {
      return;
    }
    String reason = outcome.reason().map(why -> "; the reason: " + why).orElse("");
    if (server && outcome.lost() > 0) {
      context.warning(
          "%,d items of this run are lost: neither this machine's disk nor %s took them before the run's end%s"
              .formatted(outcome.lost(), where, reason.isEmpty() ? "." : reason));
    }
    if (server && outcome.outstanding() == outcome.lost()) {
      return;
    }
    if (server) {
      context.warning(
          "%s did not get everything of this run (%,d items outstanding%s). What is missing lies in %s. It is delivered when the run goes on, by the next job of this home that tracks there, or by: samples/run SyncRuns \"%s\""
              .formatted(
                  capital(where),
                  outcome.outstanding() - outcome.lost(),
                  reason,
                  directory,
                  directory));
    } else {
      context.warning(
          "%,d items of this run are not in %s%s. Make room on the disk or track elsewhere."
              .formatted(outcome.outstanding(), directory, reason));
    }
  }

  private static String text(HdlException why) {
    return String.valueOf(why.getMessage());
  }

  private static String sentence(HdlException why) {
    String text = text(why);
    return text.endsWith(".") ? text : text + ".";
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
