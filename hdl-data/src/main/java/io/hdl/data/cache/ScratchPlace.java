package io.hdl.data.cache;

import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A temporary folder of this process, made when it is needed, for files that no tier can take. It
 * is removed when it is closed; that of a process that died, when the next one is made.
 * Thread-safe.
 */
final class ScratchPlace implements AutoCloseable {
  private static final String PREFIX = "hdl-lake-";
  private static final long MINUTE = Duration.ofMinutes(1).toMillis();

  private final Path parent;
  private final Clock clock;
  private final Counters counters;
  private final CacheVoice voice;
  private volatile @Nullable TierPlace place;
  private Optional<LockFile.Held> alive = Optional.empty();

  /**
   * A place that is not made yet.
   *
   * @param parent the folder that it is made in
   */
  ScratchPlace(Path parent, Clock clock, Counters counters, CacheVoice voice) {
    this.parent = parent;
    this.clock = clock;
    this.counters = counters;
    this.voice = voice;
  }

  Path parent() {
    return parent;
  }

  /** The folder, if it was needed before. */
  @Nullable TierPlace ifMade() {
    return place;
  }

  /** The folder. */
  TierPlace made() {
    TierPlace present = place;
    return present != null ? present : make();
  }

  private synchronized TierPlace make() {
    if (place != null) {
      return place;
    }
    try {
      Path own = Files.createTempDirectory(parent, PREFIX + Machine.ID + "-");
      removeLeftovers(own);
      TierPlace made =
          new TierPlace(
              new TierSettings(
                  Tier.SCRATCH, own, Long.MAX_VALUE, OptionalLong.of(0), Verification.NONE, clock),
              counters,
              voice);
      TierFolder folder = made.folder();
      if (folder != null) {
        alive = folder.locks().tryLock(LockFile.ALIVE);
      }
      place = made;
      return made;
    } catch (IOException e) {
      throw FileFailure.of("make a temporary folder in", parent, e);
    }
  }

  private void removeLeftovers(Path own) throws IOException {
    List<Path> others = new ArrayList<>();
    try (Stream<Path> all = Files.list(parent)) {
      all.filter(one -> String.valueOf(one.getFileName()).startsWith(PREFIX + Machine.ID + "-"))
          .filter(one -> !one.equals(own))
          .forEach(others::add);
    }
    for (Path other : others) {
      try {
        if (clock.millis() - Files.getLastModifiedTime(other).toMillis() > MINUTE
            && isLeft(other)) {
          Holder.delete(other);
        }
      } catch (IOException e) {
        // It belongs to another user, or somebody else removes it just now.
      }
    }
  }

  private static boolean isLeft(Path folder) throws IOException {
    Path state = folder.resolve("lake").resolve(MirrorNames.STATE);
    if (!Files.exists(state)) {
      return true;
    }
    try (LockFile locks = LockFile.open(state.resolve("locks"));
        LockFile.Held held = locks.tryLock(LockFile.ALIVE).orElse(null)) {
      return held != null;
    }
  }

  @Override
  public synchronized void close() {
    TierPlace present = place;
    if (present == null) {
      return;
    }
    alive.ifPresent(LockFile.Held::close);
    present.close();
    try {
      Holder.delete(present.path());
    } catch (IOException e) {
      counters.failures.increment();
    }
  }
}
