package io.hdl.core.job;

import io.hdl.core.error.Problems;
import java.util.Map;

/**
 * Where a job's data comes from. Implementations are immutable and can be opened more than once.
 *
 * @param <D> what the data is opened as, for instance a store of time series
 */
public interface DataSource<D> {
  /** Adds every problem that can be found without I/O. */
  void check(Problems problems);

  /** What identifies the data, by dotted name; part of a run's fingerprint and of its params. */
  Map<String, String> settings();

  /**
   * Opens the data. What is resolved at this moment (a table's latest version) is pinned through
   * {@link JobContext#pin}, so that a continued run reads the same data.
   *
   * @throws io.hdl.core.error.HdlException if the data cannot be read as specified
   */
  Opened<D> open(JobContext context);
}
