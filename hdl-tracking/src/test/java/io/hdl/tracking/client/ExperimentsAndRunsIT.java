package io.hdl.tracking.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.testing.Fault;
import io.hdl.core.testing.FaultProxy;
import io.hdl.core.testing.MlflowVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.mlflow.api.proto.Service;

/** Experiments and runs at real servers, the oldest and the current one. */
class ExperimentsAndRunsIT extends AtRealServers {

  private String newExperiment() {
    return client.experiments().getOrCreate("e-" + UUID.randomUUID(), LIMIT);
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
}
