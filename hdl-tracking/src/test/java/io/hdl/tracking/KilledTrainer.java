package io.hdl.tracking;

import io.hdl.core.error.HdlException;
import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.delivery.ServerDestination;
import io.hdl.tracking.outbox.Destination;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxObserver;
import io.hdl.tracking.outbox.OutboxRun;
import io.hdl.tracking.outbox.OutboxSettings;
import io.hdl.tracking.outbox.RunStart;
import java.io.IOException;
import java.net.URI;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Deque;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/** A process that reports items until it is killed, and notes in a mapped file what it reported. */
final class KilledTrainer {
  static final int MOST = 1 << 20;
  static final RunStart RUN =
      new RunStart("5".repeat(32), Optional.empty(), "kills", "killed", "test", 1);

  private KilledTrainer() {}

  /** What a trainer has reported, in memory that outlives it. */
  record Notes(LongBuffer numbers) {
    private static final int FIRST = 4;

    static Notes open(Path file) throws IOException {
      try (FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
        long bytes = (long) (FIRST + MOST) * Long.BYTES;
        return new Notes(channel.map(FileChannel.MapMode.READ_WRITE, 0, bytes).asLongBuffer());
      }
    }

    /** How many items were put in. */
    long count() {
      return numbers.get(0);
    }

    /** How many items were said to be on the disk. */
    long persisted() {
      return numbers.get(1);
    }

    /** How late a thread of the process was at most when it asked to be woken, milliseconds. */
    long lateness() {
      return numbers.get(2);
    }

    /** When an item was put in, milliseconds since 1970. */
    long time(long item) {
      return numbers.get(FIRST + (int) item);
    }

    void put(long item) {
      numbers.put(FIRST + (int) item, System.currentTimeMillis());
      numbers.put(0, item + 1);
    }

    void persisted(long items) {
      numbers.put(1, items);
    }

    void late(long millis) {
      numbers.put(2, Math.max(numbers.get(2), millis));
    }
  }

  /** The item of a number; the same one in every process. */
  static Item item(long number) {
    if (number % 50 == 7) {
      return new Item.Param("p" + number, "v" + number);
    }
    double value = number % 10 == 9 ? Double.NaN : number;
    return new Item.Metric("m" + number % 5, value, 1000 + number, number);
  }

  /** Arguments: the log's folder, the notes' file, the server, a seed, how to die, the pace. */
  public static void main(String[] arguments) throws Exception {
    Notes notes = Notes.open(Path.of(arguments[1]));
    Random random = new Random(Long.parseLong(arguments[3]));
    watchLateness(notes);
    Outbox outbox = Outbox.open(Path.of(arguments[0]), OutboxSettings.defaults(), new Silent());
    OutboxRun run = outbox.begin(RUN);
    ServerDestination server =
        ServerDestination.of(
            new TrackingServer(URI.create(arguments[2]), Credentials.none()), System.err::println);
    TrainerKills.Way way = TrainerKills.Way.valueOf(arguments[4]);
    int pace = Integer.parseInt(arguments[5]);
    outbox.deliverTo(new Dying(server, way, 1 + random.nextInt(12)));
    for (long item = notes.count(); item < MOST; item++) {
      boolean unused = run.put(item(item));
      notes.put(item);
      if (random.nextInt(pace) == 0) {
        LockSupport.parkNanos(random.nextInt(20_000_000));
      }
      if (random.nextInt(1000) == 0 && outbox.persist(Duration.ofSeconds(10))) {
        notes.persisted(item + 1);
      }
    }
  }

  private static void watchLateness(Notes notes) {
    Thread watch =
        new Thread(
            () -> {
              while (true) {
                long start = System.nanoTime();
                LockSupport.parkNanos(5_000_000);
                notes.late((System.nanoTime() - start) / 1_000_000 - 5);
              }
            },
            "lateness");
    watch.setDaemon(true);
    watch.start();
  }

  /** Ends the process before or after a delivery. */
  private static final class Dying implements Destination {
    private final Destination server;
    private final TrainerKills.Way when;
    private int left;

    Dying(Destination server, TrainerKills.Way when, int after) {
      this.server = server;
      this.when = when;
      this.left = after;
    }

    @Override
    public void deliver(RunStart run, Deque<Item> items, Duration limit) {
      left--;
      if (when == TrainerKills.Way.BEFORE && left == 0) {
        Runtime.getRuntime().halt(9);
      }
      server.deliver(run, items, limit);
      if (when == TrainerKills.Way.AFTER && left == 0) {
        Runtime.getRuntime().halt(9);
      }
    }

    @Override
    public long setAside() {
      return server.setAside();
    }

    @Override
    public void close() {
      server.close();
    }
  }

  /** Tells the error stream. */
  static final class Silent implements OutboxObserver {
    @Override
    public void serverAway(HdlException why) {
      System.err.println("away: " + why.getMessage());
    }

    @Override
    public void serverBack() {}

    @Override
    public void serverAbandoned(HdlException why) {
      System.err.println("abandoned: " + why.getMessage());
    }

    @Override
    public void diskFailed(HdlException why) {
      System.err.println("disk: " + why.getMessage());
    }

    @Override
    public void warning(String text) {
      System.err.println(text);
    }
  }
}
