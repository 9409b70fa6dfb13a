package io.hdl.data.series;

/** Which series of a table are kept. */
public enum SeriesFilter {
  /** Every series. */
  ALL,
  /** The series with a row for every step from the table's first to its last. */
  COMPLETE
}
