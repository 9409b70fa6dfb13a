package io.hdl.tracking.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.core.testing.Fault;
import io.hdl.core.testing.FaultProxy;
import io.hdl.core.testing.MlflowServer;
import io.hdl.core.testing.MlflowVersion;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;

/** Experiments and runs at real servers, the oldest and the current one. */
@ParameterizedClass
@EnumSource(MlflowVersion.class)
class ExperimentsAndRunsIT {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final AtomicReference<@Nullable MlflowServer> RUNNING = new AtomicReference<>();

  @Parameter MlflowVersion version = MlflowVersion.CURRENT;
  private MlflowServer server;
  private TrackingClient client;

  @BeforeParameterizedClassInvocation
  static void start(MlflowVersion version) {
    RUNNING.set(MlflowServer.start(version));
  }

  @AfterParameterizedClassInvocation
  static void stop() {
    MlflowServer running = RUNNING.getAndSet(null);
    if (running != null) {
      running.close();
    }
  }

  @BeforeEach
  void open() {
    server = Objects.requireNonNull(RUNNING.get());
    client = TrackingClient.of(new TrackingServer(server.uri(), Credentials.none()));
  }

  @AfterEach
  void close() {
    client.close();
  }

  private String newExperiment() {
    return client.experiments().getOrCreate("e-" + UUID.randomUUID(), LIMIT);
  }

  private static Runs.NewRun newRun(String key) {
    return new Runs.NewRun("näme / " + key, "me", 1_700_000_000_123L, Map.of("key", key));
  }

  @Test
  void createsDeletesAndRestoresExperiments() {
    String name = "demand é 'quoted' \"twice\" & 50% / more " + UUID.randomUUID();
    assertThat(client.experiments().find(name, LIMIT)).isEmpty();
    String id = client.experiments().create(name, Map.of("team", "ü"), LIMIT).orElseThrow();

    assertThat(client.experiments().create(name, Map.of(), LIMIT)).isEmpty();
    assertThat(client.experiments().getOrCreate(name, LIMIT)).isEqualTo(id);
    assertThat(client.experiments().find(name, LIMIT).orElseThrow().getExperimentId())
        .isEqualTo(id);
    client.experiments().setTag(id, "stage", "test", LIMIT);
    Service.Experiment known = client.experiments().get(id, LIMIT).orElseThrow();
    assertThat(known.getName()).isEqualTo(name);
    assertThat(known.getTagsList())
        .extracting(Service.ExperimentTag::getKey, Service.ExperimentTag::getValue)
        .contains(tuple("team", "ü"), tuple("stage", "test"));

    client.experiments().delete(id, LIMIT);
    assertThat(client.experiments().get(id, LIMIT).orElseThrow().getLifecycleStage())
        .isEqualTo("deleted");
    assertThatThrownBy(() -> client.experiments().getOrCreate(name, LIMIT))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessageContaining("was deleted")
        .hasMessageContaining("mlflow experiments restore -x " + id);
    client.experiments().restore(id, LIMIT);
    assertThat(client.experiments().getOrCreate(name, LIMIT)).isEqualTo(id);
    assertThat(client.experiments().get("987654321", LIMIT)).isEmpty();
  }

  @Test
  void makesOneRunThoughTheAnswerToItsCreationIsLost() {
    String experiment = newExperiment();
    try (FaultProxy proxy = FaultProxy.before(server.uri());
        TrackingClient late =
            TrackingClient.of(new TrackingServer(proxy.uri(), Credentials.none()))) {
      proxy.next(Fault.truncate(1 << 20), Fault.resetAfterwards());
      Service.Run run =
          late.retrying(
              "create the run",
              LIMIT,
              time -> late.runs().findOrCreate(experiment, "key", newRun("k1"), time));

      assertThat(proxy.requests().stream().filter(seen -> seen.target().contains("runs/create")))
          .hasSize(1);
      assertThat(client.runs().search(List.of(experiment), "", LIMIT))
          .singleElement()
          .satisfies(
              found -> assertThat(found.getInfo().getRunId()).isEqualTo(run.getInfo().getRunId()));
      assertThat(run.getInfo().getRunName()).isEqualTo("näme / k1");
    }
  }

  @Test
  void changesEndsDeletesAndRestoresARun() {
    String experiment = newExperiment();
    String id = client.runs().create(experiment, newRun("k"), LIMIT).getInfo().getRunId();
    client.runs().rename(id, "other 🚀", LIMIT);
    client.runs().end(id, Service.RunStatus.FAILED, 1_700_000_009_999L, LIMIT);
    client.runs().setTag(id, "t", "1", LIMIT);
    client.runs().setTag(id, "t", "2", LIMIT);
    client.runs().setTag(id, "gone", "1", LIMIT);
    client.runs().deleteTag(id, "gone", LIMIT);

    Service.Run run = client.runs().get(id, LIMIT).orElseThrow();
    assertThat(run.getInfo().getRunName()).isEqualTo("other 🚀");
    assertThat(run.getInfo().getStatus()).isEqualTo(Service.RunStatus.FAILED);
    assertThat(run.getInfo().getStartTime()).isEqualTo(1_700_000_000_123L);
    assertThat(run.getInfo().getEndTime()).isEqualTo(1_700_000_009_999L);
    assertThat(run.getInfo().getUserId()).isEqualTo("me");
    assertThat(tags(run))
        .containsEntry("t", "2")
        .containsEntry("key", "k")
        .doesNotContainKey("gone");

    client.runs().reopen(id, LIMIT);
    assertThat(client.runs().get(id, LIMIT).orElseThrow().getInfo().getStatus())
        .isEqualTo(Service.RunStatus.RUNNING);
    client.runs().delete(id, LIMIT);
    assertThat(client.runs().findByTag(experiment, "key", "k", LIMIT)).isEmpty();
    assertThat(client.runs().get(id, LIMIT).orElseThrow().getInfo().getLifecycleStage())
        .isEqualTo("deleted");
    client.runs().restore(id, LIMIT);
    assertThat(client.runs().findByTag(experiment, "key", "k", LIMIT)).isPresent();
    assertThat(client.runs().get("0".repeat(32), LIMIT)).isEmpty();
    assertThatThrownBy(() -> client.runs().setTag("0".repeat(32), "t", "1", LIMIT))
        .isInstanceOfSatisfying(
            ServerException.class,
            e -> {
              assertThat(e.status()).isEqualTo(404);
              assertThat(e.mlflowCode()).isEqualTo("RESOURCE_DOES_NOT_EXIST");
              assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND);
            });
  }

  @Test
  void searchesPageAfterPage() {
    String experiment = newExperiment();
    for (int i = 0; i < 5; i++) {
      String id = client.runs().create(experiment, newRun("k" + i), LIMIT).getInfo().getRunId();
      client.runs().logBatch(id, List.of(metric("wape", i, 0)), List.of(), List.of(), LIMIT);
    }
    Service.SearchRuns.Builder request =
        Service.SearchRuns.newBuilder()
            .addExperimentIds(experiment)
            .setMaxResults(2)
            .addOrderBy("metrics.wape DESC");
    List<Double> values = new ArrayList<>();
    List<Integer> sizes = new ArrayList<>();
    String token;
    do {
      Service.SearchRuns.Response page = client.runs().page(request.build(), LIMIT);
      sizes.add(page.getRunsCount());
      page.getRunsList().forEach(run -> values.add(run.getData().getMetrics(0).getValue()));
      token = page.getNextPageToken();
      request.setPageToken(token);
    } while (!token.isEmpty());
    assertThat(sizes).startsWith(2, 2, 1);
    assertThat(values).containsExactly(4.0, 3.0, 2.0, 1.0, 0.0);
    assertThat(client.runs().search(List.of(experiment), "metrics.wape < 1.5", LIMIT)).hasSize(2);
    assertThatThrownBy(() -> client.runs().search(List.of(experiment), "no filter at all", LIMIT))
        .isInstanceOfSatisfying(
            ServerException.class, e -> assertThat(e.refusesContent()).isTrue());
  }

  @Test
  void takesABatchAtTheLimits() throws Exception {
    String id = client.runs().create(newExperiment(), newRun("k"), LIMIT).getInfo().getRunId();
    List<Service.Metric> metrics = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      metrics.add(metric("loss", i * 0.5, i));
    }
    client.runs().logBatch(id, metrics, List.of(), List.of(), LIMIT);
    client.runs().logBatch(id, metrics, List.of(), List.of(), LIMIT); // an answer was lost
    assertThat(client.runs().metricHistory(id, "loss", LIMIT)).hasSize(1000);

    List<Service.Param> params = new ArrayList<>();
    List<Service.RunTag> tags = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      params.add(Service.Param.newBuilder().setKey("p" + i).setValue("v" + i).build());
      tags.add(Service.RunTag.newBuilder().setKey("t" + i).setValue("v" + i).build());
    }
    client.runs().logBatch(id, List.of(), params, tags, LIMIT);
    Service.Run run = client.runs().get(id, LIMIT).orElseThrow();
    assertThat(run.getData().getParamsList()).hasSize(100);
    assertThat(tags(run)).containsEntry("t99", "v99");

    metrics.add(metric("loss", 0, 1000));
    assertThatThrownBy(() -> client.runs().logBatch(id, metrics, List.of(), List.of(), LIMIT))
        .isInstanceOfSatisfying(ServerException.class, e -> assertThat(e.refusesContent()).isTrue())
        .hasMessageContaining("1000");
    assertThatThrownBy(
            () ->
                client
                    .runs()
                    .logBatch(
                        id,
                        List.of(metric("other", 1, 1)),
                        List.of(Service.Param.newBuilder().setKey("p1").setValue("else").build()),
                        List.of(),
                        LIMIT))
        .isInstanceOf(ServerException.class)
        .hasMessageContaining("Changing param values is not allowed");
    assertThat(client.runs().metricHistory(id, "other", LIMIT)).isEmpty();
  }

  @Test
  void keepsWhatIsAwkward() throws Exception {
    String id = client.runs().create(newExperiment(), newRun("k"), LIMIT).getInfo().getRunId();
    String longKey = "k/".repeat(124) + "ée";
    assertThat(longKey).hasSize(250);
    String longValue = "🚀\"\\\n\t<&'é".repeat(600).substring(0, 6000);
    String longTag = "é".repeat(client.capabilities(LIMIT).longestTag());
    client
        .runs()
        .logBatch(
            id,
            List.of(
                metric(longKey, 1.5, 7),
                metric("train/löss by-day_1.x y", -0.0, -3),
                metric("max", Double.POSITIVE_INFINITY, 0),
                metric("min", Double.NEGATIVE_INFINITY, 0),
                metric("tiny", Double.MIN_VALUE, 0),
                metric("third", 1.0 / 3, Long.MAX_VALUE)),
            List.of(
                Service.Param.newBuilder().setKey(longKey).setValue(longValue).build(),
                Service.Param.newBuilder().setKey("6000").setValue("é".repeat(6000)).build(),
                Service.Param.newBuilder().setKey("empty").setValue("").build(),
                Service.Param.newBuilder().setKey("spaces").setValue("  a  ").build()),
            List.of(
                Service.RunTag.newBuilder().setKey("tag/ü").setValue(longTag).build(),
                Service.RunTag.newBuilder().setKey("empty").setValue("").build()),
            LIMIT);
    client.runs().logBatch(id, List.of(metric("nan", Double.NaN, 1)), List.of(), List.of(), LIMIT);

    Map<String, Object> read =
        Json.readObject(
            server.python(
                """
                import json, sys
                from mlflow import MlflowClient
                run = MlflowClient().get_run(sys.argv[1])
                print(json.dumps({'metrics': {k: repr(v) for k, v in run.data.metrics.items()},
                    'params': run.data.params, 'tags': run.data.tags,
                    'steps': {k: MlflowClient().get_metric_history(sys.argv[1], k)[0].step
                        for k in run.data.metrics}}))
                """,
                id),
            "what Python read");
    assertThat(map(read, "metrics"))
        .containsEntry(longKey, "1.5")
        .containsEntry("max", "1.7976931348623157e+308")
        .containsEntry("min", "-1.7976931348623157e+308")
        .containsEntry("tiny", "5e-324")
        .containsEntry("third", "0.3333333333333333")
        .containsEntry("nan", "nan")
        .containsKey("train/löss by-day_1.x y");
    assertThat(map(read, "steps"))
        .containsEntry(longKey, 7)
        .containsEntry("train/löss by-day_1.x y", -3)
        .containsEntry("third", Long.MAX_VALUE);
    assertThat(map(read, "params"))
        .containsEntry(longKey, longValue)
        .containsEntry("6000", "é".repeat(6000))
        .containsEntry("empty", "")
        .containsEntry("spaces", "  a  ");
    assertThat(map(read, "tags")).containsEntry("tag/ü", longTag).containsEntry("empty", "");

    try (MlflowClient javas = new MlflowClient(server.uri().toString())) {
      Service.Run theirs = javas.getRun(id);
      Service.Run ours = client.runs().get(id, LIMIT).orElseThrow();
      assertThat(ours.getData().getParamsList())
          .containsExactlyInAnyOrderElementsOf(theirs.getData().getParamsList());
      assertThat(ours.getInfo()).isEqualTo(theirs.getInfo());
      assertThat(client.runs().metricHistory(id, "third", LIMIT))
          .isEqualTo(javas.getMetricHistory(id, "third"));
    }
  }

  @Test
  void logsInputs() throws Exception {
    String id = client.runs().create(newExperiment(), newRun("k"), LIMIT).getInfo().getRunId();
    Service.LogInputs inputs =
        Service.LogInputs.newBuilder()
            .setRunId(id)
            .addDatasets(
                Service.DatasetInput.newBuilder()
                    .addTags(
                        Service.InputTag.newBuilder()
                            .setKey("mlflow.data.context")
                            .setValue("training"))
                    .setDataset(
                        Service.Dataset.newBuilder()
                            .setName("sales")
                            .setDigest("v17")
                            .setSourceType("delta_table")
                            .setSource("{\"path\":\"abfss://l@a/t\",\"delta_table_version\":17}")))
            .build();
    client.runs().logInputs(inputs, LIMIT);
    client.runs().logInputs(inputs, LIMIT);
    assertThat(
            server.python(
                """
                import sys
                from mlflow import MlflowClient
                for i in MlflowClient().get_run(sys.argv[1]).inputs.dataset_inputs:
                    print(i.dataset.name, i.dataset.digest, i.dataset.source, i.tags[0].value)
                """,
                id))
        .isEqualToIgnoringNewLines(
            "sales v17 {\"path\":\"abfss://l@a/t\",\"delta_table_version\":17} training");
  }

  @Test
  void asksOnceWhatTheServerHas() {
    try (FaultProxy proxy = FaultProxy.before(server.uri());
        TrackingClient fresh =
            TrackingClient.of(new TrackingServer(proxy.uri(), Credentials.none()))) {
      Capabilities found = fresh.capabilities(LIMIT);
      assertThat(found.version()).contains(server.version());
      assertThat(found.loggedModels()).isEqualTo(version == MlflowVersion.CURRENT);
      assertThat(found.longestTag()).isEqualTo(version == MlflowVersion.CURRENT ? 8000 : 5000);
      int asked = proxy.requests().size();
      assertThat(fresh.capabilities(LIMIT)).isSameAs(found);
      assertThat(proxy.requests()).hasSize(asked);
    }
  }

  @SuppressWarnings("unchecked") // JSON's keys are texts
  private static Map<String, Object> map(Map<String, Object> json, String part) {
    return (Map<String, Object>) json.getOrDefault(part, Map.of());
  }

  private static Map<String, String> tags(Service.Run run) {
    return run.getData().getTagsList().stream()
        .collect(Collectors.toMap(Service.RunTag::getKey, Service.RunTag::getValue));
  }

  private static Service.Metric metric(String key, double value, long step) {
    return Service.Metric.newBuilder()
        .setKey(key)
        .setValue(value)
        .setTimestamp(1_700_000_000_000L + (step % 1000))
        .setStep(step)
        .build();
  }
}
