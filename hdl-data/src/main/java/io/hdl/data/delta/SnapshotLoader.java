package io.hdl.data.delta;

import io.delta.kernel.Snapshot;
import io.delta.kernel.TableManager;
import io.delta.kernel.exceptions.KernelEngineException;
import io.delta.kernel.exceptions.KernelException;
import io.delta.kernel.exceptions.UnsupportedProtocolVersionException;
import io.delta.kernel.exceptions.UnsupportedTableFeatureException;
import io.delta.kernel.internal.actions.Protocol;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.column.Column;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Opens one table: finds the version that is meant, lets the protocol at that version choose the
 * log reader, and checks that the files are there.
 */
final class SnapshotLoader {
  private final Path table;
  private final String root;

  SnapshotLoader(Path table) {
    this.table = table;
    this.root = table.toAbsolutePath().normalize().toString();
  }

  TableSnapshot load(TableVersion wanted) {
    LogFolder log = LogFolder.list(table);
    try {
      Snapshot snapshot = resolve(wanted, log);
      TableSnapshot found = read(snapshot);
      List<Path> missing = missing(found);
      if (!missing.isEmpty()) {
        throw filesMissing(found, missing, log);
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

  private Snapshot resolve(TableVersion wanted, LogFolder log) {
    if (wanted instanceof TableVersion.Numbered number) {
      log.require(number.version());
      return guarded(
          () ->
              TableManager.loadSnapshot(root)
                  .atVersion(number.version())
                  .build(KernelEngine.get()));
    }
    Snapshot latest = guarded(() -> TableManager.loadSnapshot(root).build(KernelEngine.get()));
    if (wanted instanceof TableVersion.AsOf asOf) {
      return asOf(asOf.moment(), latest, log);
    }
    return latest;
  }

  private Snapshot asOf(Instant moment, Snapshot latest, LogFolder log) {
    if (moment.toEpochMilli() >= guarded(() -> latest.getTimestamp(KernelEngine.get()))) {
      return latest;
    }
    try {
      return TableManager.loadSnapshot(root)
          .atTimestamp(moment.toEpochMilli(), latest)
          .build(KernelEngine.get());
    } catch (UnsupportedTableFeatureException | UnsupportedProtocolVersionException e) {
      throw unsupported(e);
    } catch (KernelException e) {
      Snapshot earliest =
          guarded(
              () ->
                  TableManager.loadSnapshot(root)
                      .atVersion(log.earliest())
                      .build(KernelEngine.get()));
      throw new HdlException(
          ErrorCode.VERSION_NOT_FOUND,
          "Cannot open the table "
              + table
              + " as of "
              + moment
              + ": its oldest version, "
              + earliest.getVersion()
              + ", was committed at "
              + Instant.ofEpochMilli(earliest.getTimestamp(KernelEngine.get()))
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
    Optional<List<DataFile>> plain =
        protocol.getMinReaderVersion() == 1
            ? StandaloneLog.files(Path.of(root), snapshot.getVersion())
            : Optional.empty();
    List<DataFile> files =
        plain.orElseGet(() -> guarded(() -> KernelLog.files(snapshot, Path.of(root))));
    return new TableSnapshot(
        table.toString(),
        snapshot.getMetadata().getId(),
        snapshot.getVersion(),
        Instant.ofEpochMilli(guarded(() -> snapshot.getTimestamp(KernelEngine.get()))),
        columns(snapshot),
        snapshot.getPartitionColumnNames(),
        files,
        protocol.getMinReaderVersion(),
        List.copyOf(new TreeSet<>(protocol.getReaderFeatures())),
        plain.isPresent() ? LogReader.STANDALONE : LogReader.KERNEL);
  }

  private List<Column> columns(Snapshot snapshot) {
    try {
      return KernelSchema.columns(snapshot.getSchema(), KernelLog.mapping(snapshot));
    } catch (IllegalArgumentException e) {
      // How Delta Kernel refuses a schema, above all one with a type that it does not know.
      throw new HdlException(
          ErrorCode.UNSUPPORTED_FEATURE,
          "Cannot read the schema of the table "
              + table
              + " at version "
              + snapshot.getVersion()
              + ": "
              + FailureText.of(e)
              + ". Write the table without that type, or choose another version.",
          e);
    }
  }

  private static List<Path> missing(TableSnapshot snapshot) {
    List<Path> missing = new ArrayList<>();
    for (DataFile file : snapshot.files()) {
      if (!Files.exists(file.path())) {
        missing.add(file.path());
      }
      file.deletionVector()
          .flatMap(DeletionVector::file)
          .filter(path -> !Files.exists(path))
          .ifPresent(missing::add);
    }
    return missing;
  }

  private HdlException filesMissing(TableSnapshot found, List<Path> missing, LogFolder log) {
    String advice = "Restore them, or repair the table where it is written.";
    if (found.version() != log.latest()) {
      TableSnapshot latest = read(resolve(TableVersion.latest(), log));
      advice =
          missing(latest).isEmpty()
              ? "The newest version, " + latest.version() + ", is complete: read that one."
              : "Files of the newest version, " + latest.version() + ", are gone, too.";
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
            + " data files are gone, as after VACUUM (one of them: "
            + missing.get(0)
            + "). "
            + advice);
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
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot read the log of the table "
            + table
            + ": "
            + FailureText.of(e)
            + ". Repair the table where it is written, or choose another version.",
        e);
  }

  private HdlException unsupported(KernelException e) {
    // Delta Kernel names the first feature that it does not know and stops there.
    List<String> unknown =
        ProtocolFeatures.newest(table).stream().filter(KernelLog::isUnknownFeature).toList();
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
