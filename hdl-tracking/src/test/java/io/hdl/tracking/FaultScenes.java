package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import io.hdl.core.identity.AccessToken;
import io.hdl.core.identity.TokenSource;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.run.RunEnd;
import io.hdl.core.testing.ChildJvm;
import io.hdl.core.testing.Fault;
import io.hdl.core.testing.FaultProxy;
import io.hdl.core.testing.ManualTime;
import io.hdl.core.testing.MlflowServer;
import io.hdl.core.testing.TestJobContext;
import io.hdl.tracking.FaultedRun.Result;
import io.hdl.tracking.ReportedRun.Part;
import io.hdl.tracking.client.GuardedServer;
import io.hdl.tracking.outbox.Leftovers;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.mlflow.tracking.MlflowClient;

/** What happens to a run otherwise than by the link: each scene ends with all of it looked up. */
final class FaultScenes {
  private static final Duration FLUSH = Duration.ofSeconds(60);
  private static final Set<Part> FILE = Set.of(Part.FILE);
  private static final String FORGET =
      """
      import sys
      from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore
      store = SqlAlchemyStore(sys.argv[1], "unused")
      store.delete_run(sys.argv[2])
      store._hard_delete_run(sys.argv[2])
      """;

  private final Path folder;
  private final MlflowServer server;
  private final FaultedRun runs;

  FaultScenes(Path folder, MlflowServer server) {
    this.folder = folder;
    this.server = server;
    this.runs = new FaultedRun(folder, server.uri(), server.version());
  }

  private TrackedRun open(TestJobContext context) {
    return FaultedRun.tracker(server.uri(), context, FLUSH).open(context.record(), context);
  }

  private Result ended(TestJobContext context, TrackedRun run, Set<Part> parts, HeldUp training)
      throws Exception {
    run.finish(new RunEnd.Finished());
    run.close();
    assertThat(Leftovers.below(context.directory().home())).isEmpty();
    runs.check(context, parts);
    return new Result(FaultedRun.IN_TIME, training);
  }

  private static MlflowClient client(MlflowServer server) {
    return new MlflowClient(server.uri().toString());
  }

  /** A bearer token that is worth nothing any more in mid-run. */
  Result expiredToken(int status, String message) throws Exception {
    TestJobContext context = runs.context();
    try (GuardedServer guarded = new GuardedServer(server.uri(), "", status, message)) {
      Tokens tokens = new Tokens(guarded);
      TrackedRun run =
          FaultedRun.tracker(guarded.uri(), context, FLUSH)
              .credential(tokens, "scope")
              .open(context.record(), context);
      String revoking = guarded.issue();
      HeldUp training = ReportedRun.report(run, folder, Set.of());
      Result result = ended(context, run, Set.of(), training);
      assertThat(tokens.token(List.of()).value()).isNotEqualTo(revoking);
      assertThat(context.events().warnings()).isEmpty();
      return result;
    }
  }

  /** Tokens of a guarded server, fetched anew when one is refused. */
  private static final class Tokens implements TokenSource {
    private final GuardedServer guarded;
    private volatile String held;

    Tokens(GuardedServer guarded) {
      this.guarded = guarded;
      held = guarded.issue();
    }

    @Override
    public AccessToken token(List<String> scopes) {
      return new AccessToken(held, Instant.now().plusSeconds(3600));
    }

    @Override
    public synchronized void refused(String value) {
      if (value.equals(held)) {
        held = guarded.issue();
      }
    }
  }

  /** A value that the server never takes, among others. */
  Result refusedItem() throws Exception {
    TestJobContext context = runs.context();
    try (FaultProxy proxy = FaultProxy.before(server.uri())) {
      proxy.when(
          request -> request.target().contains("log-batch") && request.body().contains("poison"),
          new Fault.Answer(
              400,
              Optional.empty(),
              "{\"error_code\":\"INVALID_PARAMETER_VALUE\",\"message\":\"not this one\"}"));
      TrackedRun run =
          FaultedRun.tracker(proxy.uri(), context, FLUSH).open(context.record(), context);
      run.metric("poison", 1, 1);
      HeldUp training = ReportedRun.report(run, context.directory().root(), FILE);
      run.finish(new RunEnd.Finished());
      run.close();
      assertThat(context.events().warnings())
          .anyMatch(text -> text.contains("metric \"poison\"") && text.contains("not this one"));
      runs.check(context, FILE);
      return new Result("in time, but for the item", training);
    }
  }

  /** Somebody deletes the run while it reports. */
  Result runDeleted() throws Exception {
    TestJobContext context = runs.context();
    TrackedRun run = open(context);
    try (MlflowClient client = client(server)) {
      client.deleteRun(run.id());
    }
    HeldUp training = ReportedRun.report(run, context.directory().root(), FILE);
    Result result = ended(context, run, FILE, training);
    assertThat(context.events().warnings()).anyMatch(text -> text.contains("was restored"));
    return result;
  }

  /** The server has lost the run, as after a backup was put back. */
  Result runForgotten() throws Exception {
    TestJobContext context = runs.context();
    TrackedRun run = open(context);
    ReportedRun.steps(run, 1, ReportedRun.STEPS / 2);
    try (MlflowClient client = client(server)) {
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(
              () ->
                  client.getMetricHistory(run.id(), "loss").size() == ReportedRun.STEPS / 2
                      && client.getMetricHistory(run.id(), "odd").size() == ReportedRun.STEPS / 2);
    }
    String unused = server.python(FORGET, server.backendStore(), run.id());
    HeldUp training =
        ReportedRun.rest(run, ReportedRun.STEPS / 2 + 1, context.directory().root(), FILE);
    Result result = ended(context, run, FILE, training);
    assertThat(context.events().warnings()).anyMatch(text -> text.contains("made anew"));
    return result;
  }

  /** Somebody deletes the experiment while the run reports, and restores it later. */
  Result experimentDeleted() throws Exception {
    TestJobContext context = runs.context();
    TrackedRun run = open(context);
    try (MlflowClient client = client(server)) {
      String experiment =
          client.getExperimentByName(context.directory().job()).orElseThrow().getExperimentId();
      client.deleteExperiment(experiment);
      HeldUp training = ReportedRun.report(run, context.directory().root(), FILE);
      run.finish(new RunEnd.Finished());
      run.close();
      boolean inTime = Leftovers.below(context.directory().home()).isEmpty();
      client.restoreExperiment(experiment);
      if (!inTime) {
        assertThat(RunSync.below(context.directory().home()).to(Mlflow.at(server.uri())).run())
            .matches(RunSync.Report::isComplete);
      }
      runs.check(context, FILE);
      assertThat(context.events().warnings()).isNotEmpty();
      return new Result(inTime ? FaultedRun.IN_TIME : FaultedRun.LATER, training);
    }
  }

  /** No link for a day by the run's clock; what is logged keeps its time. */
  Result dayWithoutLink() throws Exception {
    ManualTime time = ManualTime.startingAt(Instant.parse("2026-03-01T00:00:00Z"));
    TestJobContext context = runs.context().withClock(time.clock());
    try (FaultProxy proxy = FaultProxy.before(server.uri())) {
      TrackedRun run =
          FaultedRun.tracker(proxy.uri(), context, FLUSH).open(context.record(), context);
      proxy.refuse();
      ReportedRun.settings(run);
      for (int hour = 0; hour < 24; hour++) {
        ReportedRun.steps(run, 1 + hour * 5, 5 + hour * 5);
        time.advance(Duration.ofHours(1));
      }
      Awaitility.await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> !context.events().warnings().isEmpty());
      proxy.heal();
      run.nested("part");
      for (int step = 1; step <= 10; step++) {
        run.nested("part").metric("share", step, step);
      }
      Result result = ended(context, run, Set.of(), HeldUp.NOT);
      try (MlflowClient client = client(server)) {
        List<Long> hours =
            client.getMetricHistory(run.id(), "loss").stream()
                .map(point -> (point.getTimestamp() - 1_772_323_200_000L) / 3_600_000)
                .distinct()
                .sorted()
                .toList();
        assertThat(hours).hasSize(24).startsWith(0L).endsWith(23L);
      }
      return result;
    }
  }

  /** The process ends without a word while the link is cut, and its log's end is damaged. */
  Result damagedLog(Damage damage) throws Exception {
    TestJobContext context = runs.context();
    try (FaultProxy proxy = FaultProxy.before(server.uri())) {
      TrackedRun run =
          FaultedRun.tracker(proxy.uri(), context, FLUSH).open(context.record(), context);
      proxy.refuse();
      HeldUp training = ReportedRun.report(run, context.directory().root(), FILE);
      run.close();
      damage.doTo(lastLog(context.directory().outbox()));
      proxy.heal();

      TestJobContext next = context.continued();
      TrackedRun again = FaultedRun.tracker(proxy.uri(), next, FLUSH).open(next.record(), next);
      HeldUp unused = ReportedRun.report(again, next.directory().root(), FILE);
      return ended(next, again, FILE, training);
    }
  }

  /** Something that happens to a file. */
  interface Damage {
    void doTo(Path file) throws Exception;

    /** The process was killed while it wrote. */
    static Damage torn() {
      return file -> {
        try (RandomAccessFile log = new RandomAccessFile(file.toFile(), "rw")) {
          log.setLength(log.length() - 3);
        }
      };
    }

    /** A byte in the middle is another one. */
    static Damage flipped() {
      return file -> {
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 0x55;
        Files.write(file, bytes);
      };
    }
  }

  private static Path lastLog(Path outbox) throws Exception {
    try (Stream<Path> files = Files.list(outbox)) {
      return files
          .filter(file -> file.toString().endsWith(".log") && file.toFile().length() > 3)
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  /** The disk takes nothing more: while the run reports, or to its very end. */
  Result fullDisk(FullDiskRun.When when) throws Exception {
    Path disk = Files.createTempDirectory(folder, "disk");
    String job = runs.context().directory().job();
    ChildJvm.Result child =
        ChildJvm.runWithSmallDisk(
            disk,
            2 << 20,
            FullDiskRun.class,
            Map.of(),
            disk.toString(),
            server.uri().toString(),
            job,
            when.name());
    assertThat(child.exit()).as(child.err()).isZero();
    assertThat(child.out()).contains("the disk is full").contains("left 0");
    if (when == FullDiskRun.When.ALL_THE_TIME) {
      assertThat(child.out())
          .startsWith("a job there: NO_SPACE: Cannot write")
          .doesNotContain("it trains");
    }
    List<String> faults = ReportedRun.faultsOf(server.uri(), job, Set.of());
    assertThat(faults).as(child.out()).isEmpty();
    String last = child.out().strip().lines().reduce((one, next) -> next).orElseThrow();
    List<String> nanos = Splitter.on(' ').splitToList(last);
    return new Result(
        FaultedRun.IN_TIME,
        new HeldUp(
            Duration.ofNanos(Long.parseLong(nanos.get(0))),
            Duration.ofNanos(Long.parseLong(nanos.get(1)))));
  }

  /** Another value for a param that has one, in one batch with others. */
  Result changedParam() throws Exception {
    TestJobContext context = runs.context();
    TrackedRun run = open(context);
    run.params(Map.of("p0", "v0"));
    run.persist();
    run.params(Map.of("p0", "another"));
    HeldUp training = ReportedRun.report(run, context.directory().root(), FILE);
    Result result = ended(context, run, FILE, training);
    assertThat(context.events().warnings())
        .singleElement()
        .asString()
        .contains("Param \"p0\" keeps its first value");
    return result;
  }
}
