package io.hdl.data.cache;

import io.hdl.core.error.HdlException;
import io.hdl.core.storage.AtomicPublish;
import io.hdl.data.transfer.RemoteFile;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files of a tier: a mirror of the lake below {@code lake}, and in {@code lake/.hdl} what is
 * needed to share it. Everything that fails on the disk comes out as an {@link IOException}; the
 * caller decides whether the tier is given up. Thread-safe.
 */
final class TierFolder implements AutoCloseable {
  private static final Duration LEASE_PATIENCE = Duration.ofMinutes(1);

  /** On a shared disk the time of an access is noted no oftener. */
  private static final long NOTED_EVERY = 60_000;

  private final Tier tier;
  private final Path lake;
  private final Verification verification;
  private final Counters counters;
  private final Clock clock;
  private final LockFile locks;
  private final Holder holder;
  private final UsageLedger ledger;
  private final LeaseBook leases;
  private final TierRoom room;

  /**
   * A file that is held.
   *
   * @param path where it can be read
   * @param recorded what is recorded of it; none if it was not looked at
   */
  record Pin(Path path, Optional<Sidecar> recorded) {}

  private TierFolder(
      TierSettings settings, Path lake, LockFile locks, Holder holder, Counters counters) {
    this.tier = settings.tier();
    this.lake = lake;
    this.verification = settings.verification();
    this.clock = settings.clock();
    this.counters = counters;
    this.locks = locks;
    this.holder = holder;
    this.ledger = new UsageLedger(state(lake).resolve("usage"), locks);
    this.leases = new LeaseBook(state(lake).resolve("leases"));
    this.room = new TierRoom(settings, lake, ledger, () -> new Eviction(this, ledger));
  }

  private static Path state(Path lake) {
    return lake.resolve(MirrorNames.STATE);
  }

  /** Opens a tier's folder, which is made if it is not there, and tries whether it can be used. */
  static TierFolder open(TierSettings settings, Counters counters) throws IOException {
    Path lake = settings.folder().resolve("lake");
    Path state = state(lake);
    Path holders = state.resolve("held");
    Files.createDirectories(holders);
    Files.createDirectories(state.resolve("leases"));
    LockFile locks = LockFile.open(state.resolve("locks"));
    try {
      Holder.bury(holders, locks, settings.clock());
      Holder holder = Holder.in(holders, locks);
      try {
        TierFolder folder = new TierFolder(settings, lake, locks, holder, counters);
        folder.probe();
        return folder;
      } catch (IOException | RuntimeException e) {
        holder.close();
        throw e;
      }
    } catch (IOException | RuntimeException e) {
      locks.close();
      throw e;
    }
  }

  /** Whether a folder has been a tier before. */
  static boolean isTier(Path folder) {
    return Files.exists(state(folder.resolve("lake")).resolve("locks"));
  }

  /** Does once what a tier has to be able to do. */
  void probe() throws IOException {
    Path file = Files.createTempFile(holder.folder(), "probe", "");
    Path link = file.resolveSibling(file.getFileName() + "-link");
    try {
      Files.write(file, new byte[1]);
      Files.createLink(link, file);
      if (links(file) != 2) {
        throw new IOException("the file system does not count the hard links of a file");
      }
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      throw new IOException("the file system has no hard links, which a tier needs", e);
    } finally {
      Files.deleteIfExists(link);
      Files.deleteIfExists(file);
    }
  }

  static int links(Path file) throws IOException {
    return (int) Files.getAttribute(file, "unix:nlink");
  }

  Path lake() {
    return lake;
  }

  Tier tier() {
    return tier;
  }

  /** What it may hold. */
  TierRoom room() {
    return room;
  }

  LockFile locks() {
    return locks;
  }

  Holder holder() {
    return holder;
  }

  LeaseBook leases() {
    return leases;
  }

  Counters counters() {
    return counters;
  }

  Clock clock() {
    return clock;
  }

  /** Whether the file is there. */
  boolean has(CacheKey key) {
    return Files.exists(key.in(lake));
  }

  /**
   * Holds a file, if it is there and passes its check. One that does not is removed.
   *
   * @param checkpoint called now and then while it is checked; may throw
   * @throws Sidecar.Damaged if it was damaged; it is removed
   */
  Optional<Pin> pin(CacheKey key, Runnable checkpoint) throws IOException, Sidecar.Damaged {
    Path file = key.in(lake);
    Path link;
    try {
      link = holder.hold(file, key.name());
    } catch (NoSuchFileException e) {
      if (!holder.isThere()) {
        throw new IOException("its folder has been removed, or its disk unmounted", e);
      }
      return Optional.empty();
    }
    boolean held = false;
    try {
      Path beside = Sidecar.of(file);
      Optional<Sidecar> recorded = Optional.empty();
      if (verification != Verification.NONE) {
        recorded = Sidecar.read(beside);
        if (recorded.isEmpty() && !Files.exists(file)) {
          return Optional.empty();
        }
        check(key, link, recorded, checkpoint);
        if (recorded.get().differsFrom(key.file().etag())) {
          remove(file);
          ledger.add(-key.size());
          return Optional.empty();
        }
      }
      noteAccess(beside);
      held = true;
      return Optional.of(new Pin(link, recorded));
    } catch (Sidecar.Damaged e) {
      counters.corrupt.increment();
      if (Files.exists(file) && Files.isSameFile(file, link)) {
        remove(file);
        ledger.add(-key.size());
      }
      throw e;
    } finally {
      if (!held) {
        Files.deleteIfExists(link);
      }
    }
  }

  /** Those of some files that are not there. */
  List<RemoteFile> missing(List<RemoteFile> files) {
    return files.stream().filter(file -> !has(CacheKey.of(file))).toList();
  }

  /** Holds a file whose content was just checked. */
  Optional<Pin> pinUnchecked(CacheKey key) throws IOException {
    try {
      return Optional.of(new Pin(holder.hold(key.in(lake), key.name()), Optional.empty()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private void check(CacheKey key, Path link, Optional<Sidecar> recorded, Runnable checkpoint)
      throws IOException, Sidecar.Damaged {
    Sidecar known =
        recorded.orElseThrow(() -> new Sidecar.Damaged("what was recorded of it is gone"));
    if (!known.isOf(key)) {
      throw new Sidecar.Damaged("it is recorded as " + known.uri());
    }
    long length = link.toFile().length();
    if (length != key.size()) {
      throw new Sidecar.Damaged("it has " + length + " bytes, not " + key.size());
    }
    if (verification == Verification.CHECKSUM
        && FileCopy.sum(link, checkpoint).crc32c() != known.crc32c()) {
      throw new Sidecar.Damaged("its content fails its checksum");
    }
  }

  private void noteAccess(Path sidecar) {
    File plain = sidecar.toFile();
    long now = clock.millis();
    if (tier != Tier.WARM || now - plain.lastModified() >= NOTED_EVERY) {
      // No matter if it fails: the file is removed a little sooner then.
      plain.setLastModified(now);
    }
  }

  /** Gives up a file that was held. */
  void release(Pin pin) throws IOException {
    Files.deleteIfExists(pin.path());
  }

  /** Removes a file of which nobody has a hold. */
  void removeIfUnheld(CacheKey key) throws IOException {
    Path file = key.in(lake);
    try {
      if (links(file) == 1) {
        remove(file);
        ledger.add(-key.size());
      }
    } catch (NoSuchFileException e) {
      // Whoever gave it up at the same time has removed it.
    }
  }

  /** Removes a file that was found damaged. */
  void removeDamaged(CacheKey key) throws IOException {
    counters.corrupt.increment();
    remove(key.in(lake));
    ledger.add(-key.size());
  }

  /** What is recorded of a file that is held. */
  Sidecar recorded(Supply.Found found) throws IOException, Sidecar.Damaged {
    if (found.pin().recorded().isPresent()) {
      return found.pin().recorded().get();
    }
    return Sidecar.read(Sidecar.of(found.key().in(lake)))
        .orElseThrow(() -> new Sidecar.Damaged("what was recorded of it is gone"));
  }

  /** Removes a file, whoever holds it. */
  void remove(Path file) throws IOException {
    Files.deleteIfExists(file);
    Files.deleteIfExists(Sidecar.of(file));
  }

  /**
   * Publishes a finished file, and holds it.
   *
   * @param modified the time that it gets; none: leaves it
   */
  Pin publish(Partial partial, Sidecar recorded, @Nullable Instant modified) throws IOException {
    Path file = partial.key().in(lake);
    if (modified != null) {
      Files.setLastModifiedTime(partial.path(), FileTime.from(modified));
    }
    // Held before it appears: nobody can remove it in between.
    Pin pin = new Pin(holder.hold(partial.path(), partial.key().name()), Optional.of(recorded));
    boolean published = false;
    try {
      partial.deleteBeside();
      recorded.write(Sidecar.of(file), file.resolveSibling(".hdl-" + UUID.randomUUID() + ".tmp"));
      noteAccess(Sidecar.of(file));
      AtomicPublish.finished(partial.path(), recorded.length(), file);
      published = true;
    } catch (HdlException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e);
    } finally {
      if (!published) {
        Files.deleteIfExists(pin.path());
      }
    }
    room.taken(partial);
    counters.bytesWritten.add(recorded.length());
    return pin;
  }

  /** The files directly in a folder, as their records tell. */
  List<CachedFile> list(String folder) throws IOException {
    List<Path> sidecars = new ArrayList<>();
    try (Stream<Path> all = Files.list(lake.resolve(folder))) {
      all.filter(each -> Sidecar.isName(String.valueOf(each.getFileName()))).forEach(sidecars::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    List<CachedFile> files = new ArrayList<>();
    for (Path each : sidecars) {
      Path file = each.resolveSibling(Sidecar.fileName(String.valueOf(each.getFileName())));
      try {
        Optional<Sidecar> recorded = Sidecar.read(each);
        if (recorded.isPresent() && Files.exists(file)) {
          files.add(
              new CachedFile(
                  recorded.get().file(), Files.getLastModifiedTime(file).toInstant(), tier));
        }
      } catch (Sidecar.Damaged | NoSuchFileException e) {
        // Whoever asks for it fetches it anew.
      }
    }
    return files;
  }

  /** Writes a lease, while nobody removes files. */
  void lease(LeaseBook.Lease lease) {
    Optional<LockFile.Held> held;
    try {
      held = locks.await(LockFile.EVICTION, LEASE_PATIENCE, () -> {});
    } catch (IOException e) {
      // No locks here: what is removed at this moment is brought again.
      held = Optional.empty();
    }
    try {
      leases.write(lease);
    } finally {
      held.ifPresent(LockFile.Held::close);
    }
  }

  /** Counts what was removed. */
  void evicted(long bytes) throws IOException {
    counters.evictions.increment();
    ledger.add(-bytes);
  }

  /** Leaves all as it is, on a file system that went away. */
  void abandon() {
    locks.abandon();
  }

  @Override
  public void close() throws IOException {
    try {
      holder.close();
    } finally {
      locks.close();
    }
  }
}
