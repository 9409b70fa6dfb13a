package io.hdl.tracking.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.StubServer;
import io.hdl.tracking.client.StubServer.Answer;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.outbox.RunStart;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ServerDestinationTest {
  private static final String KEY = "0123456789abcdef0123456789abcdef";
  private static final RunStart START = new RunStart(KEY, Optional.empty(), "e", "n", "u", 1);

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

  private static final class Quiet implements ServerDestination.Listener {
    @Override
    public Optional<String> knownId(RunStart run) {
      return Optional.empty();
    }

    @Override
    public void found(RunStart run, String id) {}

    @Override
    public void warning(String text) {}
  }
}
