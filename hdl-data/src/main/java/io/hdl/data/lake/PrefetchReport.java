package io.hdl.data.lake;

import java.net.URI;
import java.time.Duration;
import java.util.List;

/**
 * What a prefetch has done.
 *
 * @param tables for each table, in the order in which they were named
 * @param took how long it took, waiting for windows included
 */
public record PrefetchReport(List<Table> tables, Duration took) {
  /** Copies the tables. */
  public PrefetchReport {
    tables = List.copyOf(tables);
  }

  /**
   * One table.
   *
   * @param address its address
   * @param version the version that was brought
   * @param files how many files the version has, those of its log included
   * @param bytes how many bytes they have together
   * @param broughtFiles how many of them were brought now; others were there
   * @param broughtBytes how many bytes those have
   * @param missing what is not there still: the tier has no room for it, or the deadline passed
   */
  public record Table(
      String address,
      long version,
      int files,
      long bytes,
      int broughtFiles,
      long broughtBytes,
      List<URI> missing) {
    /** Copies the list. */
    public Table {
      missing = List.copyOf(missing);
    }
  }

  /** Whether everything is there. */
  public boolean complete() {
    return tables.stream().allMatch(table -> table.missing().isEmpty());
  }
}
