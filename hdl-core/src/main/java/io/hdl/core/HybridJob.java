package io.hdl.core;

import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.core.event.JobListener;
import io.hdl.core.identity.Redaction;
import io.hdl.core.job.Cancellation;
import io.hdl.core.job.DataSource;
import io.hdl.core.job.Tracker;
import io.hdl.core.job.TrackingListener;
import io.hdl.core.job.Trainer;
import io.hdl.core.run.Home;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Pattern;

/**
 * A hybrid training job: data from a source, a model from a trainer, a run at a tracker.
 *
 * <pre>{@code
 * try (HybridJob<Forecaster> job = HybridJob.named("demand-forecast")
 *     .data(source)
 *     .train(trainer)
 *     .track(Mlflow.fromEnvironment())
 *     .build()) {
 *   JobResult<Forecaster> result = job.run();
 * }
 * }</pre>
 *
 * <p>A run that was interrupted (by a signal, a cancellation or a crash) is continued by the next
 * job of the same name, settings and home directory: with the data version that it began with, from
 * its last checkpoint. While a job runs, SIGTERM and Ctrl-C cancel it and give it the grace period
 * to end in order.
 *
 * <p>Instances are thread-safe; one job trains at a time in a JVM.
 *
 * @param <M> the model that the job makes
 */
public final class HybridJob<M> implements AutoCloseable {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  private final JobPlan<?, M> plan;
  private final Cancellation cancellation = new Cancellation();
  private final AtomicBoolean started = new AtomicBoolean();

  private HybridJob(JobPlan<?, M> plan) {
    this.plan = plan;
  }

  /**
   * Begins a job.
   *
   * @param name letters, digits, {@code .}, {@code _} and {@code -}; names the run's folder and, by
   *     default, the tracker's experiment
   */
  public static Named named(String name) {
    return new Named(name);
  }

  /** What the job is called. */
  public String name() {
    return plan.name();
  }

  /**
   * Runs the job on the calling thread: opens the data, trains, evaluates, tracks. A job runs once;
   * build another one to run again.
   *
   * @return the trained model, owned by the caller, with all that was found out about it
   * @throws io.hdl.core.error.JobCancelledException if the job was cancelled; the run can be
   *     continued
   * @throws HdlException if the job fails; the run is marked as failed
   */
  public JobResult<M> run() {
    if (!started.compareAndSet(false, true)) {
      throw new HdlException(
          ErrorCode.INVALID_ARGUMENT,
          "The job \"" + name() + "\" was run before. Build another one to run again.");
    }
    return JobRun.execute(plan, cancellation);
  }

  /**
   * Asks a running job to stop in order, from any thread. Returns at once; {@link #run} then throws
   * a {@link io.hdl.core.error.JobCancelledException}.
   *
   * @param reason why, for the log and the tracker
   */
  public void cancel(String reason) {
    cancellation.request(reason);
  }

  /** Cancels the job if it still runs. Idempotent. The model of a result stays open. */
  @Override
  public void close() {
    cancellation.request("the job was closed");
  }

  /** A named job that has no data yet. */
  public static final class Named {
    private final String name;

    private Named(String name) {
      this.name = Objects.requireNonNull(name, "name");
    }

    /** The data that the job trains on. */
    public <D> WithData<D> data(DataSource<D> source) {
      return new WithData<>(name, source);
    }
  }

  /** A job with data that has no trainer yet. */
  public static final class WithData<D> {
    private final String name;
    private final DataSource<D> source;

    private WithData(String name, DataSource<D> source) {
      this.name = name;
      this.source = Objects.requireNonNull(source, "source");
    }

    /** How a model is made of the data. */
    public <M> Builder<D, M> train(Trainer<? super D, M> trainer) {
      return new Builder<>(name, source, trainer);
    }
  }

  /** The optional settings of a job. Not thread-safe. */
  public static final class Builder<D, M> {
    private final String name;
    private final DataSource<D> source;
    private final Trainer<? super D, M> trainer;
    private final List<JobListener> listeners = new ArrayList<>();
    private final List<TrackingListener> trackingListeners = new ArrayList<>();
    private Tracker tracker = Tracker.none();
    private Optional<Path> home = Optional.empty();
    private Optional<HybridEnvironment> environment = Optional.empty();
    private long seed = 1;
    private Duration gracePeriod = Duration.ofSeconds(30);
    private WhenBusy whenBusy = WhenBusy.WAIT;
    private Clock clock = Clock.systemUTC();

    private Builder(String name, DataSource<D> source, Trainer<? super D, M> trainer) {
      this.name = name;
      this.source = source;
      this.trainer = Objects.requireNonNull(trainer, "trainer");
    }

    /** Where the run is tracked; nowhere by default. */
    public Builder<D, M> track(Tracker where) {
      tracker = Objects.requireNonNull(where, "tracker");
      return this;
    }

    /** The home directory; by default {@code HDL_HOME}, else {@code ~/.hdl}. */
    public Builder<D, M> home(Path directory) {
      home = Optional.of(directory);
      return this;
    }

    /** The seed of every random choice; 1 by default. */
    public Builder<D, M> seed(long value) {
      seed = value;
      return this;
    }

    /** Adds a listener; it is closed after the job's last event. */
    public Builder<D, M> listener(JobListener listener) {
      listeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /** Adds a listener that logs to the tracker what it makes of the events. */
    public Builder<D, M> trackingListener(TrackingListener listener) {
      trackingListeners.add(Objects.requireNonNull(listener, "listener"));
      return this;
    }

    /** How long SIGTERM and Ctrl-C wait for the run to end in order; 30 seconds by default. */
    public Builder<D, M> gracePeriod(Duration period) {
      gracePeriod = period;
      return this;
    }

    /** What to do while another job trains in this JVM; waits by default. */
    public Builder<D, M> whenBusy(WhenBusy choice) {
      whenBusy = Objects.requireNonNull(choice, "whenBusy");
      return this;
    }

    /** The machine to take this one for; detected by default. */
    public Builder<D, M> environment(HybridEnvironment machine) {
      environment = Optional.of(machine);
      return this;
    }

    /** The clock that stamps events; the system's by default. */
    public Builder<D, M> clock(Clock source) {
      clock = Objects.requireNonNull(source, "clock");
      return this;
    }

    private void throwIfAny(Problems problems) {
      try {
        problems.throwIfAny("The job \"" + name + "\"");
      } catch (HdlException e) {
        throw Redaction.failure(e);
      }
    }

    /**
     * Checks all settings that need no I/O.
     *
     * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS} that lists every problem
     */
    public HybridJob<M> build() {
      Problems problems = new Problems();
      problems.require(
          NAME.matcher(name).matches(),
          () ->
              "name: \""
                  + name
                  + "\" (expected: 1 to 100 letters, digits, \".\", \"_\" or \"-\", the first a"
                  + " letter or digit)");
      problems.require(
          !Home.RESERVED.contains(name),
          () ->
              "name: \""
                  + name
                  + "\" (expected: another name than those of the home directory's own folders, "
                  + Home.RESERVED
                  + ")");
      problems.require(
          !gracePeriod.isNegative() && !gracePeriod.isZero(),
          () -> "gracePeriod: " + gracePeriod + " (expected: > 0)");
      source.check(problems);
      trainer.check(problems);
      tracker.check(problems);
      throwIfAny(problems);
      return new HybridJob<>(
          new JobPlan<>(
              name,
              source,
              trainer,
              tracker,
              home.orElseGet(() -> Home.resolve(System.getenv())).toAbsolutePath().normalize(),
              environment,
              seed,
              List.copyOf(listeners),
              List.copyOf(trackingListeners),
              gracePeriod,
              whenBusy,
              clock));
    }
  }
}
