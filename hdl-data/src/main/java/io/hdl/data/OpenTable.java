package io.hdl.data;

import io.hdl.data.delta.TableHistory;
import io.hdl.data.delta.TableSnapshot;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A table that was opened outside a job, wherever it lies.
 *
 * <pre>{@code
 * try (OpenTable table = DeltaSource.at("abfss://curated@contoso.dfs.core.windows.net/sales").open()) {
 *   TableProfile profile = TableProfile.of(table.snapshot(), ProfileSpec.allColumns(), 4, () -> {});
 *   List<TableHistory.Version> versions = table.history().versions();
 * }
 * }</pre>
 *
 * <p>Belongs to one thread, which closes it after all that reads from it.
 */
public final class OpenTable implements AutoCloseable {
  private final DeltaSource source;
  private final TablePlace place;
  private @Nullable TableSnapshot snapshot;

  OpenTable(DeltaSource source) {
    this.source = source;
    this.place = TablePlace.of(source, Surroundings.outsideAJob(Optional.empty()));
  }

  /**
   * The version that the source means; it is looked for once.
   *
   * @throws io.hdl.core.error.HdlException as {@link TableSnapshot#open}; of a lake also with
   *     {@code UNAVAILABLE}, {@code UNAUTHENTICATED} and {@code PERMISSION_DENIED}
   */
  public TableSnapshot snapshot() {
    TableSnapshot found = snapshot;
    if (found == null) {
      found = place.snapshot(source.version(), version -> false);
      snapshot = found;
    }
    return found;
  }

  /** The versions of the table. */
  public TableHistory history() {
    return place.history();
  }

  /** Lets go of the table's files. Idempotent. */
  @Override
  public void close() {
    place.close();
  }
}
