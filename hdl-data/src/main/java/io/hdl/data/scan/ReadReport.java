package io.hdl.data.scan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a scan did not have to read, and what its last read gave.
 *
 * @param files data files of the snapshot
 * @param filesSkipped those of them that cannot hold a row that passes the filter, as their
 *     partition values or statistics tell; they were not opened
 * @param rowsSkipped rows in the skipped files, deleted ones included, as far as the log counts
 *     them
 * @param rowsDeleted rows in the other files that deletion vectors take out
 * @param rowsFiltered rows of the last read that did not pass the filter
 * @param rowsRead rows that the last read gave
 * @param bytesRead length of the files that were not skipped, columns that were not asked for
 *     included
 * @param fallbacks columns that hdl's own decoder could not take in some file and that went through
 *     parquet-java's reader, with the reason
 */
public record ReadReport(
    int files,
    int filesSkipped,
    long rowsSkipped,
    long rowsDeleted,
    long rowsFiltered,
    long rowsRead,
    long bytesRead,
    Map<String, String> fallbacks) {
  /** Copies the fallbacks and keeps their order. */
  public ReadReport {
    fallbacks = Collections.unmodifiableMap(new LinkedHashMap<>(fallbacks));
  }
}
