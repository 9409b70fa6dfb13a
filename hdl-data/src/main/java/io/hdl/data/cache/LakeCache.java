package io.hdl.data.cache;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.FileFailure;
import io.hdl.data.cache.Supply.Found;
import io.hdl.data.transfer.RemoteFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Files of the lake on the disks of this machine: each is fetched once, checked, and kept as long
 * as there is room.
 *
 * <pre>{@code
 * try (LakeCache cache = LakeCache.open(tiers, origin, CacheListener.none());
 *     HeldFile held = cache.hold(file, () -> {})) {
 *   read(held.path());
 * }
 * }</pre>
 *
 * <p>A file is looked for in the hot tier, then in the warm one, then fetched. What comes from the
 * lake is put into the hot tier and, in the background, into the warm one; what comes from the warm
 * tier is copied into the hot one. Of several threads and processes that want the same file one
 * fetches it; so it is, as a rule, of several machines. A file that fails its check is removed and
 * fetched anew.
 *
 * <p>A tier that cannot take a file is passed over; one that fails is left alone for a while, and
 * used again when it has come back: both are told once. Where no tier takes a file it is fetched
 * into a temporary folder for as long as it is held. So nothing but the lake itself, and a disk
 * without any room, keeps a file from being read.
 *
 * <p>Thread-safe. Whoever opens a cache closes it, after what it holds.
 */
public final class LakeCache implements AutoCloseable {
  private static final long REPORT_NANOS = 30_000_000_000L;

  private final Map<Tier, Counters> counters = new ConcurrentHashMap<>();
  private final List<TierPlace> places = new ArrayList<>();
  private final CacheVoice voice;
  private final Clock clock;
  private final ScratchPlace scratch;
  private final Supply supply;
  private final Flights flights;
  private final Background background;
  private final @Nullable WarmCopies copies;
  private final Set<FetchAhead> aheads = ConcurrentHashMap.newKeySet();
  private final AtomicLong reported = new AtomicLong(System.nanoTime());
  private final AtomicBoolean closed = new AtomicBoolean();

  private LakeCache(
      CacheTiers tiers, CacheOrigin origin, CacheListener listener, Clock clock, Path temporary) {
    this.clock = clock;
    voice = new CacheVoice(listener);
    tiers.hot().ifPresent(folder -> places.add(place(Tier.HOT, folder, tiers)));
    tiers.warm().ifPresent(folder -> places.add(place(Tier.WARM, folder, tiers)));
    scratch = new ScratchPlace(temporary, clock, countersOf(Tier.SCRATCH), voice);
    supply = new Supply(places, scratch, origin, countersOf(Tier.LAKE), voice);
    flights = new Flights(supply);
    copies = places.size() == 2 ? new WarmCopies(supply, places.get(1)) : null;
    if (copies != null) {
      supply.handTo(copies);
    }
    background = new Background(places, clock);
  }

  private TierPlace place(Tier tier, CacheTiers.Folder folder, CacheTiers tiers) {
    return new TierPlace(
        new TierSettings(
            tier, folder.path(), folder.maxBytes(), tiers.keepFree(), tiers.verification(), clock),
        countersOf(tier),
        voice);
  }

  private Counters countersOf(Tier tier) {
    return counters.computeIfAbsent(tier, each -> new Counters());
  }

  /**
   * Opens a cache. A tier that cannot be used is told and passed over.
   *
   * @param origin where files come from that no tier has
   */
  public static LakeCache open(CacheTiers tiers, CacheOrigin origin, CacheListener listener) {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
    return open(tiers, origin, listener, Clock.systemUTC(), temporary);
  }

  /** As {@link #open(CacheTiers, CacheOrigin, CacheListener)}, in another time and place. */
  static LakeCache open(
      CacheTiers tiers, CacheOrigin origin, CacheListener listener, Clock clock, Path temporary) {
    return new LakeCache(tiers, origin, listener, clock, temporary);
  }

  /**
   * A file, from the nearest place that has it; fetched if none has.
   *
   * @param checkpoint called now and then while waiting and fetching; what it throws ends that
   * @throws io.hdl.core.error.HdlException what the origin throws; {@code NO_SPACE} if there is no
   *     room for it anywhere
   */
  public HeldFile hold(RemoteFile file, Runnable checkpoint) {
    return hold(file, null, checkpoint);
  }

  HeldFile hold(RemoteFile file, @Nullable Instant modified, Runnable checkpoint) {
    CacheKey key = CacheKey.of(file);
    HeldFile held = obtain(key, Asker.READER, modified, checkpoint);
    for (FetchAhead ahead : aheads) {
      ahead.asked(key);
    }
    reportNowAndThen();
    return held;
  }

  private HeldFile obtain(
      CacheKey key, Asker asker, @Nullable Instant modified, Runnable checkpoint) {
    if (closed.get()) {
      throw new IllegalStateException("The cache is closed");
    }
    long start = System.nanoTime();
    Flights.Obtained obtained = flights.obtain(key, asker, modified, checkpoint);
    if (asker == Asker.READER) {
      countersOf(obtained.awaited()).waitedNanos.add(System.nanoTime() - start);
    }
    Found found = obtained.found();
    return new HeldFile(
        key.file(), found.place().tier(), found.pin().path(), () -> supply.release(found));
  }

  /** Whether a tier has a file. Nothing of it is checked but that it is there. */
  public boolean has(RemoteFile file) {
    CacheKey key = CacheKey.of(file);
    for (TierPlace place : places) {
      TierFolder folder = place.folder();
      if (folder != null && folder.has(key)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The files directly in a folder of the lake that the tiers have, by name: all that can be known
   * of it without the link. Of several sizes of one path all are given.
   */
  public List<CachedFile> known(URI folder) {
    Map<String, CachedFile> known = new LinkedHashMap<>();
    for (TierPlace place : places) {
      TierFolder present = place.folder();
      if (present != null) {
        try {
          for (CachedFile file : present.list(MirrorNames.folder(folder))) {
            known.putIfAbsent(CacheKey.of(file.file()).id(), file);
          }
        } catch (IOException e) {
          place.failed(present, e);
        }
      }
    }
    List<CachedFile> all = new ArrayList<>(known.values());
    all.sort(
        Comparator.comparing((CachedFile each) -> each.file().uri())
            .thenComparing(each -> each.file().size()));
    return List.copyOf(all);
  }

  /**
   * A local folder for files of a folder of the lake, empty at first.
   *
   * @param folder the folder whose files will be added
   * @throws io.hdl.core.error.HdlException if there is no disk to make it on
   */
  public MirrorFolder mirror(URI folder) {
    for (TierPlace place : places) {
      Optional<Path> made = mirrorIn(place);
      if (made.isPresent()) {
        return new MirrorFolder(folder, made.get(), this);
      }
    }
    Path made =
        mirrorIn(scratch.made())
            .orElseThrow(
                () ->
                    FileFailure.of(
                        "make a temporary folder in",
                        scratch.parent(),
                        new IOException("no folder can be made there")));
    return new MirrorFolder(folder, made, this);
  }

  private static Optional<Path> mirrorIn(TierPlace place) {
    TierFolder folder = place.folder();
    if (folder == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(folder.holder().folderFor("mirror"));
    } catch (IOException e) {
      place.failed(folder, e);
      return Optional.empty();
    }
  }

  /**
   * Fetches files in the background, in this order, a few at a time, ahead of {@link #hold}, within
   * a bounded space: what was fetched and not asked for yet stays, and where it has become too much
   * no more is fetched until some of it is. What goes wrong is left to {@link #hold}, which tries
   * again.
   */
  public FetchAhead ahead(List<RemoteFile> files) {
    return ahead(files, background.aheadBytes());
  }

  /** As {@link #ahead(List)}, within another space. */
  FetchAhead ahead(List<RemoteFile> files, long maxBytes) {
    FetchAhead[] made = new FetchAhead[1];
    made[0] =
        new FetchAhead(
            files,
            (file, checkpoint) -> obtain(CacheKey.of(file), Asker.AHEAD, null, checkpoint),
            background.threads(),
            Background.FETCHES,
            maxBytes,
            () -> aheads.remove(made[0]));
    aheads.add(made[0]);
    made[0].advance();
    return made[0];
  }

  /**
   * Keeps the files of a table's version in the warm tier, or in the hot one where there is no
   * warm: those that are there from now on, others from when they come there. A lease of the same
   * holder on the same version is replaced.
   *
   * @param holder for whom, as the name of a job or run
   * @param table the table's address
   * @param files what has to be there to read the version, files of the log included
   * @param until when it ends
   * @throws io.hdl.core.error.HdlException if there is no tier, or it cannot be written
   */
  public SnapshotLease lease(
      String holder, String table, long version, List<RemoteFile> files, Instant until) {
    TierPlace place = last();
    TierFolder folder = place == null ? null : place.folder();
    if (place != null && folder != null) {
      LeaseBook.Lease lease = new LeaseBook.Lease(holder, table, version, until, files);
      folder.lease(lease);
      return new SnapshotLease(supply, place, folder, lease);
    }
    throw new HdlException(
        ErrorCode.ENVIRONMENT_MISMATCH,
        "Cannot keep version "
            + version
            + " of "
            + table
            + " for "
            + holder
            + ": there is no cache tier that can be used. Name one with CacheTiers.");
  }

  /**
   * Those of some files that are not in the tier in which leases keep them: the warm one, or the
   * hot one where there is no warm; all, where there is none.
   */
  public List<RemoteFile> missing(List<RemoteFile> files) {
    TierPlace place = last();
    TierFolder folder = place == null ? null : place.folder();
    return folder == null ? List.copyOf(files) : folder.missing(files);
  }

  /**
   * Brings a file into the tier in which leases keep it, without holding it: before somebody needs
   * it.
   *
   * @param checkpoint called now and then; what it throws ends the fetch, which is taken up where
   *     it stopped the next time
   * @return whether it is there then; not if the tier has no room for it or cannot be written
   * @throws io.hdl.core.error.HdlException what the origin throws
   */
  public boolean bring(RemoteFile file, Runnable checkpoint) {
    TierPlace place = last();
    return place != null && supply.bringInto(place, CacheKey.of(file), checkpoint);
  }

  /** The tier in which leases keep files. */
  private @Nullable TierPlace last() {
    for (int i = places.size() - 1; i >= 0; i--) {
      if (places.get(i).folder() != null) {
        return places.get(i);
      }
    }
    return null;
  }

  /** The leases on a table that have not ended. */
  public List<SnapshotLease> leases(String table) {
    List<SnapshotLease> leases = new ArrayList<>();
    for (TierPlace place : places) {
      TierFolder folder = place.folder();
      if (folder != null) {
        try {
          for (LeaseBook.Lease lease : folder.leases().all(clock.instant())) {
            if (lease.table().equals(table)) {
              leases.add(new SnapshotLease(supply, place, folder, lease));
            }
          }
        } catch (IOException e) {
          place.failed(folder, e);
        }
      }
    }
    return List.copyOf(leases);
  }

  /** What the cache has done since it was opened. */
  public CacheStatistics statistics() {
    EnumMap<Tier, TierStatistics> now = new EnumMap<>(Tier.class);
    counters.forEach(
        (tier, of) -> {
          if (tier != Tier.SCRATCH || scratch.ifMade() != null) {
            now.put(tier, of.snapshot());
          }
        });
    return new CacheStatistics(now);
  }

  private void reportNowAndThen() {
    long last = reported.get();
    long now = System.nanoTime();
    if (now - last > REPORT_NANOS && reported.compareAndSet(last, now)) {
      voice.report(statistics());
    }
  }

  /**
   * Ends what runs in the background, waits for copies into the warm tier that have begun or stand
   * in line, at most a minute, and reports. Files that are still held can be read no more.
   * Idempotent.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    aheads.forEach(FetchAhead::close);
    background.close();
    if (copies != null) {
      copies.close();
    }
    voice.report(statistics());
    places.forEach(TierPlace::close);
    scratch.close();
  }
}
