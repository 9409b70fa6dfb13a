package io.hdl.core.run;

import io.hdl.core.provenance.RunProvenance;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The content of {@code run.json}: all that is needed to continue a run or to tell what it was.
 *
 * @param job name of the job
 * @param runId id of the run, unique within the home directory
 * @param state where the run stands
 * @param created when the run began
 * @param updated when this record was written
 * @param fingerprint SHA-256 of the settings, in hex; a run is continued only by a job with the
 *     same one
 * @param attempts how many times the run was started or continued
 * @param pins values resolved once and kept, such as the table version behind {@code latest()}
 * @param provenance what the run depends on
 * @param error the failure's message, if the run failed
 */
public record RunRecord(
    String job,
    String runId,
    RunState state,
    Instant created,
    Instant updated,
    String fingerprint,
    int attempts,
    Map<String, String> pins,
    RunProvenance provenance,
    Optional<String> error) {
  /** Copies the pins and keeps their order. */
  public RunRecord {
    pins = Collections.unmodifiableMap(new LinkedHashMap<>(pins));
  }

  /** The same record after the run's end. */
  public RunRecord ended(RunEnd end, Instant at) {
    return new RunRecord(
        job,
        runId,
        end.state(),
        created,
        at,
        fingerprint,
        attempts,
        pins,
        provenance,
        end.reason());
  }

  /** The same record with one more attempt, running. */
  public RunRecord nextAttempt(RunProvenance current, Instant at) {
    return new RunRecord(
        job,
        runId,
        RunState.RUNNING,
        created,
        at,
        fingerprint,
        attempts + 1,
        pins,
        current,
        Optional.empty());
  }

  /** The same record with one more pin. */
  public RunRecord withPin(String name, String value, Instant at) {
    Map<String, String> more = new LinkedHashMap<>(pins);
    more.put(name, value);
    return new RunRecord(
        job, runId, state, created, at, fingerprint, attempts, more, provenance, error);
  }

  /** The same record with the data's provenance. */
  public RunRecord withProvenance(RunProvenance next, Instant at) {
    return new RunRecord(job, runId, state, created, at, fingerprint, attempts, pins, next, error);
  }
}
