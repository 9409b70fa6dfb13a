package io.hdl.tracking;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.Redaction;
import io.hdl.core.job.JobContext;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.outbox.Leftovers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers in the background what earlier runs of the same home could not deliver to the same
 * server. Never holds up the job: at its end it has a few seconds to stop, and the rest stays where
 * it is.
 */
final class LeftoverDelivery implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LeftoverDelivery.class);
  private static final Duration JOIN = Duration.ofSeconds(6);

  private final JobContext context;
  private final TrackingServer server;
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread;

  private LeftoverDelivery(JobContext context, TrackingServer server) {
    this.context = context;
    this.server = server;
    thread = new Thread(this::run, "hdl-tracking-leftovers");
    thread.setDaemon(true);
  }

  /** Starts; reads the logs of the job's home on a thread of its own. */
  static LeftoverDelivery start(JobContext context, TrackingServer server) {
    LeftoverDelivery delivery = new LeftoverDelivery(context, server);
    delivery.thread.start();
    return delivery;
  }

  private void run() {
    long runs = 0;
    long items = 0;
    try {
      Path own = context.directory().outbox().toAbsolutePath().normalize();
      for (Leftovers.Leftover leftover : Leftovers.below(context.directory().home())) {
        if (stop.getCount() == 0) {
          break;
        }
        boolean mine =
            !leftover.folder().toAbsolutePath().normalize().equals(own)
                && LeftBehind.server(leftover.folder())
                    .filter(server.toString()::equals)
                    .isPresent();
        if (mine) {
          OutboxDelivery.Delivered delivered = deliver(leftover);
          long arrived = leftover.items() - delivered.outstanding();
          if (arrived > 0) {
            runs++;
            items += arrived;
          }
          if (delivered.reason().isPresent()) {
            LOG.info("Left {} for later: {}", leftover.folder(), delivered.reason().get());
            break;
          }
        }
      }
    } catch (RuntimeException e) {
      LOG.warn("What earlier runs left behind is not delivered now", Redaction.failure(e));
    }
    if (items > 0) {
      context.notice(
          "Delivered to the MLflow server %s what %s left behind: %,d items."
              .formatted(server, runs == 1 ? "an earlier run" : runs + " earlier runs", items));
    }
  }

  private OutboxDelivery.Delivered deliver(Leftovers.Leftover leftover) {
    try {
      return OutboxDelivery.deliver(leftover.folder(), server, stop, state -> {});
    } catch (HdlException e) {
      if (e.code() != ErrorCode.BUSY) {
        throw e;
      }
      return new OutboxDelivery.Delivered(
          leftover.items(), java.util.Optional.empty(), java.util.List.of());
    }
  }

  /** Asks it to stop soon; returns at once. */
  void hurry() {
    stop.countDown();
  }

  /** Stops it, within some seconds. Idempotent. */
  @Override
  public void close() {
    stop.countDown();
    try {
      thread.join(JOIN.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
