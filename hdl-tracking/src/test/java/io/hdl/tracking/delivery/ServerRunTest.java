package io.hdl.tracking.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.StubServer;
import io.hdl.tracking.client.StubServer.Answer;
import io.hdl.tracking.client.TrackingServer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class ServerRunTest {
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
      try (ServerRun run =
          ServerRun.of(
              new TrackingServer(stub.uri(), Credentials.none()),
              new ServerRun.Identity("e", "k1", Optional.empty(), "n", "u", 1),
              id -> {},
              text -> {})) {
        assertThat(run.connect(Duration.ofSeconds(10))).isEqualTo("r1");
      }
      assertThat(created).hasSize(1).first().asString().contains("\"hdl.run.key\"", "\"k1\"");
    }
  }
}
