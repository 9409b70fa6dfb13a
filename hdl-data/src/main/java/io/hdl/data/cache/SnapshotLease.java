package io.hdl.data.cache;

import io.hdl.data.transfer.RemoteFile;
import java.time.Instant;
import java.util.List;

/**
 * Keeps the files of a table's version in the warm tier, or in the hot one where there is no warm,
 * until a time, whatever is needed there for others: the version can be read again when the lake
 * has removed it. It is a file of the tier and outlives the process. Thread-safe.
 */
public final class SnapshotLease {
  SnapshotLease() {}

  /** For whom the files are kept. */
  public String holder() {
    throw new UnsupportedOperationException();
  }

  /** The table's address. */
  public String table() {
    throw new UnsupportedOperationException();
  }

  /** The table's version. */
  public long version() {
    throw new UnsupportedOperationException();
  }

  /** When it ends. */
  public Instant until() {
    throw new UnsupportedOperationException();
  }

  /** The files that are kept. */
  public List<RemoteFile> files() {
    throw new UnsupportedOperationException();
  }

  /** Those of the files that are not in the tier yet. */
  public List<RemoteFile> missing() {
    throw new UnsupportedOperationException();
  }

  /**
   * Brings into the tier what is missing there, from the hot tier or from the lake.
   *
   * @param checkpoint called now and then; may throw
   * @return the files that are missing still, because the tier has no room for them or cannot be
   *     written
   */
  public List<RemoteFile> complete(Runnable checkpoint) {
    throw new UnsupportedOperationException();
  }

  /** Moves its end. */
  public void renew(Instant until) {
    throw new UnsupportedOperationException();
  }

  /** Ends it. Idempotent. */
  public void release() {
    throw new UnsupportedOperationException();
  }
}
