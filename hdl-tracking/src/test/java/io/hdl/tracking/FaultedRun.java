package io.hdl.tracking;

import io.hdl.core.job.TrackedRun;
import io.hdl.core.run.RunEnd;
import io.hdl.core.testing.Fault;
import io.hdl.core.testing.FaultProxy;
import io.hdl.core.testing.TestJobContext;
import io.hdl.tracking.outbox.Leftovers;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** One tracked run before a server behind a proxy that does a fault to it, once or for ever. */
final class FaultedRun {
  /** The server had all of it when the job ended. */
  static final String IN_TIME = "in time";

  /** The server had all of it when the fault was over and somebody delivered the rest. */
  static final String LATER = "later";

  private static final Duration SHORT = Duration.ofSeconds(2);
  private static final AtomicInteger NUMBER = new AtomicInteger();

  /**
   * How it went.
   *
   * @param outcome {@link #IN_TIME}, or {@link #LATER} with what was told
   * @param seconds from the run's opening to its end
   * @param opening how long the run's opening held up the thread that opened it
   * @param training how long the calls of the training thread held that up
   */
  record Result(String outcome, double seconds, HeldUp opening, HeldUp training) {
    /** Where the opening is not looked at. */
    Result(String outcome, HeldUp training) {
      this(outcome, 0, HeldUp.NOT, training);
    }

    /** Another word for the outcome. */
    Result as(String word) {
      return new Result(word, seconds, opening, training);
    }
  }

  private final Path folder;
  private final URI server;
  private final String release;

  /** Runs at a server; they leave files in the folder. */
  FaultedRun(Path folder, URI server, String release) {
    this.folder = folder;
    this.server = server;
    this.release = release;
  }

  /** Nothing fails. */
  Result good(Set<ReportedRun.Part> parts) throws Exception {
    return run(proxy -> {}, proxy -> {}, parts, Duration.ofSeconds(90));
  }

  /** The first requests of the run's opening fail, and the first ones of what it reports. */
  Result once(Fault fault, int times) throws Exception {
    Consumer<FaultProxy> some =
        proxy -> {
          for (int i = 0; i < times; i++) {
            proxy.next(fault);
          }
        };
    return run(some, some, Set.of(ReportedRun.Part.FILE), Duration.ofSeconds(90));
  }

  /** Every request fails until the job has ended. */
  Result forEver(Fault fault) throws Exception {
    return run(proxy -> proxy.always(fault), proxy -> {}, Set.of(ReportedRun.Part.FILE), SHORT);
  }

  /** The server does the work of some requests, and its answers are lost: of the first two. */
  Result answersLost(Predicate<FaultProxy.Seen> requests, Set<ReportedRun.Part> parts)
      throws Exception {
    AtomicInteger left = new AtomicInteger(2);
    return run(
        proxy ->
            proxy.when(
                request -> requests.test(request) && left.getAndDecrement() > 0,
                Fault.resetAfterwards()),
        proxy -> {},
        parts,
        Duration.ofSeconds(90));
  }

  /** The same with all answers to these requests. */
  Result allAnswersLost(
      Predicate<FaultProxy.Seen> requests, Set<ReportedRun.Part> parts, Duration flush)
      throws Exception {
    return run(proxy -> proxy.when(requests, Fault.resetAfterwards()), proxy -> {}, parts, flush);
  }

  /** Nobody listens: until the job reports, or until it has ended. */
  Result refused(boolean forEver) throws Exception {
    return run(
        FaultProxy::refuse,
        proxy -> {
          if (!forEver) {
            proxy.heal();
          }
        },
        Set.of(ReportedRun.Part.FILE),
        forEver ? SHORT : Duration.ofSeconds(90));
  }

  /** A fresh place for a run whose experiment has the name of its job. */
  TestJobContext context() throws Exception {
    Path home = Files.createTempDirectory(folder, "home");
    return TestJobContext.in(home, "faults-" + NUMBER.incrementAndGet(), "run-1");
  }

  /** Tracks at an address. */
  static Mlflow tracker(URI address, TestJobContext context, Duration flush) {
    return Mlflow.at(address)
        .flushWithin(flush)
        .withoutSystemMetrics()
        .register(ReportedRun.REGISTERED + context.directory().job());
  }

  private Result run(
      Consumer<FaultProxy> before,
      Consumer<FaultProxy> meanwhile,
      Set<ReportedRun.Part> parts,
      Duration flush)
      throws Exception {
    TestJobContext context = context();
    try (FaultProxy proxy = FaultProxy.before(server)) {
      before.accept(proxy);
      long start = System.nanoTime();
      AtomicReference<TrackedRun> opened = new AtomicReference<>();
      HeldUp opening =
          HeldUp.by(
              () ->
                  opened.set(tracker(proxy.uri(), context, flush).open(context.record(), context)));
      TrackedRun run = Objects.requireNonNull(opened.get());
      meanwhile.accept(proxy);
      HeldUp training = ReportedRun.report(run, context.directory().root(), parts);
      run.finish(new RunEnd.Finished());
      run.close();
      double seconds = (System.nanoTime() - start) / 1e9;
      String outcome = IN_TIME;
      if (!Leftovers.below(context.directory().home()).isEmpty()) {
        outcome = LATER + told(context.events().warnings());
        proxy.heal();
        RunSync.Report report =
            RunSync.below(context.directory().home()).to(Mlflow.at(proxy.uri())).run();
        if (!report.isComplete()) {
          throw new AssertionError("not delivered afterwards: " + report);
        }
      }
      check(context, parts);
      return new Result(outcome, seconds, opening, training);
    }
  }

  /** Fails if the server has not each item of a run once. */
  void check(TestJobContext context, Set<ReportedRun.Part> parts) throws Exception {
    List<String> faults = ReportedRun.faultsOf(server, context.directory().job(), parts);
    if (!faults.isEmpty()) {
      throw new AssertionError(release + ": " + faults + "; told: " + context.events().warnings());
    }
  }

  private static String told(List<String> warnings) {
    return warnings.stream().anyMatch(text -> text.startsWith("Training goes on, but this run"))
        ? ", given up"
        : warnings.stream().anyMatch(text -> text.startsWith("Training goes on without"))
            ? ", away"
            : "";
  }
}
