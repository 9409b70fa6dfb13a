package io.hdl.data;

import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.data.cache.CacheTiers;
import io.hdl.data.cache.SnapshotLease;
import io.hdl.data.delta.DataFile;
import io.hdl.data.delta.TableHistory;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.lake.LakeTable;
import io.hdl.data.series.CommitMark;
import io.hdl.data.storage.LakeAccess;
import io.hdl.data.storage.LakeAddress;
import io.hdl.data.transfer.FetchSettings;
import java.net.URI;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** A table of a lake. */
final class LakePlace implements TablePlace {
  private final DeltaSource source;
  private final LakeAddress address;
  private final Surroundings surroundings;
  private @Nullable LakeTable table;

  LakePlace(DeltaSource source, LakeAddress address, Surroundings surroundings) {
    this.source = source;
    this.address = address;
    this.surroundings = surroundings;
  }

  private LakeAccess way() {
    return source.access().orElseGet(LakeAccess::fromEnvironment);
  }

  private LakeTable table() {
    LakeTable open = table;
    if (open == null) {
      LakeAccess access = way();
      open =
          LakeTable.open(
              address,
              access,
              FetchSettings.defaults().retry(access.retry()),
              source.cache().orElseGet(surroundings::defaultTiers),
              surroundings.cacheListener(),
              surroundings::checkpoint);
      table = open;
    }
    return open;
  }

  @Override
  public String key() {
    return address.toString();
  }

  @Override
  public String name() {
    String path = address.path();
    return path.isEmpty() ? address.container() : path.substring(path.lastIndexOf('/') + 1);
  }

  @Override
  public CommitMark mark(long version) {
    // Not seen without asking the lake; a version does not change.
    return new CommitMark(0, 0);
  }

  @Override
  public TableSnapshot snapshot(TableVersion wanted, LongPredicate usable) {
    LakeTable open = table();
    return open.snapshot(wanted, cached -> usable.test(cached.version()) || open.isCached(cached));
  }

  @Override
  public TableHistory history() {
    return table().history();
  }

  @Override
  public Map<String, String> access() {
    Map<String, String> access = new LinkedHashMap<>();
    LakeTable open = table;
    if (open == null) {
      // A warm start loads nothing that asks the lake.
      access.put("lake", "not asked: what was made of the table lies on this machine");
      return access;
    }
    if (open.usedLink()) {
      LakeAccess way = way();
      access.put("lake", way.endpoint().map(URI::toString).orElse("the account's own endpoint"));
      access.put("identity", way.identity());
    } else {
      access.put("lake", "not asked: all was cached");
    }
    CacheTiers tiers = open.tiers();
    tiers.hot().ifPresent(hot -> access.put("hot tier", text(hot)));
    tiers.warm().ifPresent(warm -> access.put("warm tier", text(warm)));
    return access;
  }

  private static String text(CacheTiers.Folder tier) {
    return tier.maxBytes() == Long.MAX_VALUE
        ? tier.path().toString()
        : tier.path() + ", at most " + tier.maxBytes() + " bytes";
  }

  @Override
  public void keep(TableSnapshot snapshot, List<DataFile> read) {
    CacheTiers tiers = table().tiers();
    boolean nowhere = tiers.hot().isEmpty() && tiers.warm().isEmpty();
    if (surroundings.holder().isEmpty() || source.kept().isZero() || nowhere) {
      return;
    }
    Instant until = surroundings.clock().instant().plus(source.kept());
    try {
      SnapshotLease lease = table().lease(surroundings.holder().get(), snapshot, read, until);
      int missing = lease.complete(surroundings::checkpoint).size();
      if (missing > 0) {
        surroundings.warning(
            "Of version "
                + snapshot.version()
                + " of "
                + address
                + " "
                + missing
                + " files are not kept in the cache: the run cannot be replayed once the lake has"
                + " removed them. Give the tier more room.");
      }
    } catch (JobCancelledException e) {
      throw e;
    } catch (HdlException e) {
      surroundings.warning(
          "Version "
              + snapshot.version()
              + " of "
              + address
              + " is not kept for this run: "
              + e.getMessage());
    }
  }

  @Override
  public void close() {
    LakeTable open = table;
    table = null;
    if (open != null) {
      open.close();
    }
  }
}
