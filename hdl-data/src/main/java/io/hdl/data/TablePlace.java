package io.hdl.data;

import io.hdl.data.delta.DataFile;
import io.hdl.data.delta.TableHistory;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.series.CommitMark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/**
 * Where a source's table lies. Nothing is opened before it is needed: a warm start needs nothing.
 * Belongs to one thread, which closes it after all that reads from its snapshots.
 */
interface TablePlace extends AutoCloseable {
  /** The place of a source's table. */
  static TablePlace of(DeltaSource source, Surroundings surroundings) {
    TableAddress address = new TableAddress(source.uri());
    if (!address.isRemote()) {
      return new LocalPlace(address.path(), Optional.empty());
    }
    Optional<Path> mounted =
        source.access().isPresent() && source.cache().isEmpty()
            ? source.access().get().mounts().path(address.lake())
            : Optional.empty();
    return mounted.isPresent()
        ? new LocalPlace(mounted.get(), Optional.of(address.lake().toString()))
        : new LakePlace(source, address.lake(), surroundings);
  }

  /** The table's address in its one form. */
  String key();

  /** A short name, the last part of the address. */
  String name();

  /** What can be seen of a version without reading the log. */
  CommitMark mark(long version);

  /**
   * Opens a version.
   *
   * @param usable which versions can be used without the link although they are not cached as a
   *     whole
   */
  TableSnapshot snapshot(TableVersion wanted, LongPredicate usable);

  /** The versions of the table. */
  TableHistory history();

  /** How the table is reached, by name, for the provenance. */
  Map<String, String> access();

  /**
   * Keeps a version that was read for whoever reads it.
   *
   * @param read the data files that were read of it
   */
  void keep(TableSnapshot snapshot, List<DataFile> read);

  @Override
  void close();
}
