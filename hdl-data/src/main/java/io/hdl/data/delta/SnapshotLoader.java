package io.hdl.data.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.engine.Engine;
import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.UnsupportedProtocolVersionException;
import io.delta.kernel.exceptions.UnsupportedTableFeatureException;
import io.delta.kernel.internal.actions.Protocol;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Opens one table: finds the version that is meant, lets the protocol at that version choose the
 * log reader, and checks that the files are there.
 */
final class SnapshotLoader {
  private static final Set<String> CATALOG_MANAGED =
      Set.of("catalogManaged", "catalogOwned", "catalogOwned-preview");

  private final TableFiles files;
  private final String table;
  private final String root;
  private final LogFolder log;
  private final Engine engine;

  private SnapshotLoader(TableFiles files, TableVersion wanted) {
    this.files = files;
    this.table = files.address();
    this.root = LogRoot.of(files);
    this.log = LogFolder.list(files, wanted);
    this.engine = KernelEngine.over(log);
  }

  static TableSnapshot load(TableFiles files, TableVersion wanted) {
    return new SnapshotLoader(files, wanted).load(wanted);
  }

  private TableSnapshot load(TableVersion wanted) {
    try {
      Snapshot snapshot = resolve(wanted);
      TableSnapshot found = read(snapshot);
      List<Path> missing = MissingFiles.of(found);
      if (!missing.isEmpty()) {
        throw filesMissing(found, missing);
      }
      return found;
    } catch (HdlException e) {
      throw e;
    } catch (Exception | StackOverflowError | OutOfMemoryError e) {
      // On a damaged log the libraries throw anything, checked exceptions that they do not declare
      // among it.
      throw unreadable(e);
    }
  }

  private Snapshot resolve(TableVersion wanted) {
    if (wanted instanceof TableVersion.Numbered number) {
      log.require(number.version());
      return guarded(
          () -> TableManager.loadSnapshot(root).atVersion(number.version()).build(engine));
    }
    Snapshot latest = guarded(() -> TableManager.loadSnapshot(root).build(engine));
    if (wanted instanceof TableVersion.AsOf asOf) {
      return asOf(asOf.moment(), latest);
    }
    return latest;
  }

  private Snapshot asOf(Instant moment, Snapshot latest) {
    if (moment.toEpochMilli() >= guarded(() -> latest.getTimestamp(engine))) {
      return latest;
    }
    try {
      return TableManager.loadSnapshot(root)
          .atTimestamp(moment.toEpochMilli(), latest)
          .build(engine);
    } catch (UnsupportedTableFeatureException | UnsupportedProtocolVersionException e) {
      throw unsupported(e);
    } catch (KernelException e) {
      Snapshot earliest =
          guarded(() -> TableManager.loadSnapshot(root).atVersion(log.earliest()).build(engine));
      throw new HdlException(
          ErrorCode.VERSION_NOT_FOUND,
          "Cannot open the table "
              + table
              + " as of "
              + moment
              + ": its oldest version, "
              + earliest.getVersion()
              + ", was committed at "
              + Instant.ofEpochMilli(earliest.getTimestamp(engine))
              + ". Choose a later moment or a version from "
              + log.earliest()
              + " to "
              + log.latest()
              + ".",
          e);
    }
  }

  /** Reads the files of a version through the library that its protocol asks for. */
  private TableSnapshot read(Snapshot snapshot) {
    Protocol protocol = snapshot.getProtocol();
    Optional<String> empty = guarded(() -> KernelLog.emptyCommit(snapshot));
    if (empty.isPresent()) {
      throw unreadable(
          "the commit " + empty.get() + " is empty, as when its writer was interrupted", null);
    }
    Optional<List<DataFile>> plain =
        protocol.getMinReaderVersion() == 1 ? plainFiles(snapshot.getVersion()) : Optional.empty();
    List<DataFile> found =
        plain.orElseGet(() -> guarded(() -> KernelLog.files(snapshot, engine, files)));
    return new TableSnapshot(
        table,
        snapshot.getMetadata().getId(),
        snapshot.getVersion(),
        Instant.ofEpochMilli(guarded(() -> snapshot.getTimestamp(engine))),
        guarded(() -> KernelLog.columns(snapshot, table)),
        snapshot.getPartitionColumnNames(),
        found,
        protocol.getMinReaderVersion(),
        List.copyOf(new TreeSet<>(protocol.getReaderFeatures())),
        plain.isPresent() ? LogReader.STANDALONE : LogReader.KERNEL,
        files);
  }

  /** Through delta-standalone; empty if it stumbles over something that came after the version. */
  private Optional<List<DataFile>> plainFiles(long version) {
    try {
      return StandaloneLog.files(log, version);
    } catch (RuntimeException e) {
      if (version < log.latest()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private HdlException filesMissing(TableSnapshot found, List<Path> missing) {
    String advice = "Restore them, or repair the table where it is written.";
    if (found.version() != log.latest()) {
      TableSnapshot latest = read(resolve(TableVersion.latest()));
      advice =
          MissingFiles.of(latest).isEmpty()
              ? "The newest version, " + latest.version() + ", is complete: read that one."
              : "Files of the newest version, " + latest.version() + ", are gone, too.";
    }
    Optional<Long> oldest = oldestReadable();
    if (oldest.isPresent()) {
      advice += " The oldest version that can still be read is " + oldest.get() + ".";
    }
    return new HdlException(
        ErrorCode.DATA_FILES_MISSING,
        "Cannot read version "
            + found.version()
            + " of the table "
            + table
            + ": "
            + missing.size()
            + " of its "
            + found.files().size()
            + " data files are gone, as after VACUUM (among them: "
            + missing.stream().limit(3).map(Path::toString).collect(Collectors.joining(", "))
            + "). "
            + advice);
  }

  private Optional<Long> oldestReadable() {
    try {
      TableSnapshot oldest = read(resolve(TableVersion.number(log.earliest())));
      return ReadableVersions.oldest(log, oldest.files());
    } catch (HdlException e) {
      return Optional.empty();
    }
  }

  private <T> T guarded(Supplier<T> call) {
    try {
      return call.get();
    } catch (UnsupportedTableFeatureException | UnsupportedProtocolVersionException e) {
      throw unsupported(e);
    } catch (KernelEngineException | KernelException e) {
      throw unreadable(e);
    }
  }

  private HdlException unreadable(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof HdlException already) {
        return already;
      }
    }
    if (e instanceof OutOfMemoryError) {
      return new HdlException(
          ErrorCode.OUT_OF_MEMORY,
          "Cannot read the log of the table "
              + table
              + ": there is not enough memory for it. Start the JVM with a larger -Xmx; if that"
              + " does not help, the log is damaged: repair the table where it is written.",
          e);
    }
    if (ProtocolFeatures.newest(log).stream().anyMatch(CATALOG_MANAGED::contains)) {
      return new HdlException(
          ErrorCode.UNSUPPORTED_FEATURE,
          "Cannot read the table "
              + table
              + ": its commits are managed by a catalog (feature catalogManaged), so that its"
              + " folder alone does not tell its newest version. Write the table without it, or"
              + " read a copy.",
          e);
    }
    return unreadable(FailureText.of(e), e);
  }

  private HdlException unreadable(String why, @Nullable Throwable cause) {
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot read the log of the table "
            + table
            + ": "
            + why
            + ". Repair the table where it is written, or choose another version.",
        cause);
  }

  private HdlException unsupported(KernelException e) {
    // Delta Kernel names the first feature that it does not know and stops there.
    List<String> unknown =
        ProtocolFeatures.newest(log).stream().filter(KernelLog::isUnknownFeature).toList();
    if (unknown.size() > 1) {
      return new HdlException(
          ErrorCode.UNSUPPORTED_FEATURE,
          "Cannot read the table "
              + table
              + ": it requires the features "
              + String.join(", ", unknown)
              + ", which are not supported. Write the table without them, or drop them with ALTER"
              + " TABLE … DROP FEATURE.",
          e);
    }
    return new HdlException(
        ErrorCode.UNSUPPORTED_FEATURE,
        "Cannot read the table "
            + table
            + ": "
            + e.getMessage()
            + " Write the table without it, or drop the feature with ALTER TABLE … DROP FEATURE.",
        e);
  }
}
