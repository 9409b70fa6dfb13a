package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.delivery.ServerDestination;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.Leftovers;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxRun;
import io.hdl.tracking.outbox.OutboxSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.BitSet;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Kills processes that report to a server, and keeps account of what was acknowledged. */
final class TrainerKills {
  /** How a process dies. */
  enum Way {
    /** By {@code SIGKILL} at a random moment after its first item. */
    SIGNAL,
    /** By {@code SIGKILL} at a random moment from its start on: perhaps while it opens the log. */
    ANY_MOMENT,
    /** Right before a delivery. */
    BEFORE,
    /** Right after a delivery. */
    AFTER
  }

  private final Path folder;
  private final Path log;
  private final URI server;
  private final int pace;
  private final int latestMillis;
  private final KilledTrainer.Notes notes;
  private final BitSet acknowledged = new BitSet();

  /**
   * Nothing was reported so far.
   *
   * @param pace after how many items a process rests for a moment, on average
   * @param latestMillis how long it lives at most
   */
  TrainerKills(Path folder, URI server, int pace, int latestMillis) throws IOException {
    this.folder = folder;
    this.server = server;
    this.pace = pace;
    this.latestMillis = latestMillis;
    this.log = Files.createDirectories(folder.resolve("job/run/outbox"));
    this.notes = KilledTrainer.Notes.open(folder.resolve("notes"));
  }

  /** What the processes reported. */
  KilledTrainer.Notes notes() {
    return notes;
  }

  /** The numbers of the items that were acknowledged before their process died. */
  BitSet acknowledged() {
    return acknowledged;
  }

  /** Lets a process go on with the run until it dies. */
  void kill(long seed, Way way) throws Exception {
    long before = notes.count();
    long died = died(seed, way);
    long late = 2 * notes.lateness();
    for (long item = before; item < notes.count(); item++) {
      if (item < notes.persisted() || notes.time(item) < died - 50 - late) {
        acknowledged.set((int) item);
      }
    }
  }

  /** When it died, milliseconds since 1970. */
  private long died(long seed, Way way) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                KilledTrainer.class.getName(),
                log.toString(),
                folder.resolve("notes").toString(),
                server.toString(),
                Long.toString(seed),
                way.name(),
                Integer.toString(pace))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(folder.resolve("err").toFile())
            .start();
    try {
      long before = notes.count();
      while (way != Way.ANY_MOMENT && notes.count() == before && process.isAlive()) {
        LockSupport.parkNanos(100_000);
      }
      if (way == Way.BEFORE || way == Way.AFTER) {
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return System.currentTimeMillis() - 1000; // it died by itself, who knows when
      }
      long moment = new Random(seed).nextInt(latestMillis);
      boolean ended = process.waitFor(moment, TimeUnit.MILLISECONDS);
      assertThat(ended).as(Files.readString(folder.resolve("err"))).isFalse();
      long died = System.currentTimeMillis();
      process.destroyForcibly();
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return died;
    } finally {
      process.destroyForcibly();
    }
  }

  /** Delivers what the last process left, without reporting anything again, and ends the run. */
  void deliverTheRest(Duration limit) {
    try (Outbox outbox = Outbox.open(log, OutboxSettings.defaults(), new KilledTrainer.Silent())) {
      OutboxRun run = outbox.begin(KilledTrainer.RUN);
      for (long item = 0; item < notes.count(); item++) {
        // A metric that the log knows must not be there by chance.
        if (KilledTrainer.item(item) instanceof Item.Metric metric
            && run.reported(metric.key(), metric.step())
            && item % 997 == 0) {
          assertThat(run.reported(metric.key(), metric.step() + 1)).isFalse();
        }
      }
      boolean unused = run.put(new Item.End(Item.EndStatus.FINISHED, 5));
      outbox.deliverTo(
          ServerDestination.of(
              new TrackingServer(server, Credentials.none()), System.err::println));
      Outbox.Outcome outcome = outbox.finish(limit);
      assertThat(outcome.delivered()).as(outcome.toString()).isTrue();
    }
    assertThat(Leftovers.below(log)).isEmpty();
  }
}
