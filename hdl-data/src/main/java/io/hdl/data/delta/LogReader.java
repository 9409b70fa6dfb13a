package io.hdl.data.delta;

/** The library that read a table's log. */
public enum LogReader {
  /** delta-standalone, for tables of reader version 1. */
  STANDALONE,
  /** Delta Kernel, for all other tables. */
  KERNEL
}
