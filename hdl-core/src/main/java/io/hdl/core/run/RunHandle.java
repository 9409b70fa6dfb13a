package io.hdl.core.run;

import io.hdl.core.json.Json;
import io.hdl.core.storage.AtomicPublish;
import java.time.Clock;
import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.Supplier;

/**
 * A run that this process holds. Every change of its record is on disk, atomically, before the
 * method returns. Thread-safe.
 */
public final class RunHandle implements AutoCloseable {
  private final RunDirectory directory;
  private final RunLock lock;
  private final Clock clock;
  private RunRecord record;

  private RunHandle(RunDirectory directory, RunLock lock, RunRecord record, Clock clock) {
    this.directory = directory;
    this.lock = lock;
    this.record = record;
    this.clock = clock;
  }

  static RunHandle open(RunDirectory directory, RunLock lock, RunRecord record, Clock clock) {
    RunHandle handle = new RunHandle(directory, lock, record, clock);
    try {
      handle.write(record);
    } catch (RuntimeException e) {
      lock.close();
      throw e;
    }
    return handle;
  }

  /** The run's files. */
  public RunDirectory directory() {
    return directory;
  }

  /** The record as it is on disk. */
  public synchronized RunRecord record() {
    return record;
  }

  /** Whether this is not the first attempt at the run. */
  public boolean resumed() {
    return record().attempts() > 1;
  }

  /** Changes the record; the function gets the present one and the current time. */
  public synchronized void update(BiFunction<RunRecord, Instant, RunRecord> change) {
    write(change.apply(record, clock.instant()));
  }

  /** The pinned value of a name; the supplied one, pinned from now on, if there is none. */
  public synchronized String pin(String name, Supplier<String> resolve) {
    String pinned = record.pins().get(name);
    if (pinned != null) {
      return pinned;
    }
    String value = resolve.get();
    update((now, at) -> now.withPin(name, value, at));
    return value;
  }

  private void write(RunRecord next) {
    AtomicPublish.text(directory.record(), Json.writePretty(next) + "\n");
    record = next;
  }

  /** Releases the run for other processes. Idempotent. */
  @Override
  public void close() {
    lock.close();
  }
}
