package io.hdl.data.delta;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * One data file of a snapshot.
 *
 * @param address where it lies: an absolute path, or the address of an object
 * @param size its length in bytes
 * @param partitionValues values of the partition columns as the log writes them, by physical name;
 *     a column without an entry is null
 * @param statistics what the log knows of its rows
 * @param deletionVector which of its rows are deleted, if any are
 */
public record DataFile(
    String address,
    long size,
    Map<String, String> partitionValues,
    FileStatistics statistics,
    Optional<DeletionVector> deletionVector) {
  /** Copies the values. */
  public DataFile {
    partitionValues = Map.copyOf(partitionValues);
  }

  /** Number of rows in the file, deleted ones included, if the log knows it. */
  public OptionalLong rows() {
    return statistics.rows();
  }
}
