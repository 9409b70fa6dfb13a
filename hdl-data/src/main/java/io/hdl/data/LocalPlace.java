package io.hdl.data;

import io.hdl.data.delta.DataFile;
import io.hdl.data.delta.TableFiles;
import io.hdl.data.delta.TableHistory;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.series.CommitMark;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;

/** A table in a folder of this machine, which may be a mount of a lake. */
final class LocalPlace implements TablePlace {
  private final Path folder;
  private final Optional<String> address;

  /**
   * A table in a folder.
   *
   * @param address what people call it, if it is not the folder
   */
  LocalPlace(Path folder, Optional<String> address) {
    this.folder = folder.toAbsolutePath().normalize();
    this.address = address;
  }

  private TableFiles files() {
    return address.isPresent()
        ? TableFiles.mounted(folder, address.get())
        : TableFiles.local(folder);
  }

  @Override
  public String key() {
    return address.orElseGet(folder::toString);
  }

  @Override
  public String name() {
    return String.valueOf(folder.getFileName());
  }

  @Override
  public CommitMark mark(long version) {
    return CommitMark.of(folder, version);
  }

  @Override
  public TableSnapshot snapshot(TableVersion wanted, LongPredicate usable) {
    return TableSnapshot.open(files(), wanted);
  }

  @Override
  public TableHistory history() {
    return TableHistory.open(files());
  }

  @Override
  public Map<String, String> access() {
    Map<String, String> access = new LinkedHashMap<>();
    if (address.isPresent()) {
      access.put("mounted at", folder.toString());
    }
    return access;
  }

  @Override
  public void keep(TableSnapshot snapshot, List<DataFile> read) {}

  @Override
  public void close() {}
}
