package io.hdl.core.provenance;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Where a job's data came from, exactly enough to get the same data again.
 *
 * @param name short name of the table, its last path segment
 * @param uri address of the table
 * @param version table version that was read
 * @param timestamp when that version was committed
 * @param tableId the table's own id, from its metadata
 * @param columns columns that were read, in order
 * @param specification what was made of them: roles, frequency, gaps, split
 * @param rows rows read, deleted rows left out
 * @param files data files read
 * @param access how it was reached this time, by name: identity, cache; no secrets, and no part of
 *     what the data are
 */
public record DataProvenance(
    String name,
    String uri,
    long version,
    Instant timestamp,
    String tableId,
    List<String> columns,
    Map<String, String> specification,
    long rows,
    long files,
    Map<String, String> access) {
  /** Copies the collections and keeps their order. */
  public DataProvenance {
    columns = List.copyOf(columns);
    specification = Collections.unmodifiableMap(new LinkedHashMap<>(specification));
    // Records of earlier releases have none.
    access = access == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(access));
  }

  /** Data of which nothing is known of how they were reached. */
  public DataProvenance(
      String name,
      String uri,
      long version,
      Instant timestamp,
      String tableId,
      List<String> columns,
      Map<String, String> specification,
      long rows,
      long files) {
    this(name, uri, version, timestamp, tableId, columns, specification, rows, files, Map.of());
  }

  /** The same data, reached in another way. */
  public DataProvenance reachedBy(Map<String, String> other) {
    return new DataProvenance(
        name, uri, version, timestamp, tableId, columns, specification, rows, files, other);
  }

  /** The same provenance with all its texts of people passed through a function. */
  public DataProvenance redacted(UnaryOperator<String> clean) {
    return new DataProvenance(
        clean.apply(name),
        clean.apply(uri),
        version,
        timestamp,
        tableId,
        columns,
        cleaned(specification, clean),
        rows,
        files,
        cleaned(access, clean));
  }

  private static Map<String, String> cleaned(
      Map<String, String> texts, UnaryOperator<String> clean) {
    Map<String, String> cleaned = new LinkedHashMap<>();
    texts.forEach((key, value) -> cleaned.put(key, clean.apply(value)));
    return cleaned;
  }
}
