package io.hdl.tracking.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.mlflow.api.proto.Service;
import org.mlflow.tracking.MlflowClient;

/** What runs log, at real servers: up to their limits, and what is awkward. */
class BatchesIT extends AtRealServers {
  private String newRun() {
    String experiment = client.experiments().getOrCreate("batches", LIMIT);
    return client.runs().create(experiment, newRun("k"), LIMIT).getInfo().getRunId();
  }

  @Test
  void takesABatchAtTheLimits() throws Exception {
    String id = newRun();
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
    String id = newRun();
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
    String id = newRun();
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

  @SuppressWarnings("unchecked") // JSON's keys are texts
  private static Map<String, Object> map(Map<String, Object> json, String part) {
    return (Map<String, Object>) json.getOrDefault(part, Map.of());
  }
}
