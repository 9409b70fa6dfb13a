package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.testing.Fault;
import io.hdl.core.testing.FaultProxy;
import io.hdl.core.testing.MlflowServer;
import io.hdl.core.testing.MlflowVersion;
import io.hdl.tracking.FaultedRun.Result;
import io.hdl.tracking.ReportedRun.Part;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every fault between a tracked run and a real server has the outcome that {@code docs/faults.md}
 * gives, and in the end the server has each item of the run, and each once. {@code
 * -Dhdl.faults.write=true} writes the tables anew, times included.
 */
class TrackingFaultsIT {
  /** No call to a server is that short on average, and many more values than that are logged. */
  private static final Duration NO_WAIT = Duration.ofSeconds(2);

  private static final Set<Part> FILE = Set.of(Part.FILE);
  private static final Set<Part> ALL = Set.of(Part.FILE, Part.MODEL);
  private static final URI LOGIN = URI.create("https://login.example.org/");

  @TempDir private Path folder;

  private interface Trial {
    Result run() throws Exception;
  }

  private record Row(
      FaultPage.Table table,
      String name,
      Future<Result> once,
      Future<Result> forEver,
      String note) {}

  private final boolean writes = Boolean.getBoolean("hdl.faults.write");
  private final List<Row> rows = new ArrayList<>();

  private static Trial none() {
    return () -> new Result(FaultPage.NONE, 0, Duration.ZERO);
  }

  @Test
  void everyFaultHasTheOutcomeThatThePageGives() throws Exception {
    trial(MlflowVersion.CURRENT);
  }

  @Test
  void theMainFaultsHaveThatOutcomeAtTheOldestServerToo() throws Exception {
    trial(MlflowVersion.OLDEST);
  }

  /** The trials mostly wait; those whose times are written run one by one. */
  private void trial(MlflowVersion version) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(writes ? 1 : 4);
    try (MlflowServer server = MlflowServer.start(version)) {
      boolean all = version == MlflowVersion.CURRENT;
      addFaults(threads, new FaultedRun(folder, server.uri(), server.version()), all);
      addLostAnswers(threads, new FaultedRun(folder, server.uri(), server.version()), all);
      addScenes(threads, new FaultScenes(folder, server), all);
      List<FaultPage.Line> lines = new ArrayList<>();
      List<String> failures = new ArrayList<>();
      for (Row row : rows) {
        Result once = result(row.name() + ", once", row.once(), failures);
        Result forEver = result(row.name() + ", for ever", row.forEver(), failures);
        assertThat(once.training()).as(row.name()).isLessThan(NO_WAIT);
        assertThat(forEver.training()).as(row.name()).isLessThan(NO_WAIT);
        lines.add(new FaultPage.Line(row.table(), row.name(), once, forEver, row.note()));
      }
      assertThat(failures).isEmpty();
      if (writes && all) {
        FaultPage.write(lines);
      }
      List<String> expected = FaultPage.outcomes();
      assertThat(lines).extracting(FaultPage.Line::outcomes).isSubsetOf(expected);
      if (all) {
        assertThat(lines).hasSameSizeAs(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static Result result(String name, Future<Result> trial, List<String> failures)
      throws InterruptedException {
    try {
      return trial.get();
    } catch (ExecutionException e) {
      failures.add(name + ": " + e.getCause());
      return new Result("failed", 0, Duration.ZERO);
    }
  }

  private void add(
      ExecutorService threads,
      FaultPage.Table table,
      String name,
      Trial once,
      Trial forEver,
      String note) {
    rows.add(new Row(table, name, threads.submit(once::run), threads.submit(forEver::run), note));
  }

  private void addFaults(ExecutorService threads, FaultedRun runs, boolean all) {
    record Case(String name, Fault fault, int times, String note, boolean main) {}
    List.of(
            new Case("none", Fault.delay(Duration.ZERO), 1, "for comparison", true),
            new Case("answers come 200 ms late", Fault.delay(Duration.ofMillis(200)), 9, "", false),
            new Case("503", Fault.status(503), 5, "a storm: five at a time", true),
            new Case("503 with `Retry-After: 1`", Fault.status(503, "1"), 5, "five", false),
            new Case("429", Fault.status(429), 5, "five", true),
            new Case("429 with `Retry-After: 1`", Fault.status(429, "1"), 5, "five", false),
            new Case("500", Fault.status(500), 2, "two", false),
            new Case("401, the credentials are wrong", Fault.status(401), 0, "", true),
            new Case("403", Fault.status(403), 0, "", false),
            new Case("302 to a login page", Fault.redirect(LOGIN), 0, "not followed", true),
            new Case("200 with a page of HTML", Fault.page(200, "<html>log in"), 0, "", true),
            new Case("no answer, connection open", Fault.stall(), 1, "limit of a call", false),
            new Case("stalls after 10 bytes of an answer", Fault.stallWithin(10), 1, "", false),
            new Case("closed after 10 bytes of an answer", Fault.truncate(10), 2, "two", true),
            new Case("reset after 10 bytes of an answer", Fault.resetWithin(10), 2, "two", false),
            new Case("reset before the answer", Fault.reset(), 2, "two", true),
            new Case("closed (FIN) before the answer", Fault.fin(), 2, "two", false))
        .stream()
        .filter(one -> all || one.main())
        .forEach(
            one ->
                add(
                    threads,
                    FaultPage.Table.LINK,
                    one.name(),
                    one.times() == 0 ? none() : () -> runs.once(one.fault(), one.times()),
                    one.name().equals("none") || one.name().startsWith("answers come")
                        ? none()
                        : () -> runs.forEver(one.fault()),
                    one.note()));
    add(
        threads,
        FaultPage.Table.LINK,
        "connection refused",
        () -> runs.refused(false),
        () -> runs.refused(true),
        "once: until the run reports");
  }

  private void addLostAnswers(ExecutorService threads, FaultedRun runs, boolean all) {
    record Case(String name, Predicate<FaultProxy.Seen> requests, Set<Part> parts, String note) {}
    List.of(
            new Case(
                "`runs/create`",
                request -> request.target().endsWith("runs/create"),
                FILE,
                "searched by its own tag before it is created again"),
            new Case(
                "`log-batch`",
                request -> request.target().endsWith("log-batch"),
                FILE,
                "times are frozen: the same value again is the same row"),
            new Case(
                "`log-batch` with NaN",
                request -> request.target().endsWith("log-batch") && request.body().contains("NaN"),
                FILE,
                "NaN goes alone; `UNIQUE constraint failed` is taken for delivered"),
            new Case(
                "`log-inputs`",
                request -> request.target().endsWith("log-inputs"),
                FILE,
                "same digest, same dataset"),
            new Case(
                "`runs/update`",
                request -> request.target().endsWith("runs/update"),
                FILE,
                "sets, does not add"),
            new Case(
                "PUT of an artifact",
                request -> request.method().equals("PUT"),
                FILE,
                "the same bytes at the same path"),
            new Case(
                "`model-versions/create`",
                request -> request.target().endsWith("model-versions/create"),
                ALL,
                "searched by run and own tag before it is created again"))
        .forEach(
            one ->
                add(
                    threads,
                    FaultPage.Table.LOST,
                    one.name(),
                    () -> runs.answersLost(one.requests(), one.parts()),
                    () -> runs.allAnswersLost(one.requests(), one.parts()),
                    one.note()));
    if (all) {
      add(
          threads,
          FaultPage.Table.LOST,
          "`logged-models`",
          () -> runs.answersLost(request -> request.target().contains("logged-models"), ALL),
          () -> runs.allAnswersLost(request -> request.target().contains("logged-models"), ALL),
          "searched by its own tag before it is created again");
    }
  }

  private void addScenes(ExecutorService threads, FaultScenes scenes, boolean all) {
    scene(threads, "run deleted in mid-run", scenes::runDeleted, "restored, and told");
    scene(threads, "run forgotten in mid-run", scenes::runForgotten, "made anew from the log");
    scene(threads, "400 for one item of a batch", scenes::refusedItem, "halved until it is alone");
    if (!all) {
      return;
    }
    scene(threads, "token expired in mid-run", scenes::expiredToken, "401: a new one, once");
    scene(threads, "experiment deleted in mid-run", scenes::experimentDeleted, "told");
    scene(threads, "no link for a day", scenes::dayWithoutLink, "by the clock; times are kept");
    scene(threads, "disk full in mid-run", scenes::fullDisk, "waits in memory until there is room");
    scene(
        threads,
        "last record torn, run goes on",
        () -> scenes.damagedLog(FaultScenes.Damage.torn()),
        "what was torn was never acknowledged");
    scene(
        threads,
        "a record damaged, run goes on",
        () -> scenes.damagedLog(FaultScenes.Damage.flipped()),
        "left out and told; what the run reports again is taken");
  }

  private void scene(ExecutorService threads, String name, Trial trial, String note) {
    add(threads, FaultPage.Table.SCENES, name, trial, none(), note);
  }
}
