package io.hdl.tracking.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.hdl.core.error.HdlException;
import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.StubServer;
import io.hdl.tracking.client.StubServer.Answer;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.outbox.Item;
import io.hdl.tracking.outbox.Outbox;
import io.hdl.tracking.outbox.OutboxObserver;
import io.hdl.tracking.outbox.OutboxRun;
import io.hdl.tracking.outbox.OutboxSettings;
import io.hdl.tracking.outbox.RunStart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ServerDestinationTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final RunStart START = new RunStart(KEY, Optional.empty(), "e", "n", "u", 1);

  private static final RunStart NESTED =
      new RunStart("f".repeat(32), Optional.of(KEY), "e", "inner", "u", 1);

  @TempDir Path folder;
  private final List<String> heard = new CopyOnWriteArrayList<>();

  @Test
  void makesOneRunHoweverOftenTheAnswerIsLost() throws Exception {
    List<String> created = new CopyOnWriteArrayList<>();
    try (StubServer stub = new StubServer(request -> Answer.json("{}"))) {
      stub.answer(
          request -> {
            String run =
                "{\"info\":{\"run_id\":\"r1\",\"experiment_id\":\"1\",\"status\":\"RUNNING\","
                    + "\"lifecycle_stage\":\"active\",\"artifact_uri\":\"mlflow-artifacts:/1/r1\"}}";
            if (request.path().contains("get-by-name")) {
              return Answer.json(
                  "{\"experiment\":{\"experiment_id\":\"1\",\"lifecycle_stage\":\"active\"}}");
            }
            if (request.path().contains("runs/search")) {
              return Answer.json(created.isEmpty() ? "{}" : "{\"runs\":[" + run + "]}");
            }
            if (request.path().contains("runs/create")) {
              created.add(request.body());
              return Answer.of(0, ""); // it took effect, but nobody hears of it
            }
            return Answer.json("{}");
          });
      try (ServerDestination server =
          ServerDestination.of(new TrackingServer(stub.uri(), Credentials.none()), new Quiet())) {
        assertThat(server.connect(START, Duration.ofSeconds(10))).isEqualTo("r1");
        assertThat(server.id(START.key())).contains("r1");
        assertThat(server.link(START.key())).contains(stub.uri() + "/#/experiments/1/runs/r1");
      }
      assertThat(created).hasSize(1).first().asString().contains("\"hdl.run.key\"", KEY);
    }
  }

  @Test
  void makesARunAnewThatTheServerForgotAndSendsEverythingAgain() throws Exception {
    try (MlflowStub server = new MlflowStub()) {
      Quiet listener = new Quiet();
      try (Outbox outbox = outbox()) {
        OutboxRun run = outbox.begin(START);
        OutboxRun nested = outbox.begin(NESTED);
        outbox.deliverTo(destination(server, listener));
        boolean unused = nested.put(new Item.Metric("inner", 1, 1, 1)) && run.put(metric(1));
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> points(server, KEY) == 1 && points(server, NESTED.key()) == 1);
        server.forget();
        unused = run.put(metric(2));
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> points(server, KEY) == 2 && points(server, NESTED.key()) == 1);
        assertThat(outbox.finish(Duration.ofSeconds(30)).delivered()).isTrue();
      }
      assertThat(listener.warnings).isEmpty();
      assertThat(heard).singleElement().asString().contains("does not know the run \"n\"");
      assertThat(server.run(ServerDestination.KEY_TAG, NESTED.key()).orElseThrow().tags)
          .containsEntry("mlflow.parentRunId", idOf(server, KEY));
    }
  }

  @Test
  void sendsEverythingAgainThatAnEarlierProcessDeliveredToAServerThatForgotIt() throws Exception {
    try (MlflowStub server = new MlflowStub()) {
      Quiet listener = new Quiet();
      try (Outbox outbox = outbox()) {
        OutboxRun run = outbox.begin(START);
        outbox.deliverTo(destination(server, listener));
        boolean unused = run.put(metric(1));
        await().atMost(Duration.ofMinutes(1)).until(() -> points(server, KEY) == 1);
      }
      server.forget();
      try (Outbox outbox = outbox()) {
        OutboxRun run = outbox.begin(START);
        outbox.deliverTo(destination(server, listener));
        boolean unused = run.put(metric(2));
        assertThat(outbox.finish(Duration.ofSeconds(30)).delivered()).isTrue();
      }
      assertThat(points(server, KEY)).isEqualTo(2);
      assertThat(server.runs()).hasSize(1);
      assertThat(heard).hasSize(1);
    }
  }

  @Test
  void restoresARunThatSomebodyDeleted() throws Exception {
    try (MlflowStub server = new MlflowStub()) {
      Quiet listener = new Quiet();
      try (Outbox outbox = outbox()) {
        OutboxRun run = outbox.begin(START);
        outbox.deliverTo(destination(server, listener));
        boolean unused = run.put(metric(1));
        await().atMost(Duration.ofMinutes(1)).until(() -> points(server, KEY) == 1);
        server.run(ServerDestination.KEY_TAG, KEY).orElseThrow().stage = "deleted";
        unused = run.put(metric(2));
        assertThat(outbox.finish(Duration.ofSeconds(30)).delivered()).isTrue();
      }
      assertThat(points(server, KEY)).isEqualTo(2);
      assertThat(listener.warnings).singleElement().asString().contains("was restored");
    }
  }

  @Test
  void setsARefusedItemAsideWithItsReason() throws Exception {
    try (MlflowStub server = new MlflowStub()) {
      Quiet listener = new Quiet();
      try (Outbox outbox = outbox()) {
        OutboxRun run = outbox.begin(START);
        for (int step = 0; step < 100; step++) {
          boolean unused = run.put(metric(step));
        }
        boolean unused = run.put(new Item.Metric("refused", 1, 1, 1));
        unused = run.put(metric(100));
        outbox.deliverTo(destination(server, listener));
        Outbox.Outcome outcome = outbox.finish(Duration.ofSeconds(30));
        assertThat(outcome.delivered()).isFalse();
        assertThat(outcome.outstanding()).isEqualTo(1);
      }
      assertThat(points(server, KEY)).isEqualTo(101);
      assertThat(folder.resolve(DeadLetters.NAME))
          .content()
          .contains("\"kind\":\"Metric\"", "\"key\":\"refused\"", "this metric is refused");
      assertThat(listener.warnings)
          .singleElement()
          .asString()
          .startsWith("The MLflow server did not take the metric \"refused\".")
          .endsWith("It is kept in " + folder.resolve(DeadLetters.NAME) + ".");
    }
  }

  @Test
  void takesANaNForDeliveredThatTheServerHas() throws Exception {
    try (MlflowStub server = new MlflowStub()) {
      Quiet listener = new Quiet();
      try (ServerDestination destination = destination(server, listener)) {
        Item nan = new Item.Metric("m", Double.NaN, 1, 1);
        Item other = new Item.Metric("m", Double.NaN, 1, 2);
        for (List<Item> items : List.of(List.of(nan), List.of(metric(1), nan, other, metric(2)))) {
          Deque<Item> queue = new ArrayDeque<>(items);
          destination.deliver(START, queue, Duration.ofSeconds(10));
          assertThat(queue).isEmpty();
        }
        assertThat(destination.setAside()).isZero();
      }
      assertThat(points(server, KEY)).isEqualTo(4);
      assertThat(listener.warnings).isEmpty();
    }
  }

  @Test
  void saysThatAFileHasChanged() throws Exception {
    Path file = Files.writeString(folder.resolve("report.html"), "before");
    try (MlflowStub server = new MlflowStub()) {
      Quiet listener = new Quiet();
      try (Outbox outbox = outbox()) {
        OutboxRun run = outbox.begin(START);
        boolean unused = run.put(new Item.Upload("report.html", file));
        assertThat(outbox.persist(Duration.ofSeconds(10))).isTrue();
        Files.writeString(file, "after!");
        outbox.deliverTo(destination(server, listener));
        assertThat(outbox.finish(Duration.ofSeconds(30)).delivered()).isTrue();
      }
      assertThat(listener.warnings)
          .containsExactly(
              "The file %s has changed since it was reported as artifact \"report.html\"; what it is now is sent. Report files that do not change any more."
                  .formatted(file));
    }
  }

  private Outbox outbox() {
    OutboxSettings settings = OutboxSettings.defaults().withGather(Duration.ZERO);
    return Outbox.open(folder, settings, new HeardWarnings(heard));
  }

  private ServerDestination destination(MlflowStub server, Quiet listener) {
    return ServerDestination.of(
        new TrackingServer(server.uri(), Credentials.none()),
        listener,
        DeadLetters.in(folder, Clock.systemUTC()));
  }

  private static int points(MlflowStub server, String key) {
    return server.run(ServerDestination.KEY_TAG, key).map(run -> run.points.size()).orElse(0);
  }

  private static String idOf(MlflowStub server, String key) {
    return server.runs().entrySet().stream()
        .filter(run -> key.equals(run.getValue().tags.get(ServerDestination.KEY_TAG)))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  private static Item metric(long step) {
    return new Item.Metric("m", step, 1, step);
  }

  /** Keeps warnings. */
  private record HeardWarnings(List<String> heard) implements OutboxObserver {
    @Override
    public void serverAway(HdlException why) {}

    @Override
    public void serverBack() {}

    @Override
    public void serverAbandoned(HdlException why) {
      heard.add(String.valueOf(why.getMessage()));
    }

    @Override
    public void diskFailed(HdlException why) {
      heard.add(String.valueOf(why.getMessage()));
    }

    @Override
    public void warning(String text) {
      heard.add(text);
    }
  }

  /** Remembers ids. */
  private static final class Quiet implements ServerDestination.Listener {
    private final List<String> warnings = new CopyOnWriteArrayList<>();
    private final Map<String, String> ids = new ConcurrentHashMap<>();

    @Override
    public Optional<String> knownId(RunStart run) {
      return Optional.ofNullable(ids.get(run.key()));
    }

    @Override
    public void found(RunStart run, String id) {
      ids.putIfAbsent(run.key(), id);
    }

    @Override
    public void warning(String text) {
      warnings.add(text);
    }
  }
}
