package io.hdl.tracking.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.AccessToken;
import io.hdl.core.identity.TokenSource;
import io.hdl.core.testing.MlflowServer;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.mlflow.api.proto.Service;

/**
 * Workspaces of Databricks and Azure Machine Learning: their sign-in and paths emulated, a real
 * MLflow behind them.
 */
class WorkspacesIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static MlflowServer server;

  @BeforeAll
  static void start() {
    server = MlflowServer.shared();
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
    }
  }

  private static void logsARun(TrackingClient client, Runnable between) {
    String experiment = client.experiments().getOrCreate("/Users/me@example.com/e", LIMIT);
    Service.Run run =
        client
            .runs()
            .findOrCreate(
                experiment, "key", new Runs.NewRun("r", "me", 1, Map.of("key", "k")), LIMIT);
    between.run();
    String id = run.getInfo().getRunId();
    client
        .runs()
        .logBatch(
            id,
            List.of(
                Service.Metric.newBuilder()
                    .setKey("a/ü")
                    .setValue(1)
                    .setTimestamp(1)
                    .setStep(1)
                    .build()),
            List.of(),
            List.of(),
            LIMIT);
    assertThat(client.runs().metricHistory(id, "a/ü", LIMIT)).hasSize(1);
    assertThat(client.capabilities(LIMIT).loggedModels()).isTrue();
    assertThat(client.capabilities(LIMIT).version()).isEmpty();
  }

  @Test
  void logsToADatabricksWorkspaceAsAnApplicationAndRenewsARevokedToken() {
    try (GuardedServer workspace = new GuardedServer(server.uri(), "")) {
      Map<String, String> environment =
          new HashMap<>(
              Map.of(
                  "DATABRICKS_HOST", workspace.host().toString(),
                  "DATABRICKS_CLIENT_ID", "app",
                  "DATABRICKS_CLIENT_SECRET", "s3cret-of-app"));
      try (TrackingClient client =
          TrackingClient.of(TrackingServer.of("databricks", environment))) {
        logsARun(client, workspace::issue);
        assertThat(workspace.issued()).isEqualTo(3);
      }
      environment.put("DATABRICKS_TOKEN", "dapi-wrong");
      try (TrackingClient client =
          TrackingClient.of(TrackingServer.of("databricks", environment))) {
        assertThatThrownBy(() -> client.experiments().find("e", LIMIT))
            .isInstanceOfSatisfying(
                HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED))
            .hasMessageContaining("Set DATABRICKS_TOKEN")
            .message()
            .doesNotContain("dapi-wrong");
      }
    }
  }

  @Test
  void logsToAnAzureMachineLearningWorkspace() {
    String path =
        "/mlflow/v1.0/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";
    try (GuardedServer workspace = new GuardedServer(server.uri(), path)) {
      TokenSource azure =
          scopes -> {
            assertThat(scopes).containsExactly("https://management.azure.com/.default");
            return new AccessToken(workspace.issue(), Instant.now().plusSeconds(3600));
          };
      TrackingServer plain =
          new TrackingServer(
              workspace.uri(),
              Credentials.tokens(azure, ServerAddress.AZURE_ML_SCOPE),
              TrackingServer.Platform.AZURE_ML);
      try (TrackingClient client = TrackingClient.of(plain)) {
        logsARun(client, () -> {});
        assertThatThrownBy(() -> client.artifacts("azureml://x/y").list("", LIMIT))
            .hasMessageContaining("Cannot reach artifacts of the scheme \"azureml\"");
      }
    }
  }
}
