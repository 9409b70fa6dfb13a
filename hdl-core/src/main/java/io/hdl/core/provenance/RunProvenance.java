package io.hdl.core.provenance;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Everything that a run depends on, recorded with its result.
 *
 * @param data the data, once it is open
 * @param settings settings of the job, source, trainer and tracker, by dotted name
 * @param seed the seed that every random choice comes from
 * @param software versions by name: hdl, java, DJL, libtorch, ...
 * @param host what it ran on: operating system, CPUs, memory, GPUs, driver, rules that applied
 */
public record RunProvenance(
    Optional<DataProvenance> data,
    Map<String, String> settings,
    long seed,
    Map<String, String> software,
    Map<String, String> host) {
  /** Copies the maps and keeps their order. */
  public RunProvenance {
    settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    software = Collections.unmodifiableMap(new LinkedHashMap<>(software));
    host = Collections.unmodifiableMap(new LinkedHashMap<>(host));
  }

  /** The same provenance with the data filled in. */
  public RunProvenance withData(DataProvenance opened) {
    return new RunProvenance(Optional.of(opened), settings, seed, software, host);
  }
}
