package io.hdl.tracking;

import io.hdl.core.error.HdlException;
import io.hdl.core.identity.Redaction;
import io.hdl.core.job.JobContext;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxObserver;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells people how delivery goes: once when it stops, once at the end. Thread-safe. */
final class RunWarnings implements OutboxObserver {
  private static final Logger LOG = LoggerFactory.getLogger(RunWarnings.class);

  private final JobContext context;
  private final String where;
  private final Path directory;
  private final boolean server;
  private final AtomicBoolean awayTold = new AtomicBoolean();
  private final Set<String> told = ConcurrentHashMap.newKeySet();

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

  @Override
  public void serverAway(HdlException why) {
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
    context.notice("The tracking goes on: %s answers again.".formatted(where));
  }

  @Override
  public void serverAbandoned(HdlException why) {
    context.warning(
        "Training goes on, but this run is not sent to %s any more. %s The run is kept in %s."
            .formatted(where, sentence(why), directory));
  }

  @Override
  public void diskFailed(HdlException why) {
    context.warning("Training goes on, but the tracking stumbled. " + sentence(why));
  }

  /** The copy and the server may stumble over the same item: people hear of it once. */
  @Override
  public void warning(String text) {
    if (told.add(text)) {
      context.warning(text);
    }
  }

  /** The last word: what did not arrive, where it lies and how to look at it. */
  void finished(Outbox.Outcome outcome) {
    if (outcome.thinned() > 0) {
      context.warning(
          "%,d metric values were thinned out, because they came faster than the disk took them. Log metrics less often to keep all of them."
              .formatted(outcome.thinned()));
    }
    if (outcome.delivered()) {
      return;
    }
    String reason = outcome.reason().map(why -> "; the reason: " + why).orElse("");
    if (server) {
      context.warning(
          "%s did not get everything of this run (%,d items outstanding%s). What is missing lies in %s, and is delivered when the run goes on."
              .formatted(capital(where), outcome.outstanding(), reason, directory));
    } else {
      context.warning(
          "%,d items of this run are not in %s%s. Make room on the disk or track elsewhere."
              .formatted(outcome.outstanding(), directory, reason));
    }
  }

  private static String sentence(HdlException why) {
    String text = String.valueOf(why.getMessage());
    return text.endsWith(".") ? text : text + ".";
  }

  private static String capital(String text) {
    return Character.toUpperCase(text.charAt(0)) + text.substring(1);
  }
}
