package io.hdl.data.cache;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/**
 * How many bytes a tier holds, those included that are being fetched: a number in a file that all
 * processes keep, so that nobody has to look at all files to know it. It may be wrong after a
 * crash, and is right again when somebody has looked at them. Thread-safe.
 */
final class UsageLedger {
  private static final int RECORD = 40;
  private static final Duration LIMIT = Duration.ofSeconds(5);

  private final Path file;
  private final LockFile locks;

  /**
   * What the ledger says.
   *
   * @param bytes bytes that the tier holds
   * @param countedAt when all files were counted last, in milliseconds since 1970; 0: never
   */
  record Entry(long bytes, long countedAt) {}

  UsageLedger(Path file, LockFile locks) {
    this.file = file;
    this.locks = locks;
  }

  /** Adds to the number and gives it. */
  Entry add(long bytes) throws IOException {
    return change(before -> before + bytes, 0);
  }

  /** Adds to the number what an action says it has added to the tier, and gives it. */
  Entry addWhile(Counting action) throws IOException {
    try (LockFile.Held held = lock()) {
      long bytes = action.bytes();
      return changeLocked(before -> before + bytes, 0);
    }
  }

  /** Puts what is counted in the place of the number. Nobody reserves anything meanwhile. */
  void count(Counting action, long now) throws IOException {
    try (LockFile.Held held = lock()) {
      long bytes = action.bytes();
      changeLocked(before -> bytes, now);
    }
  }

  /** Something that tells a number of bytes. */
  interface Counting {
    long bytes() throws IOException;
  }

  private Entry change(LongUnaryOperator change, long countedAt) throws IOException {
    try (LockFile.Held held = lock()) {
      return changeLocked(change, countedAt);
    }
  }

  private Entry changeLocked(LongUnaryOperator change, long countedAt) throws IOException {
    try (RandomAccessFile ledger = new RandomAccessFile(file.toFile(), "rw")) {
      Entry before = read(ledger);
      Entry after =
          new Entry(
              Math.max(0, change.applyAsLong(before.bytes())),
              countedAt == 0 ? before.countedAt() : countedAt);
      byte[] record =
          String.format(Locale.ROOT, "%019d %019d\n", after.bytes(), after.countedAt())
              .getBytes(StandardCharsets.US_ASCII);
      ledger.seek(0);
      ledger.write(record);
      return after;
    }
  }

  private LockFile.Held lock() {
    try {
      Optional<LockFile.Held> held = locks.await(LockFile.LEDGER, LIMIT, () -> {});
      return held.orElseGet(locks::unlocked);
    } catch (IOException e) {
      return locks.unlocked();
    }
  }

  private static Entry read(RandomAccessFile ledger) throws IOException {
    byte[] record = new byte[RECORD];
    if (ledger.length() < RECORD) {
      return new Entry(0, 0);
    }
    ledger.readFully(record);
    String[] numbers = new String(record, StandardCharsets.US_ASCII).strip().split(" ", -1);
    try {
      return new Entry(Long.parseLong(numbers[0]), Long.parseLong(numbers[1]));
    } catch (RuntimeException e) {
      return new Entry(0, 0);
    }
  }
}
