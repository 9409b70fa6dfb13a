package io.hdl.data.cache;

import io.hdl.core.storage.FileFailure;
import io.hdl.data.transfer.RemoteFile;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/**
 * Keeps the files of a table's version in the warm tier, or in the hot one where there is no warm,
 * until a time, whatever is needed there for others: the version can be read again when the lake
 * has removed it. It is a file of the tier and outlives the process. Thread-safe.
 */
public final class SnapshotLease {
  private final Supply supply;
  private final TierPlace place;
  private final TierFolder folder;
  private LeaseBook.Lease lease;

  SnapshotLease(Supply supply, TierPlace place, TierFolder folder, LeaseBook.Lease lease) {
    this.supply = supply;
    this.place = place;
    this.folder = folder;
    this.lease = lease;
  }

  /** For whom the files are kept. */
  public String holder() {
    return lease().holder();
  }

  /** The table's address. */
  public String table() {
    return lease().table();
  }

  /** The table's version. */
  public long version() {
    return lease().version();
  }

  /** When it ends. */
  public Instant until() {
    return lease().until();
  }

  /** The files that are kept. */
  public List<RemoteFile> files() {
    return lease().files();
  }

  /** The tier that they are kept in. */
  public Tier tier() {
    return place.tier();
  }

  /** Those of the files that are not in the tier yet. */
  public List<RemoteFile> missing() {
    return folder.missing(files());
  }

  /**
   * Brings into the tier what is missing there, from the hot tier or from the lake, one file after
   * the other.
   *
   * @param checkpoint called now and then; may throw
   * @return the files that are missing still, because the tier has no room for them or cannot be
   *     written
   * @throws io.hdl.core.error.HdlException what the origin throws
   */
  public List<RemoteFile> complete(Runnable checkpoint) {
    for (RemoteFile file : missing()) {
      checkpoint.run();
      supply.bringInto(place, CacheKey.of(file), checkpoint);
    }
    return missing();
  }

  /**
   * Moves its end.
   *
   * @throws io.hdl.core.error.HdlException if the tier cannot be written
   */
  public synchronized void renew(Instant until) {
    LeaseBook.Lease next =
        new LeaseBook.Lease(lease.holder(), lease.table(), lease.version(), until, lease.files());
    folder.leases().write(next);
    lease = next;
  }

  /**
   * Ends it. Idempotent.
   *
   * @throws io.hdl.core.error.HdlException if the tier cannot be written
   */
  public synchronized void release() {
    try {
      folder.leases().remove(lease);
    } catch (IOException e) {
      throw FileFailure.of("write to", place.path(), e);
    }
  }

  private synchronized LeaseBook.Lease lease() {
    return lease;
  }
}
