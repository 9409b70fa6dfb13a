package io.hdl.data.series;

import io.hdl.core.provenance.DataProvenance;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A store with all that was told when it was made, so that the table need not be asked again.
 *
 * @param store the series; the holder's to close
 * @param provenance where they came from
 * @param facts what is worth telling of them, by name
 * @param warnings what people should know of the values
 * @param commit what the version's commit looked like
 */
public record StoredSeries(
    SeriesStore store,
    DataProvenance provenance,
    Map<String, String> facts,
    List<String> warnings,
    CommitMark commit) {
  /** Copies the collections and keeps their order. */
  public StoredSeries {
    facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
    warnings = List.copyOf(warnings);
  }
}
