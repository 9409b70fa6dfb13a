package io.hdl.tracking.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.testing.MlflowServer;
import io.hdl.core.testing.MlflowVersion;
import io.hdl.tracking.client.Credentials;
import io.hdl.tracking.client.Runs;
import io.hdl.tracking.client.TrackingClient;
import io.hdl.tracking.client.TrackingServer;
import io.hdl.tracking.model.ToyModel;
import io.hdl.tracking.outbox.Item;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.mlflow.api.proto.ModelRegistry.ModelVersion;
import org.mlflow.api.proto.Service;

/** Models at real servers, read back by MLflow. */
class ModelDeliveryIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Map<MlflowVersion, MlflowServer> SERVERS = new LinkedHashMap<>();

  private static final String PREDICT =
      """
      import sys
      import mlflow, pandas
      rows = pandas.DataFrame({
          "store": [1], "time": pandas.to_datetime(["2024-01-12"]), "sales": [4.0],
          "é \\"holiday\\" 😀": [True],
      })
      for uri in sys.argv[1:]:
          model = mlflow.pyfunc.load_model(uri)
          print(model.predict(rows)["forecast"][0], model.metadata.run_id)
      """;

  @TempDir Path home;
  private final List<String> warnings = new ArrayList<>();

  private static MlflowServer server(MlflowVersion version) {
    return SERVERS.computeIfAbsent(version, MlflowServer::start);
  }

  @AfterAll
  static void stop() {
    SERVERS.values().forEach(MlflowServer::close);
  }

  private static TrackingClient client(MlflowVersion version) {
    return TrackingClient.of(
        new TrackingServer(server(version).uri(), Credentials.bearer("unasked")));
  }

  private static Service.RunInfo run(TrackingClient client, String experiment) {
    String id = client.experiments().getOrCreate(experiment, LIMIT);
    return client
        .runs()
        .create(id, new Runs.NewRun("run", "somebody", System.currentTimeMillis(), Map.of()), LIMIT)
        .getInfo();
  }

  private void deliver(TrackingClient client, Service.RunInfo run, String key, Item.Model model) {
    ModelDelivery delivery = new ModelDelivery(client, warnings::add);
    String source = delivery.deliverFiles(run, key, model, LIMIT);
    delivery.register(run, key, model, source, LIMIT);
  }

  private Item.Model model(String folder, double factor, String registered, long made) {
    return new Item.Model(
        "model",
        ToyModel.directory(home.resolve(folder), factor),
        Optional.of(
            new Item.Registration(
                registered,
                List.of("champion"),
                Map.of(ModelDelivery.MADE_TAG, Long.toString(made), "hdl.gate", "PASSED"))));
  }

  @ParameterizedTest
  @EnumSource
  void isLoadedByRunByAliasAndByVersion(MlflowVersion version) {
    try (TrackingClient client = client(version)) {
      Service.RunInfo run = run(client, "loaded");
      deliver(client, run, "key1", model("a", 3, "demand a", 10));
      String printed =
          server(version)
              .python(
                  PREDICT,
                  "runs:/" + run.getRunId() + "/model",
                  "models:/demand a@champion",
                  "models:/demand a/1");
      assertThat(printed.lines()).containsOnly("12.0 " + run.getRunId()).hasSize(3);
      ModelVersion registered =
          client.registry().byAlias("demand a", "champion", LIMIT).orElseThrow();
      assertThat(registered.getRunId()).isEqualTo(run.getRunId());
      assertThat(registered.getTagsList().toString()).contains("hdl.gate", "PASSED");
      assertThat(warnings).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void makesNothingTwiceWhenDeliveredAgain(MlflowVersion version) {
    try (TrackingClient client = client(version)) {
      Service.RunInfo run = run(client, "again");
      Item.Model model = model("b", 3, "demand b", 10);
      deliver(client, run, "key2", model);
      deliver(client, run, "key2", model);
      assertThat(client.registry().search("name = 'demand b'", LIMIT)).hasSize(1);
      if (client.capabilities(LIMIT).loggedModels()) {
        assertThat(client.loggedModels().search(List.of(run.getExperimentId()), "", LIMIT))
            .hasSize(1);
        assertThat(client.loggedModels().outputs(run.getRunId(), LIMIT)).hasSize(1);
      }
    }
  }

  /** A delivery that broke off at the files goes on with the same model. */
  @ParameterizedTest
  @EnumSource
  void goesOnWhereItBrokeOff(MlflowVersion version) throws IOException {
    try (TrackingClient client = client(version)) {
      Service.RunInfo run = run(client, "broken");
      Item.Model model = model("c", 5, "demand c", 10);
      Path description = model.folder().resolve("MLmodel");
      Path away = model.folder().resolveSibling("away");
      Files.move(description, away);
      assertThatThrownBy(() -> deliver(client, run, "key3", model)).hasMessageContaining("MLmodel");
      assertThat(client.registry().search("name = 'demand c'", LIMIT)).isEmpty();
      Files.move(away, description);
      deliver(client, run, "key3", model);
      if (client.capabilities(LIMIT).loggedModels()) {
        assertThat(client.loggedModels().search(List.of(run.getExperimentId()), "", LIMIT))
            .hasSize(1);
      }
      assertThat(server(version).python(PREDICT, "models:/demand c@champion")).startsWith("20.0 ");
    }
  }

  @ParameterizedTest
  @EnumSource
  void leavesTheAliasWithAModelThatWasMadeLater(MlflowVersion version) {
    try (TrackingClient client = client(version)) {
      deliver(client, run(client, "d"), "key4", model("d", 1, "demand d", 10));
      deliver(client, run(client, "d"), "key5", model("e", 2, "demand d", 30));
      assertThat(warnings).isEmpty();
      deliver(client, run(client, "d"), "key6", model("f", 3, "demand d", 20));
      assertThat(warnings)
          .containsExactly(
              "The alias \"champion\" of the registered model \"demand d\" stays with version 2,"
                  + " whose model was made later than version 3's.");
      assertThat(client.registry().byAlias("demand d", "champion", LIMIT).orElseThrow())
          .returns("2", ModelVersion::getVersion);
    }
  }
}
