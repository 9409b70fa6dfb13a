package io.hdl.data.cache;

import java.io.File;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/**
 * The room of a tier: how much it may hold, and what of that is reserved for files on their way.
 * Thread-safe.
 */
final class TierRoom {
  private static final long DAY = Duration.ofDays(1).toMillis();

  private final Tier tier;
  private final Path lake;
  private final long maxBytes;
  private final long keepFree;
  private final Clock clock;
  private final UsageLedger ledger;
  private final Supplier<Eviction> eviction;
  private final AtomicLong pending = new AtomicLong();
  private final Set<Path> kept = ConcurrentHashMap.newKeySet();

  /**
   * The room that settings give.
   *
   * @param ledger what is in use
   * @param eviction what removes files
   */
  TierRoom(TierSettings settings, Path lake, UsageLedger ledger, Supplier<Eviction> eviction) {
    this.tier = settings.tier();
    this.lake = lake;
    this.maxBytes = settings.maxBytes();
    this.keepFree = settings.keepFree().orElseGet(() -> defaultFree(lake.toFile()));
    this.clock = settings.clock();
    this.ledger = ledger;
    this.eviction = eviction;
  }

  private static long defaultFree(File disk) {
    return Math.min(CacheTiers.gib(10), disk.getTotalSpace() / 20);
  }

  /** The most that the tier may hold. */
  long maxBytes() {
    return maxBytes;
  }

  /**
   * Reserves room for a file, and removes others for it.
   *
   * @param held whether the file's lock is held
   * @return empty if there is no room and none can be made
   */
  Optional<Partial> reserve(CacheKey key, boolean held, Runnable checkpoint) throws IOException {
    if (key.size() > maxBytes) {
      return Optional.empty();
    }
    Partial partial = Partial.of(key, lake, tier, held);
    pending.addAndGet(key.size());
    boolean fits = false;
    try {
      UsageLedger.Entry used = ledger.addWhile(() -> create(partial) ? key.size() : 0);
      boolean stale = clock.millis() - used.countedAt() > DAY;
      fits = (!stale && fits(used.bytes())) || makeRoom(checkpoint);
    } finally {
      if (!fits) {
        giveUp(partial);
      }
    }
    return fits ? Optional.of(partial) : Optional.empty();
  }

  private static boolean create(Partial partial) throws IOException {
    // Whoever makes room may remove a folder between the two calls, if it is empty.
    for (int tries = 0; ; tries++) {
      try {
        Files.createDirectories(partial.path().resolveSibling(""));
        Files.createFile(partial.path());
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      } catch (NoSuchFileException e) {
        if (tries == 3) {
          throw e;
        }
      }
    }
  }

  /** Removes what is too much. */
  boolean trim() throws IOException {
    return makeRoom(() -> {});
  }

  private boolean makeRoom(Runnable checkpoint) throws IOException {
    return eviction.get().run(checkpoint);
  }

  /** Whether the tier may hold so many bytes. */
  boolean fits(long used) {
    return missing(used) <= 0;
  }

  /** How many bytes must go, if so many are used, reserved ones included. */
  long missing(long used) {
    long overQuota = used - maxBytes;
    long free = lake.toFile().getUsableSpace();
    return Math.max(overQuota, keepFree - (free - pending.get()));
  }

  /** Marks an unfinished file as one that whoever fetches it next goes on with. */
  void keepForLater(Partial partial) {
    if (partial.path().toFile().length() > 0) {
      kept.add(partial.path());
    }
  }

  /** Ends the writing of an unfinished file, and removes it unless it is kept. */
  void giveUp(Partial partial) throws IOException {
    pending.addAndGet(-partial.key().size());
    if (!kept.remove(partial.path()) && Files.exists(partial.path())) {
      partial.delete();
      ledger.add(-partial.key().size());
    }
  }

  /** Counts a reserved file as one of those that are there. */
  void taken(Partial partial) {
    pending.addAndGet(-partial.key().size());
  }
}
