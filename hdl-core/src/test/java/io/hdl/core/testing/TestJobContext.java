package io.hdl.core.testing;

import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.job.Cancellation;
import io.hdl.core.job.JobContext;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.job.Tracker;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.provenance.RunProvenance;
import io.hdl.core.run.RunDirectory;
import io.hdl.core.run.RunRecord;
import io.hdl.core.run.RunState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * A job context for tests of sources, trainers and trackers: a run directory that exists, a fixed
 * seed, events that are recorded, pins in memory, no tracking. What the {@code with} methods return
 * shares directory, events, pins and cancellation with the context it was made from. Thread-safe.
 */
public final class TestJobContext implements JobContext {
  /** The seed of a context that was given none. */
  public static final long SEED = 20_240_229L;

  private final RunDirectory directory;
  private final RecordedEvents events;
  private final Cancellation cancellation;
  private final Map<String, String> pins;
  private final HybridEnvironment environment;
  private final long seed;
  private final Clock clock;
  private final boolean resumed;
  private final Optional<TrackedRun> tracking;
  private volatile Optional<DataProvenance> data = Optional.empty();

  private TestJobContext(
      RunDirectory directory,
      RecordedEvents events,
      Cancellation cancellation,
      Map<String, String> pins,
      HybridEnvironment environment,
      long seed,
      Clock clock,
      boolean resumed,
      Optional<TrackedRun> tracking) {
    this.directory = directory;
    this.events = events;
    this.cancellation = cancellation;
    this.pins = pins;
    this.environment = environment;
    this.seed = seed;
    this.clock = clock;
    this.resumed = resumed;
    this.tracking = tracking;
  }

  /**
   * A fresh run {@code test-job/run-1} below a home directory, usually a JUnit temporary folder.
   */
  public static TestJobContext in(Path home) {
    return in(home, "test-job", "run-1");
  }

  /** A fresh run below a home directory; its root folder is created. */
  public static TestJobContext in(Path home, String job, String runId) {
    RunDirectory directory = new RunDirectory(home, job, runId);
    try {
      Files.createDirectories(directory.root());
    } catch (IOException e) {
      throw new HdlException(ErrorCode.IO_FAILURE, "Cannot create " + directory.root(), e);
    }
    return new TestJobContext(
        directory,
        new RecordedEvents(),
        new Cancellation(),
        new LinkedHashMap<>(),
        cpuHost(),
        SEED,
        Clock.systemUTC(),
        false,
        Optional.empty());
  }

  /** A machine without GPUs, with the processors and memory of this one. */
  public static HybridEnvironment cpuHost() {
    return new HybridEnvironment(
        HybridEnvironment.Kind.GENERIC_HOST,
        "a test's own choice",
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Runtime.getRuntime().availableProcessors(),
        8L << 30,
        Map.of());
  }

  /** The same context with another seed. */
  public TestJobContext withSeed(long other) {
    return new TestJobContext(
        directory, events, cancellation, pins, environment, other, clock, resumed, tracking);
  }

  /** The same context with another clock. */
  public TestJobContext withClock(Clock other) {
    return new TestJobContext(
        directory, events, cancellation, pins, environment, seed, other, resumed, tracking);
  }

  /** The same context on another machine. */
  public TestJobContext withEnvironment(HybridEnvironment other) {
    return new TestJobContext(
        directory, events, cancellation, pins, other, seed, clock, resumed, tracking);
  }

  /** The same context with a run at a tracker. */
  public TestJobContext withTracking(TrackedRun other) {
    return new TestJobContext(
        directory,
        events,
        cancellation,
        pins,
        environment,
        seed,
        clock,
        resumed,
        Optional.of(other));
  }

  /**
   * A context that continues this run: same directory, pins and seed, but fresh events and a fresh
   * cancellation.
   */
  public TestJobContext continued() {
    return new TestJobContext(
        directory,
        new RecordedEvents(),
        new Cancellation(),
        pins,
        environment,
        seed,
        clock,
        true,
        tracking);
  }

  @Override
  public RunDirectory directory() {
    return directory;
  }

  @Override
  public HybridEnvironment environment() {
    return environment;
  }

  @Override
  public long seed() {
    return seed;
  }

  @Override
  public Clock clock() {
    return clock;
  }

  @Override
  public RecordedEvents events() {
    return events;
  }

  @Override
  public Cancellation cancellation() {
    return cancellation;
  }

  @Override
  public boolean resumed() {
    return resumed;
  }

  @Override
  public String pin(String name, Supplier<String> resolve) {
    synchronized (pins) {
      String known = pins.get(name);
      if (known == null) {
        known = resolve.get();
        pins.put(name, known);
      }
      return known;
    }
  }

  @Override
  public TrackedRun tracking() {
    return tracking.orElseGet(() -> Tracker.none().open(record(), this));
  }

  /** The pins so far, by name. */
  public Map<String, String> pins() {
    synchronized (pins) {
      return new LinkedHashMap<>(pins);
    }
  }

  @Override
  public RunRecord record() {
    return runRecord(Map.of());
  }

  /** Records the data, as a job does once it is open; in this context alone. */
  public void opened(DataProvenance opened) {
    data = Optional.of(opened);
  }

  /** The record of this run with settings, as a tracker gets it. */
  public RunRecord runRecord(Map<String, String> settings) {
    return new RunRecord(
        directory.job(),
        directory.runId(),
        RunState.RUNNING,
        clock.instant(),
        clock.instant(),
        "0".repeat(64),
        resumed ? 2 : 1,
        pins(),
        new RunProvenance(data, settings, seed, Map.of(), Map.of()),
        Optional.empty());
  }
}
