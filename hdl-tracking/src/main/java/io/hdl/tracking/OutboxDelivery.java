package io.hdl.tracking;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.FileFailure;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.delivery.DeadLetters;
import io.hdl.tracking.delivery.ServerDestination;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxObserver;
import io.hdl.tracking.outbox.OutboxSettings;
import io.hdl.tracking.outbox.OutboxState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Delivers what an outbox holds whose job is over. The job itself comes first: if it goes on
 * meanwhile, it leaves a mark beside the outbox, and gets it within a second or two.
 */
final class OutboxDelivery {
  private static final Duration TURN = Duration.ofMillis(100);
  private static final Duration CLAIM = Duration.ofSeconds(20);
  private static final Duration LAST_TRY = Duration.ofSeconds(1);

  private OutboxDelivery() {}

  /**
   * What became of it.
   *
   * @param outstanding items that were not delivered
   * @param reason why not
   * @param warnings what the server refused for good
   */
  record Delivered(long outstanding, Optional<String> reason, List<String> warnings) {
    Delivered {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * Opens an outbox for the job that it belongs to; somebody who delivers what is in it meanwhile
   * gives it up.
   */
  static Outbox claim(Path folder, OutboxSettings settings, OutboxObserver observer) {
    long until = System.nanoTime() + CLAIM.toNanos();
    Path mark = mark(folder);
    boolean marked = false;
    try {
      while (true) {
        try {
          return Outbox.open(folder, settings, observer);
        } catch (HdlException e) {
          if (e.code() != ErrorCode.BUSY || System.nanoTime() >= until) {
            throw e;
          }
        }
        if (!marked) {
          Files.writeString(mark, "");
          marked = true;
        }
        TimeUnit.NANOSECONDS.sleep(TURN.toNanos());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HdlException(
          ErrorCode.CANCELLED, "Interrupted while waiting for the tracking log in " + folder, e);
    } catch (IOException e) {
      throw FileFailure.of("ask for the tracking log with", mark, e);
    } finally {
      if (marked) {
        remove(mark);
      }
    }
  }

  private static Path mark(Path folder) {
    return folder.resolveSibling(folder.getFileName() + ".wanted");
  }

  private static void remove(Path mark) {
    try {
      Files.deleteIfExists(mark);
    } catch (IOException e) {
      // An empty file; who delivers next removes it.
    }
  }

  /**
   * Delivers until nothing is left, the server takes nothing, the job wants its outbox back, or
   * somebody asks to stop.
   *
   * @param stop opened to stop within some two seconds
   * @param progress hears the items that are left
   * @throws HdlException with {@link ErrorCode#BUSY} if another process has the outbox open
   */
  static Delivered deliver(
      Path folder, TrackingServer server, CountDownLatch stop, Consumer<OutboxState> progress) {
    Hearing hearing = new Hearing();
    Path mark = mark(folder);
    remove(mark); // of a process that was killed
    try (Outbox outbox = Outbox.open(folder, OutboxSettings.defaults(), hearing)) {
      outbox.deliverTo(
          ServerDestination.of(server, hearing, DeadLetters.in(folder, Clock.systemUTC())));
      boolean asked = false;
      OutboxState state = outbox.state();
      while (!asked && state.items() > 0 && hearing.failure().isEmpty() && !Files.exists(mark)) {
        asked = stop.await(TURN.toNanos(), TimeUnit.NANOSECONDS);
        state = outbox.state();
        progress.accept(state);
      }
      Outbox.Outcome outcome = outbox.finish(LAST_TRY);
      return new Delivered(
          outcome.outstanding(), hearing.failure().or(outcome::reason), hearing.told);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new HdlException(
          ErrorCode.CANCELLED, "Interrupted while delivering the tracking log in " + folder, e);
    }
  }

  /** Hears how it goes; runs are found by their keys. */
  private static final class Hearing implements OutboxObserver, ServerDestination.Listener {
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final AtomicReference<@Nullable HdlException> failed = new AtomicReference<>();

    Optional<String> failure() {
      HdlException why = failed.get();
      return why == null ? Optional.empty() : Optional.of(String.valueOf(why.getMessage()));
    }

    @Override
    public void serverAway(HdlException why) {
      failed.set(why);
    }

    @Override
    public void serverBack() {
      failed.set(null);
    }

    @Override
    public void serverAbandoned(HdlException why) {
      failed.set(why);
    }

    @Override
    public void diskFailed(HdlException why) {
      told.add(String.valueOf(why.getMessage()));
    }

    @Override
    public void warning(String text) {
      told.add(text);
    }
  }
}
