package io.hdl.benchmarks.peers;

import io.hdl.data.scan.FloatColumns;
import java.io.IOException;
import java.nio.file.Path;

/** A way to read a table's columns of numbers as floats. */
interface TableReader {
  /**
   * Reads all rows.
   *
   * @param into where the columns go, [column][row], NaN where null
   * @return number of rows
   */
  long read(Path table, int threads, FloatColumns into) throws IOException;
}
