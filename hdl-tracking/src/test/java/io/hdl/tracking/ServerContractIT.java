package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.job.TrackedRun;
import io.hdl.core.run.RunEnd;
import io.hdl.core.testing.MlflowServer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Runs at a real server over http, read back by mlflow-client. */
class ServerContractIT extends TrackedRunContract {
  private static MlflowServer running;
  private static String server;

  @BeforeAll
  static void start() {
    running = MlflowServer.shared();
    server = running.uri().toString();
  }

  @AfterAll
  static void stop() {
    if (running != null) {
      running.close();
    }
  }

  @Override
  Mlflow tracker() {
    return Mlflow.at(server).experiment("contract é 'quoted' \"twice\" & more");
  }

  @Override
  double kept(double infinity) {
    return infinity > 0 ? Double.MAX_VALUE : -Double.MAX_VALUE;
  }

  @Override
  StoredRun read(String runId) throws Exception {
    try (ReadByMlflowClient client = new ReadByMlflowClient(server)) {
      return client.read(runId);
    }
  }

  @Test
  void removesTheLogOnceTheServerHasEverything() throws Exception {
    TrackedRun run = tracker().open(context.record(), context);
    run.params(Map.of("a", "b"));
    run.persist();
    assertThat(context.directory().outbox()).isDirectoryContaining("glob:**.log");
    run.finish(new RunEnd.Finished());
    run.close();

    assertThat(context.directory().outbox()).isDirectoryNotContaining("glob:**.log");
    assertThat(run.link())
        .get()
        .asString()
        .startsWith(server + "/#/experiments/")
        .endsWith(run.id());
    assertThat(context.pins()).containsEntry("mlflow.run_id", run.id());
  }
}
