package io.hdl.data.lake;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.ObjectStore.Stat;
import io.hdl.data.cache.CachedFile;
import io.hdl.data.cache.LakeCache;
import io.hdl.data.cache.MirrorFolder;
import io.hdl.data.delta.LogSegment;
import io.hdl.data.delta.TableFiles;
import io.hdl.data.delta.TableFiles.LogFile;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.storage.LakeAddress;
import io.hdl.data.transfer.RemoteFile;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The log of a table of a lake. Names, sizes and times come from a listing over the link, from the
 * newest checkpoint on that is in the cache; the files themselves come through the cache. A version
 * of which the cache has all log files is listed from there and nowhere else: they never change.
 * Neither a listing nor {@code _last_checkpoint} is ever kept. Thread-safe.
 */
final class LakeLog implements AutoCloseable {
  private static final String FOLDER = "_delta_log";

  private record Listed(LogFile log, RemoteFile file) {}

  private final LakeAddress table;
  private final LakeAddress log;
  private final URI folder;
  private final LakeLink link;
  private final LakeCache cache;
  private final Runnable checkpoint;
  private final Map<String, Listed> listed = new ConcurrentHashMap<>();
  private final Map<RemoteFile, Path> brought = new ConcurrentHashMap<>();
  private final LogAhead ahead = new LogAhead(this::bring);
  private volatile boolean cachedOnly;
  private @Nullable MirrorFolder mirror;

  LakeLog(LakeAddress table, LakeLink link, LakeCache cache, Runnable checkpoint) {
    this.table = table;
    this.log = table.resolve(FOLDER);
    this.folder = log.uri();
    this.link = link;
    this.cache = cache;
    this.checkpoint = checkpoint;
  }

  /** From now on nothing is asked of the lake: it cannot be reached. */
  void useCachedOnly() {
    cachedOnly = true;
  }

  /** The files that tell of a version, or that it takes to find out which one is meant. */
  List<LogFile> list(TableVersion wanted) {
    if (wanted instanceof TableVersion.Numbered number) {
      Optional<List<Listed>> cached = cached(number.version());
      return cached.isPresent() ? remember(cached.get()) : online(number.version());
    }
    if (wanted instanceof TableVersion.Latest) {
      return online(Long.MAX_VALUE);
    }
    return remember(fromLake(""));
  }

  /** The versions of which the cache has all log files, newest first. */
  List<Long> cachedVersions(int atMost) {
    List<Long> versions = new ArrayList<>();
    Collection<Listed> known = known();
    for (long version : LogSegment.versions(logs(known), Integer.MAX_VALUE)) {
      if (versions.size() < atMost && cached(known, version).isPresent()) {
        versions.add(version);
      }
    }
    return versions;
  }

  private Optional<List<Listed>> cached(long version) {
    return cached(known(), version);
  }

  private static Optional<List<Listed>> cached(Collection<Listed> known, long version) {
    Optional<List<LogFile>> segment = LogSegment.of(logs(known), version);
    if (segment.isEmpty() || !rises(segment.get())) {
      return Optional.empty();
    }
    Set<LogFile> files = new HashSet<>(segment.get());
    return Optional.of(known.stream().filter(file -> files.contains(file.log())).toList());
  }

  /**
   * Whether each commit was written after those before it. If not, the cache may hold files of two
   * tables that lay at the address one after the other.
   */
  private static boolean rises(List<LogFile> segment) {
    Instant before = Instant.MIN;
    for (LogFile file : segment) {
      if (!file.name().contains(".checkpoint")) {
        if (file.modified().isBefore(before)) {
          return false;
        }
        before = file.modified();
      }
    }
    return true;
  }

  /** What the cache has of the log, without names of which it has several files. */
  private Collection<Listed> known() {
    Map<String, Listed> files = new HashMap<>();
    Set<String> ambiguous = new HashSet<>();
    for (CachedFile cached : cache.known(folder)) {
      RemoteFile file = cached.file();
      String name = LakePaths.name(file.uri());
      Listed found = new Listed(new LogFile(name, file.size(), cached.modified()), file);
      Listed other = files.put(name, found);
      if (other != null && !other.file().equals(file)) {
        ambiguous.add(name);
      }
    }
    ambiguous.forEach(files::remove);
    return files.values();
  }

  private static List<LogFile> logs(Collection<Listed> files) {
    return files.stream().map(Listed::log).toList();
  }

  /** Lists from the newest cached checkpoint on; all of it where that does not suffice. */
  private List<LogFile> online(long version) {
    OptionalLong start = LogSegment.newestCheckpoint(logs(known()), version);
    if (start.isPresent()) {
      List<Listed> found = fromLake(String.format("%020d", start.getAsLong()));
      List<LogFile> logs = logs(found);
      OptionalLong newest = LogSegment.newestVersion(logs);
      if (newest.isPresent()
          && (version == Long.MAX_VALUE || version <= newest.getAsLong())
          && LogSegment.of(logs, Math.min(version, newest.getAsLong())).isPresent()) {
        return prepare(found, version);
      }
    }
    return prepare(fromLake(""), version);
  }

  /** Has the files on their way that a version, or the newest one before it, needs. */
  private List<LogFile> prepare(List<Listed> found, long version) {
    List<LogFile> logs = remember(found);
    OptionalLong newest = LogSegment.newestVersion(logs);
    if (newest.isPresent()) {
      LogSegment.of(logs, Math.min(version, newest.getAsLong())).ifPresent(this::ahead);
    }
    return logs;
  }

  private List<Listed> fromLake(String firstName) {
    if (cachedOnly) {
      throw new HdlException(
          ErrorCode.UNAVAILABLE, "Cannot list " + folder + ": the lake cannot be reached.");
    }
    checkpoint.run();
    List<Listed> found = new ArrayList<>();
    for (Stat stat : link.list(folder, firstName)) {
      String name = LakePaths.name(stat.uri());
      if (!name.startsWith("_")) {
        // Times of the log are in whole milliseconds.
        Instant modified = Instant.ofEpochMilli(stat.modified().toEpochMilli());
        found.add(
            new Listed(
                new LogFile(name, stat.size(), modified),
                new RemoteFile(stat.uri(), stat.size(), stat.etag())));
      }
    }
    if (found.isEmpty() && link.list(table.uri(), "").isEmpty()) {
      throw new HdlException(
          ErrorCode.NOT_FOUND,
          "Cannot open the table "
              + table
              + ": nothing lies at this address. Check the account, the container and the path.");
    }
    return found;
  }

  private List<LogFile> remember(List<Listed> files) {
    files.forEach(file -> listed.put(file.log().name(), file));
    List<LogFile> logs = new ArrayList<>(logs(files));
    logs.sort((one, other) -> one.name().compareTo(other.name()));
    return logs;
  }

  /** Begins to fetch files. */
  void ahead(List<LogFile> files) {
    ahead.begin(files);
  }

  private RemoteFile remote(LogFile file) {
    Listed known = listed.get(file.name());
    if (known != null) {
      return known.file();
    }
    URI uri = log.resolve(file.name()).uri();
    return file.size() != TableFiles.UNKNOWN_SIZE
        ? RemoteFile.of(uri, file.size())
        : link.stat(uri)
            .map(stat -> new RemoteFile(uri, stat.size(), stat.etag()))
            .orElseThrow(
                () ->
                    new HdlException(
                        ErrorCode.NOT_FOUND, "Cannot read " + uri + ": there is no such file."));
  }

  /** A file of the log, here. */
  Path bring(LogFile file) {
    RemoteFile remote = remote(file);
    Path here = brought.get(remote);
    if (here != null) {
      return here;
    }
    if (cachedOnly && !cache.has(remote)) {
      throw new HdlException(
          ErrorCode.UNAVAILABLE,
          "Cannot read " + remote.uri() + ": the lake cannot be reached, and it is not cached.");
    }
    Listed known = listed.get(file.name());
    Instant modified = known == null ? file.modified() : known.log().modified();
    Path path = mirror().add(remote, modified, checkpoint);
    brought.put(remote, path);
    return path;
  }

  private synchronized MirrorFolder mirror() {
    MirrorFolder folders = mirror;
    if (folders == null) {
      folders = cache.mirror(folder);
      mirror = folders;
    }
    return folders;
  }

  /**
   * The files that a version was read from.
   *
   * @param version one that was opened
   */
  List<RemoteFile> filesOf(long version) {
    Set<RemoteFile> files = new HashSet<>();
    LogSegment.of(logs(listed.values()), version)
        .ifPresent(segment -> segment.forEach(file -> files.add(remote(file))));
    // Sidecars are named by a checkpoint alone; those of other versions do no harm.
    brought.keySet().stream()
        .filter(file -> file.uri().getPath().contains("/" + FOLDER + "/_sidecars/"))
        .forEach(files::add);
    return List.copyOf(files);
  }

  @Override
  public void close() {
    ahead.close();
    MirrorFolder folders;
    synchronized (this) {
      folders = mirror;
      mirror = null;
    }
    if (folders != null) {
      folders.close();
    }
  }
}
