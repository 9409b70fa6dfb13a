package io.hdl.data.cache;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Finds files in the tiers, and brings them there from another tier or from the lake. Of several
 * processes one brings a file. Thread-safe; within a process the caller sees to it that one thread
 * brings a file.
 */
final class Supply {
  /** Another machine that fetches a file is waited for so long, and longer for a large one. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final long SLOWEST_BYTES_PER_SECOND = 1L << 20;
  private static final Duration FOR_EVER = Duration.ofDays(3650);

  private final List<TierPlace> places;
  private final ScratchPlace scratch;
  private final TierFill fills;
  private final CacheVoice voice;
  private @Nullable WarmCopies copies;

  /**
   * A file that is held in a tier.
   *
   * @param place the tier
   * @param folder its folder at that time
   * @param key which file
   * @param pin the hold
   * @param source where its bytes came from just now
   */
  record Found(TierPlace place, TierFolder folder, CacheKey key, TierFolder.Pin pin, Tier source) {}

  /**
   * What serves files.
   *
   * @param places the tiers, the nearest first
   * @param scratch takes what no tier can
   * @param lake counts what is fetched
   */
  Supply(
      List<TierPlace> places,
      ScratchPlace scratch,
      CacheOrigin origin,
      Counters lake,
      CacheVoice voice) {
    this.places = List.copyOf(places);
    this.scratch = scratch;
    this.fills = new TierFill(this, places, origin, lake, voice);
    this.voice = voice;
  }

  /** From now on what comes from the lake into the hot tier is handed on. */
  void handTo(WarmCopies warm) {
    copies = warm;
  }

  /** The first tier that can be used. */
  private @Nullable TierPlace first() {
    for (TierPlace place : places) {
      if (place.folder() != null) {
        return place;
      }
    }
    return null;
  }

  /** The file from where it should be: the first tier that can be used, or the temporary folder. */
  Optional<Found> find(CacheKey key, Runnable checkpoint) {
    TierPlace first = first();
    Optional<Found> found = first == null ? Optional.empty() : pin(first, key, checkpoint);
    TierPlace temporary = scratch.ifMade();
    return found.isPresent() || temporary == null ? found : pin(temporary, key, checkpoint);
  }

  /** As {@link #find}, counted as a hit or a miss. */
  Optional<Found> findCounted(CacheKey key, Runnable checkpoint) {
    Optional<Found> found = find(key, checkpoint);
    TierPlace first = found.isPresent() ? found.get().place() : first();
    if (first != null) {
      Counters counters = first.counters();
      if (found.isPresent()) {
        counters.hits.increment();
        counters.bytesRead.add(key.size());
      } else {
        counters.misses.increment();
      }
    }
    return found;
  }

  /** The file from one tier, if it is there and passes its check. */
  Optional<Found> pin(TierPlace place, CacheKey key, Runnable checkpoint) {
    TierFolder folder = place.folder();
    if (folder == null) {
      return Optional.empty();
    }
    try {
      return folder
          .pin(key, checkpoint)
          .map(pin -> new Found(place, folder, key, pin, place.tier()));
    } catch (Sidecar.Damaged e) {
      voice.damaged(place, key, e.reason());
    } catch (IOException e) {
      place.failed(folder, e);
    }
    return Optional.empty();
  }

  /** Gives up a file. */
  void release(Found found) {
    try {
      found.folder().release(found.pin());
      if (found.place().tier() == Tier.SCRATCH) {
        found.folder().removeIfUnheld(found.key());
      }
    } catch (IOException e) {
      found.place().counters().failures.increment();
    }
  }

  /**
   * Brings a file into the first tier that takes it, and holds it there.
   *
   * @param modified the time that it gets; none: that at which it comes
   */
  Found bring(CacheKey key, @Nullable Instant modified, Runnable checkpoint) {
    TierPlace first = first();
    try (KeyLock mine = lock(first, key, checkpoint)) {
      Optional<Found> found = find(key, checkpoint);
      if (found.isPresent()) {
        // Another process has brought it meanwhile.
        return found.get();
      }
      for (TierPlace place : places) {
        found =
            place == first
                ? into(place, key, modified, mine, true, checkpoint)
                : intoNext(place, key, modified, checkpoint);
        if (found.isPresent()) {
          return found.get();
        }
      }
      // Nobody else knows the temporary folder: it needs no lock.
      return into(scratch.made(), key, modified, KeyLock.needless(), true, checkpoint)
          .orElseThrow(() -> noRoom(key));
    }
  }

  private Optional<Found> intoNext(
      TierPlace place, CacheKey key, @Nullable Instant modified, Runnable checkpoint) {
    Optional<Found> found = pin(place, key, checkpoint);
    if (found.isEmpty()) {
      try (KeyLock lock = lock(place, key, checkpoint)) {
        found = pin(place, key, checkpoint);
        if (found.isEmpty()) {
          return into(place, key, modified, lock, true, checkpoint);
        }
      }
    }
    place.counters().hits.increment();
    place.counters().bytesRead.add(key.size());
    return found;
  }

  /** Brings a file into one tier and leaves it there; whether it is there then. */
  boolean bringInto(TierPlace place, CacheKey key, Runnable checkpoint) {
    try (KeyLock lock = lock(place, key, checkpoint)) {
      return copyInto(place, key, lock, true, checkpoint);
    }
  }

  /**
   * Brings a file into one tier under its lock; whether it is there then.
   *
   * @param fetch whether it may come from the lake
   */
  boolean copyInto(
      TierPlace place, CacheKey key, KeyLock lock, boolean fetch, Runnable checkpoint) {
    Optional<Found> found = pin(place, key, checkpoint);
    if (found.isEmpty()) {
      found = into(place, key, null, lock, fetch, checkpoint);
    }
    found.ifPresent(this::release);
    return found.isPresent();
  }

  private KeyLock lock(@Nullable TierPlace place, CacheKey key, Runnable checkpoint) {
    TierFolder folder = place == null ? null : place.folder();
    if (folder == null) {
      return KeyLock.none();
    }
    Duration limit =
        folder.tier() == Tier.HOT
            ? FOR_EVER
            : PATIENCE.plusSeconds(key.size() / SLOWEST_BYTES_PER_SECOND);
    try {
      return KeyLock.of(folder.locks().await(key.lock(), limit, checkpoint).orElse(null));
    } catch (IOException e) {
      // No locks there: the same file may be fetched twice.
      return KeyLock.none();
    }
  }

  private Optional<Found> into(
      TierPlace place,
      CacheKey key,
      @Nullable Instant modified,
      KeyLock lock,
      boolean fetch,
      Runnable checkpoint) {
    TierFolder folder = place.folder();
    if (folder == null) {
      return Optional.empty();
    }
    try {
      Optional<Partial> partial = folder.room().reserve(key, lock.isHeld(), checkpoint);
      if (partial.isEmpty()) {
        voice.noRoom(place, key, null);
        return Optional.empty();
      }
      return fill(new TierFill.Target(place, folder, partial.get(), modified), fetch, checkpoint);
    } catch (IOException e) {
      if (isFull(e)) {
        voice.noRoom(place, key, e);
      } else {
        place.failed(folder, e);
      }
      return Optional.empty();
    }
  }

  private Optional<Found> fill(TierFill.Target target, boolean fetch, Runnable checkpoint)
      throws IOException {
    CacheKey key = target.key();
    TierFolder folder = target.folder();
    TierPlace next = target.place().tier() == Tier.HOT ? warm() : null;
    boolean published = false;
    try {
      Optional<TierFill.Filled> filled = fills.copied(target, checkpoint);
      if (filled.isPresent()) {
        TierFolder.Pin pin =
            folder.publish(target.partial(), filled.get().recorded(), filled.get().modified());
        published = true;
        return Optional.of(new Found(target.place(), folder, key, pin, filled.get().source()));
      }
      if (!fetch) {
        return Optional.empty();
      }
      try (KeyLock between = lock(next, key, checkpoint)) {
        // Another machine may have brought it while its lock was waited for.
        filled = next == null ? Optional.empty() : fills.copied(target, checkpoint);
        boolean fromLake = filled.isEmpty();
        TierFill.Filled ready = fromLake ? fills.fetched(target, checkpoint) : filled.get();
        TierFolder.Pin pin = folder.publish(target.partial(), ready.recorded(), ready.modified());
        published = true;
        WarmCopies line = copies;
        if (fromLake && next != null && line != null) {
          line.add(folder, key, between);
        }
        return Optional.of(new Found(target.place(), folder, key, pin, ready.source()));
      }
    } finally {
      if (!published) {
        folder.room().giveUp(target.partial());
      }
    }
  }

  /** The warm tier, if there is one that can be used. */
  @Nullable TierPlace warm() {
    for (TierPlace place : places) {
      if (place.tier() == Tier.WARM && place.folder() != null) {
        return place;
      }
    }
    return null;
  }

  static boolean isFull(IOException e) {
    return FileFailure.of("write", Path.of(""), e).code() == ErrorCode.NO_SPACE;
  }

  private HdlException noRoom(CacheKey key) {
    return new HdlException(
        ErrorCode.NO_SPACE,
        "Cannot keep "
            + key.file().uri()
            + " ("
            + CacheVoice.bytes(key.size())
            + ") on this machine: no cache tier takes it, and neither does the temporary folder "
            + scratch.parent()
            + ". Free space, enlarge a tier, or set java.io.tmpdir to a folder on a larger disk.");
  }
}
