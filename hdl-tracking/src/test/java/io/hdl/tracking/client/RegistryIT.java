package io.hdl.tracking.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.mlflow.api.proto.ModelRegistry;
import org.mlflow.api.proto.Service;

/** Registered and logged models at real servers, the oldest and the current one. */
class RegistryIT extends AtRealServers {

  @TempDir Path folder;
  private Registry registry;
  private Service.RunInfo run;
  private final String name = "model é / " + UUID.randomUUID();

  @BeforeEach
  void prepare() throws Exception {
    registry = client.registry();
    run =
        client
            .runs()
            .create(
                client.experiments().getOrCreate("models", LIMIT),
                newRun(UUID.randomUUID().toString()),
                LIMIT)
            .getInfo();
    Files.writeString(
        Files.createDirectories(folder.resolve("model")).resolve("MLmodel"),
        "flavors: {python_function: {loader_module: m}}\nmodel_uuid: x\n");
  }

  private Registry.NewVersion newVersion(String model) {
    return new Registry.NewVersion(
        model,
        run.getArtifactUri() + "/model",
        Optional.of(run.getRunId()),
        Optional.empty(),
        "made for a tést",
        Map.of("gate", "passed", "empty", ""));
  }

  @Test
  void registersModelsWithVersionsAliasesTagsAndStages() {
    // A slash is refused in names of registered models.
    String model = name.replace("/", "-");
    assertThat(registry.find(model, LIMIT)).isEmpty();
    assertThat(registry.create(model, "for tests", Map.of("team", "ü"), LIMIT)).isTrue();
    assertThat(registry.create(model, "for tests", Map.of(), LIMIT)).isFalse();
    registry.setTag(model, "more", "1", LIMIT);
    client.artifacts(run.getArtifactUri()).upload("model", folder.resolve("model"), LIMIT);

    ModelRegistry.ModelVersion first = registry.createVersion(newVersion(model), LIMIT);
    ModelRegistry.ModelVersion second = registry.createVersion(newVersion(model), LIMIT);
    assertThat(first.getVersion()).isEqualTo("1");
    assertThat(second.getVersion()).isEqualTo("2");
    assertThat(registry.byAlias(model, "champion", LIMIT)).isEmpty();
    registry.setAlias(model, "champion", "1", LIMIT);
    registry.setAlias(model, "champion", "2", LIMIT);
    registry.setAlias(model, "old", "1", LIMIT);
    registry.deleteAlias(model, "old", LIMIT);
    registry.setVersionTag(model, "2", "wape", "0.1", LIMIT);
    registry.moveToStage(model, "1", "Production", Registry.Others.KEEP, LIMIT);
    registry.moveToStage(model, "2", "Production", Registry.Others.ARCHIVE, LIMIT);

    assertThat(registry.byAlias(model, "champion", LIMIT).orElseThrow().getVersion())
        .isEqualTo("2");
    assertThat(registry.byAlias(model, "old", LIMIT)).isEmpty();
    assertThat(registry.version(model, "1", LIMIT).orElseThrow().getCurrentStage())
        .isEqualTo("Archived");
    assertThat(registry.version(model, "9", LIMIT)).isEmpty();
    assertThat(registry.search("run_id = '" + run.getRunId() + "'", LIMIT))
        .extracting(ModelRegistry.ModelVersion::getVersion)
        .containsExactlyInAnyOrder("1", "2");
    assertThat(
            server.python(
                """
                import sys
                from mlflow import MlflowClient
                c = MlflowClient()
                m = c.get_registered_model(sys.argv[1])
                v = c.get_model_version_by_alias(sys.argv[1], 'champion')
                print(m.description, sorted(m.tags.items()), v.version, v.description,
                    sorted(v.tags.items()), v.run_id == sys.argv[2], v.status,
                    c.get_model_version_download_uri(sys.argv[1], v.version) == sys.argv[3])
                """,
                model,
                run.getRunId(),
                run.getArtifactUri() + "/model"))
        .isEqualToIgnoringNewLines(
            "for tests [('more', '1'), ('team', 'ü')] 2 made for a tést"
                + " [('empty', ''), ('gate', 'passed'), ('wape', '0.1')] True READY True");

    registry.deleteVersion(model, "1", LIMIT);
    assertThat(registry.search("name = '" + model + "'", LIMIT)).hasSize(1);
    registry.delete(model, LIMIT);
    assertThat(registry.find(model, LIMIT)).isEmpty();
  }

  @Test
  void keepsLoggedModelsBesideRuns() {
    Assumptions.assumeTrue(
        client.capabilities(LIMIT).loggedModels(), "MLflow 2 keeps no models beside runs");
    LoggedModels models = client.loggedModels();
    LoggedModel made =
        models.create(
            new LoggedModels.NewModel(
                run.getExperimentId(),
                "n-hits",
                Optional.of(run.getRunId()),
                Map.of("context", "52"),
                Map.of("hdl.model.key", "k1")),
            LIMIT);
    assertThat(made.status()).isEqualTo("LOGGED_MODEL_PENDING");
    client.artifacts(made.artifactUri()).upload("", folder.resolve("model"), LIMIT);
    models.setTags(made.id(), Map.of("more", "ü"), LIMIT);
    LoggedModel ready = models.finish(made.id(), LoggedModels.Result.READY, LIMIT);
    models.logOutput(run.getRunId(), made.id(), 3, LIMIT);
    models.logOutput(run.getRunId(), made.id(), 3, LIMIT);

    assertThat(ready.status()).isEqualTo("LOGGED_MODEL_READY");
    LoggedModel read = models.get(made.id(), LIMIT).orElseThrow();
    assertThat(read.sourceRunId()).contains(run.getRunId());
    assertThat(read.params()).containsEntry("context", "52");
    assertThat(read.tags()).containsEntry("hdl.model.key", "k1").containsEntry("more", "ü");
    assertThat(models.outputs(run.getRunId(), LIMIT)).containsExactly(made.id());
    assertThat(models.search(List.of(run.getExperimentId()), "tags.`hdl.model.key` = 'k1'", LIMIT))
        .extracting(LoggedModel::id)
        .containsExactly(made.id());
    assertThat(models.search(List.of(run.getExperimentId()), "tags.`x` = 'y'", LIMIT)).isEmpty();

    String model = name.replace("/", "-");
    assertThat(registry.create(model, "", Map.of(), LIMIT)).isTrue();
    registry.createVersion(
        new Registry.NewVersion(
            model,
            "models:/" + made.id(),
            Optional.of(run.getRunId()),
            Optional.of(made.id()),
            "",
            Map.of()),
        LIMIT);
    registry.setAlias(model, "champion", "1", LIMIT);
    assertThat(
            server.python(
                """
                import sys
                import mlflow
                c = mlflow.MlflowClient()
                m = c.get_logged_model(sys.argv[1])
                print(m.name, m.status, m.params, m.tags['more'], m.source_run_id == sys.argv[2],
                    [f.path for f in c.list_logged_model_artifacts(sys.argv[1])],
                    [(o.model_id == sys.argv[1], o.step) for o in
                        c.get_run(sys.argv[2]).outputs.model_outputs],
                    c.get_model_version_by_alias(sys.argv[3], 'champion').source)
                """,
                made.id(),
                run.getRunId(),
                model))
        .isEqualToIgnoringNewLines(
            "n-hits READY {'context': '52'} ü True ['MLmodel'] [(True, 3)] models:/" + made.id());

    models.delete(made.id(), LIMIT);
    assertThat(models.get(made.id(), LIMIT)).isEmpty();
  }

  @Test
  void tellsOldServersOfAModelAmongTheArtifactsOfARun() {
    Assumptions.assumeFalse(
        client.capabilities(LIMIT).loggedModels(), "MLflow 3 keeps models beside runs");
    client
        .runs()
        .logModel(
            run.getRunId(),
            "{\"artifact_path\":\"model\",\"run_id\":\""
                + run.getRunId()
                + "\",\"utc_time_created\":\"2026-01-01 00:00:00\",\"flavors\":{\"python_function\":{}}}",
            LIMIT);
    assertThat(client.runs().get(run.getRunId(), LIMIT).orElseThrow().getData().getTagsList())
        .anySatisfy(
            tag -> {
              assertThat(tag.getKey()).isEqualTo("mlflow.log-model.history");
              assertThat(tag.getValue()).contains("\"artifact_path\": \"model\"");
            });
    assertThatThrownBy(() -> client.loggedModels().get("m-1", LIMIT))
        .isInstanceOf(ServerException.class);
  }
}
