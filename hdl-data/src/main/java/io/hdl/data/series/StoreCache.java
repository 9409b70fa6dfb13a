package io.hdl.data.series;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.AtomicPublish;
import io.hdl.core.storage.FileFailure;
import io.hdl.data.cache.TierSpace;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Series stores as files of the hot tier: written once, mapped by every later opening with the same
 * {@link StoreKey}, shared by the processes of the machine. One folder per table, one file per
 * version and specification. Where the tier has a quota those are removed that were not opened for
 * the longest time, when one is written; else all but the {@link #KEPT} of a table that were opened
 * last. Only these private files are mapped; they are unlinked, never changed, so that whoever has
 * one open keeps it. Thread-safe.
 *
 * <p>A file that is damaged, half-written, of another format or of somebody else is built anew.
 * While one process builds a store, others that need it wait for it; where the file system has no
 * locks they build it too, and the last one stays.
 */
public final class StoreCache {
  /** How many stores of one table are kept where the hot tier has no quota. */
  public static final int KEPT = 4;

  private final Path folder;
  private final @Nullable TierSpace space;
  private final int threads;
  // What was warned of last, as it is found again before it is built anew.
  private volatile @Nullable Path told;

  private StoreCache(Path folder, @Nullable TierSpace space, int threads) {
    this.folder = folder;
    this.space = space;
    this.threads = threads;
  }

  /**
   * The stores below a home directory, in {@code cache/series}.
   *
   * @param threads number of threads that may work on a store
   */
  public static StoreCache below(Path home, int threads) {
    return in(home.resolve("cache"), threads);
  }

  /**
   * The stores in a hot tier, in its folder {@code series}.
   *
   * @param threads number of threads that may work on a store
   */
  public static StoreCache in(Path hotTier, int threads) {
    return new StoreCache(hotTier.resolve("series"), null, threads);
  }

  /**
   * The stores in a hot tier, under its quota, if it has one: then as many are kept as there is
   * room for, beside the files of the lake.
   *
   * @param threads number of threads that may work on a store
   */
  public static StoreCache in(TierSpace hotTier, int threads) {
    return new StoreCache(hotTier.series(), hotTier.isBounded() ? hotTier : null, threads);
  }

  /** Makes a store, and tells what it is. */
  public interface Builder {
    /** Reads the table, through {@link StoreTarget#assemble}. */
    StoreTarget.Made build(StoreTarget target);
  }

  /**
   * The store with this key, if there is one that can be used. Reads nothing but its file.
   *
   * @return the store, which is the caller's to close
   */
  public Optional<StoredSeries> find(StoreKey key) {
    Path file = file(key);
    File plain = file.toFile();
    if (!plain.exists()) {
      return Optional.empty();
    }
    try {
      StoredSeries found = StoreFile.open(file, key, threads);
      // Marks it as used, for the rule which ones are kept; no matter if it fails.
      plain.setLastModified(System.currentTimeMillis());
      return Optional.of(found);
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException | StoreFile.Unusable e) {
      if (!file.equals(told)) {
        told = file;
        Log.LOG.warn("The series store {} is not used: {}.", file, e.getMessage());
      }
      return Optional.empty();
    }
  }

  private Path file(StoreKey key) {
    return folder.resolve(key.folder()).resolve(key.file().concat(".series"));
  }

  /**
   * The store with this key, which is built if there is none that will do.
   *
   * @param willDo whether a store that was found can be used
   * @param whileWaiting called now and then while another process builds it; may throw
   * @throws HdlException with {@link ErrorCode#NO_SPACE} if the disk is full, with {@link
   *     ErrorCode#IO_FAILURE} if it cannot be written; what the builder throws comes out as it is
   */
  public StoredSeries findOrBuild(
      StoreKey key, Predicate<StoredSeries> willDo, Runnable whileWaiting, Builder builder) {
    Path file = file(key);
    Path parent = folder.resolve(key.folder());
    try {
      Files.createDirectories(parent);
    } catch (IOException e) {
      throw FileFailure.of("write to", parent, e);
    }
    try (StoreLock lock = StoreLock.acquire(parent.resolve(key.file() + ".lock"), whileWaiting)) {
      Optional<StoredSeries> found = find(key);
      if (found.isPresent() && willDo.test(found.get())) {
        return found.get();
      }
      found.ifPresent(stale -> stale.store().close());
      StoreLeftovers.removeUnfinished(parent, file);
      build(key, file, parent, builder);
      if (space == null) {
        StoreLeftovers.removeOld(parent, file, KEPT);
      }
      // Mapped before room is made: should it be too large for the quota, this run has it still.
      StoredSeries made = StoreFile.open(file, key, threads);
      makeRoom(space);
      return made;
    } catch (IOException e) {
      throw FileFailure.of("read", file, e);
    } catch (StoreFile.Unusable e) {
      throw new HdlException(
          ErrorCode.CORRUPT_DATA,
          "Cannot read the series store "
              + file
              + " that was just written: "
              + e.getMessage()
              + ". Check the disk that holds it.",
          e);
    }
  }

  private static void makeRoom(@Nullable TierSpace space) {
    try {
      if (space != null) {
        space.makeRoom();
      }
    } catch (IOException e) {
      Log.LOG.warn("Cannot make room in the hot tier for series stores: {}", e.toString());
    }
  }

  private void build(StoreKey key, Path file, Path parent, Builder builder) {
    try (ScratchFile scratch = ScratchFile.in(parent)) {
      AtomicPublish.channel(
          file,
          channel -> {
            FileMemory memory = new FileMemory(channel, file, scratch);
            StoreTarget target = new StoreTarget(memory);
            StoreTarget.Made made = builder.build(target);
            memory.complete(target.describe(key, made, memory.segments()));
          });
    }
  }

  /** Made only when there is something to say: a warm start has no time for it. */
  private static final class Log {
    static final Logger LOG = LoggerFactory.getLogger(StoreCache.class);
  }
}
