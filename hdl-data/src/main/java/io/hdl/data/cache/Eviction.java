package io.hdl.data.cache;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes room in a tier: counts all files, removes what processes left when they died, and then
 * files that nobody holds and no lease keeps, those first that were not used for the longest time.
 * One process does it at a time. Belongs to one thread.
 */
final class Eviction {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final long HOUR = Duration.ofHours(1).toMillis();
  private static final long DAY = Duration.ofDays(1).toMillis();

  /**
   * Beyond what is needed now this part of the quota is freed, so that it is not done each time.
   */
  private static final long SLACK_SHARE = 20;

  private final TierFolder tier;
  private final UsageLedger ledger;
  private final List<Candidate> candidates = new ArrayList<>();
  private final Map<Path, Long> accesses = new HashMap<>();
  private final List<Path> partials = new ArrayList<>();
  private final List<Path> rubbish = new ArrayList<>();
  private long used;

  private record Candidate(Path file, long bytes, long accessed) {}

  /** Series stores lie beside the mirror of the lake, and share its quota. */
  private static final String SERIES = "series";

  private static final String STORE = ".series";
  private static final String STORE_LOCK = ".lock";

  Eviction(TierFolder tier, UsageLedger ledger) {
    this.tier = tier;
    this.ledger = ledger;
  }

  /**
   * Removes until all that is there and reserved fits.
   *
   * @param checkpoint called now and then; may throw
   * @return whether it does
   */
  boolean run(Runnable checkpoint) throws IOException {
    try (LockFile.Held held = lock(checkpoint)) {
      Holder.bury(tier.holder().folder().resolveSibling(""), tier.locks(), tier.clock());
      ledger.count(
          () -> {
            count(checkpoint);
            return used;
          },
          tier.clock().millis());
      for (Path file : rubbish) {
        Files.deleteIfExists(file);
      }
      long missing = tier.room().missing(used);
      removePartials(missing > 0);
      missing = tier.room().missing(used);
      if (missing > 0) {
        evict(missing, checkpoint);
        missing = tier.room().missing(used);
      }
      return missing <= 0;
    }
  }

  private LockFile.Held lock(Runnable checkpoint) {
    try {
      Optional<LockFile.Held> held = tier.locks().await(LockFile.EVICTION, PATIENCE, checkpoint);
      return held.orElseGet(tier.locks()::unlocked);
    } catch (IOException e) {
      return tier.locks().unlocked();
    }
  }

  private void count(Runnable checkpoint) throws IOException {
    count(tier.lake(), checkpoint);
    Path series = tier.lake().resolveSibling(SERIES);
    if (tier.tier() == Tier.HOT && Files.isDirectory(series)) {
      count(series, checkpoint);
    }
  }

  private void count(Path root, Runnable checkpoint) throws IOException {
    long now = tier.clock().millis();
    Path state = tier.lake().resolve(MirrorNames.STATE);
    boolean stores = !root.equals(tier.lake());
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<Path>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            checkpoint.run();
            return folder.equals(state) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            if (stores) {
              seeStore(file, attributes);
            } else {
              see(file, attributes, now);
            }
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
            if (e instanceof NoSuchFileException) {
              return FileVisitResult.CONTINUE;
            }
            throw e;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException e)
              throws IOException {
            if (e != null && !(e instanceof NoSuchFileException)) {
              throw e;
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void seeStore(Path file, BasicFileAttributes attributes) {
    used += attributes.size();
    if (isStore(file)) {
      // Its own time is that of its last use.
      long accessed = attributes.lastModifiedTime().toMillis();
      candidates.add(new Candidate(file, attributes.size(), accessed));
      accesses.put(file, accessed);
    }
  }

  private boolean isStore(Path file) {
    return file.toString().endsWith(STORE) && !file.startsWith(tier.lake());
  }

  private void see(Path file, BasicFileAttributes attributes, long now) {
    String name = String.valueOf(file.getFileName());
    long modified = attributes.lastModifiedTime().toMillis();
    if (Partial.isName(name)) {
      used += Partial.parse(name).bytes();
      partials.add(file);
    } else if (Sidecar.isName(name)) {
      Path of = file.resolveSibling(Sidecar.fileName(name));
      accesses.put(of, modified);
      if (now - modified > HOUR && Files.notExists(of)) {
        rubbish.add(file);
      }
    } else if (name.indexOf(MirrorNames.SIZE_MARK) > 0) {
      used += attributes.size();
      candidates.add(new Candidate(file, attributes.size(), 0));
    } else if (name.startsWith(MirrorNames.STATE) && now - modified > HOUR) {
      rubbish.add(file);
    }
  }

  /** Those of processes that died: at once if room is needed, else after a day. */
  private void removePartials(boolean needed) throws IOException {
    long now = tier.clock().millis();
    for (Path file : partials) {
      Partial.Name name = Partial.parse(String.valueOf(file.getFileName()));
      boolean tellable = name.writer().isEmpty() || name.writer().equals(Machine.ID);
      if (isOld(file, now) || (needed && tellable)) {
        // Under its lock: nobody writes it then. Where locks say nothing its age does.
        try (LockFile.Held held = tellable ? tryLock(name.lock()) : tier.locks().unlocked()) {
          if (held != null && Files.deleteIfExists(file)) {
            used -= name.bytes();
            ledger.add(-name.bytes());
          }
        }
      }
    }
  }

  private static boolean isOld(Path file, long now) throws IOException {
    try {
      return now - Files.getLastModifiedTime(file).toMillis() > DAY;
    } catch (NoSuchFileException e) {
      return false;
    }
  }

  private LockFile.@Nullable Held tryLock(long number) {
    try {
      return tier.locks().tryLock(number).orElse(null);
    } catch (IOException e) {
      return null;
    }
  }

  private void evict(long missing, Runnable checkpoint) throws IOException {
    Set<String> leased = tier.leases().kept(tier.clock().instant());
    long slack = Math.min(tier.room().maxBytes() / SLACK_SHARE, CacheTiers.gib(1));
    long wanted = missing + (tier.room().maxBytes() == Long.MAX_VALUE ? 0 : slack);
    candidates.replaceAll(
        each -> new Candidate(each.file(), each.bytes(), accesses.getOrDefault(each.file(), 0L)));
    candidates.sort(Comparator.comparingLong(Candidate::accessed).thenComparing(Candidate::file));
    long freed = 0;
    for (Candidate each : candidates) {
      if (freed >= wanted) {
        break;
      }
      checkpoint.run();
      String id = tier.lake().relativize(each.file()).toString().replace('\\', '/');
      if (!leased.contains(id) && remove(each.file(), id)) {
        freed += each.bytes();
        used -= each.bytes();
        tier.evicted(each.bytes());
      }
    }
  }

  private boolean remove(Path file, String id) throws IOException {
    if (isStore(file)) {
      // Whoever has it mapped keeps it.
      String name = String.valueOf(file.getFileName());
      String lock = name.substring(0, name.length() - STORE.length()) + STORE_LOCK;
      boolean removed = Files.deleteIfExists(file);
      Files.deleteIfExists(file.resolveSibling(lock));
      return removed;
    }
    // Whoever holds its lock is about to replace it or to use it.
    try (LockFile.Held held = lockOf(id)) {
      if (held == null || TierFolder.links(file) > 1) {
        return false;
      }
      tier.remove(file);
    } catch (NoSuchFileException e) {
      return false;
    }
    try {
      Files.delete(file.resolveSibling(""));
    } catch (DirectoryNotEmptyException | NoSuchFileException e) {
      // Others are left in it.
    }
    return true;
  }

  private LockFile.@Nullable Held lockOf(String id) {
    try {
      return tier.locks().tryLock(CacheKey.lock(id)).orElse(null);
    } catch (IOException e) {
      return tier.locks().unlocked();
    }
  }
}
