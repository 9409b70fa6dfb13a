package io.hdl.data.cache;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.transfer.Fetched;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fills unfinished files of a tier: from another tier, checked on the way, or from the lake.
 * Thread-safe.
 */
final class TierFill {
  private final Supply supply;
  private final List<TierPlace> places;
  private final CacheOrigin origin;
  private final Counters lake;
  private final CacheVoice voice;

  /** Where a file is brought to, and what with. */
  record Target(TierPlace place, TierFolder folder, Partial partial, @Nullable Instant modified) {
    CacheKey key() {
      return partial.key();
    }
  }

  /** What a file has been filled with. */
  record Filled(Sidecar recorded, @Nullable Instant modified, Tier source) {}

  TierFill(
      Supply supply, List<TierPlace> places, CacheOrigin origin, Counters lake, CacheVoice voice) {
    this.supply = supply;
    this.places = List.copyOf(places);
    this.origin = origin;
    this.lake = lake;
    this.voice = voice;
  }

  /** Fills a file from another tier, if one has it. */
  Optional<Filled> copied(Target target, Runnable checkpoint) throws IOException {
    for (TierPlace place : places) {
      if (place != target.place()) {
        Optional<Supply.Found> source = supply.pin(place, target.key(), checkpoint);
        if (source.isPresent()) {
          try {
            Optional<Filled> filled = copied(source.get(), target, checkpoint);
            if (filled.isPresent()) {
              return filled;
            }
          } finally {
            supply.release(source.get());
          }
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Filled> copied(Supply.Found source, Target target, Runnable checkpoint)
      throws IOException {
    CacheKey key = target.key();
    try {
      Sidecar recorded = source.folder().recorded(source);
      target.partial().deleteBeside();
      FileCopy.Sum sum = FileCopy.copy(source.pin().path(), target.partial().path(), checkpoint);
      if (sum.bytes() != key.size() || sum.crc32c() != recorded.crc32c()) {
        throw new Sidecar.Damaged("its content fails its checksum");
      }
      Instant modified = Files.getLastModifiedTime(source.pin().path()).toInstant();
      if (target.place().tier() == Tier.HOT) {
        // Somebody waits for it; the other way round nobody does.
        Counters counters = source.place().counters();
        counters.hits.increment();
        counters.bytesRead.add(sum.bytes());
      }
      return Optional.of(
          new Filled(
              recorded,
              target.modified() == null ? modified : target.modified(),
              source.place().tier()));
    } catch (Sidecar.Damaged e) {
      source.folder().removeDamaged(key);
      voice.damaged(source.place(), key, e.reason());
    } catch (IOException e) {
      if (Supply.isFull(e)) {
        throw e;
      }
      // Which of the two was it?
      target.folder().probe();
      source.place().failed(source.folder(), e);
    }
    return Optional.empty();
  }

  /** Fills a file from the lake. */
  Filled fetched(Target target, Runnable checkpoint) throws IOException {
    CacheKey key = target.key();
    TierPlace warm = supply.warm();
    if (target.place().tier() == Tier.HOT && warm != null) {
      warm.counters().misses.increment();
    }
    boolean brought = false;
    try {
      Fetched fetched = origin.fetch(key.file(), target.partial().path(), checkpoint);
      brought = true;
      lake.hits.increment();
      lake.bytesRead.add(fetched.bytesOnWire());
      if (fetched.bytes() != key.size()) {
        throw new HdlException(
            ErrorCode.CORRUPT_DATA,
            "Cannot use "
                + key.file().uri()
                + ": it has "
                + fetched.bytes()
                + " bytes in the lake, and "
                + key.size()
                + " were expected. It has been replaced or the table's log is wrong; read the"
                + " table's newest version.");
      }
      Optional<String> etag = fetched.etag().isPresent() ? fetched.etag() : key.file().etag();
      return new Filled(
          new Sidecar(key.file().uri().toString(), fetched.bytes(), fetched.crc32c(), etag),
          target.modified(),
          Tier.LAKE);
    } catch (HdlException e) {
      if (e.code() == ErrorCode.NO_SPACE) {
        throw new IOException("No space left on device", e);
      }
      // If it is the tier that fails, the next one may do.
      target.folder().probe();
      if (e.retryable() || e.code() == ErrorCode.CANCELLED) {
        target.folder().room().keepForLater(target.partial());
      }
      throw e;
    } catch (RuntimeException e) {
      // Most likely the checkpoint's: the next fetch goes on from here.
      target.folder().room().keepForLater(target.partial());
      throw e;
    } finally {
      if (!brought) {
        lake.misses.increment();
      }
    }
  }
}
