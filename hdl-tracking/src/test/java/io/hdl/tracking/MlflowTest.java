package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.core.job.TrackedRun;
import io.hdl.core.testing.TestJobContext;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MlflowTest {
  @TempDir Path folder;

  @Test
  void keepsRunsInTheHomeDirectoryWithoutAnAddress() {
    TestJobContext context = TestJobContext.in(folder.resolve("home"), "demand", "run-1");
    try (TrackedRun run = Mlflow.from(Map.of()).open(context.record(), context)) {
      assertThat(run.link()).get().asString().startsWith(folder.resolve("home/mlruns").toString());
    }
    assertThat(problems(Mlflow.from(Map.of("MLFLOW_TRACKING_URI", " ")))).isEmpty();
  }

  @Test
  void keepsRunsInADirectoryGivenAsPathOrFileAddress() {
    for (String address :
        List.of(folder.resolve("a").toString(), folder.resolve("b").toUri().toString())) {
      TestJobContext context = TestJobContext.in(folder.resolve("home"));
      try (TrackedRun run = Mlflow.at(address).open(context.record(), context)) {
        assertThat(run.link()).get().asString().startsWith(folder.toString());
      }
    }
    assertThat(folder.resolve("a/.trash")).isDirectory();
    assertThat(folder.resolve("b/.trash")).isDirectory();
    assertThat(folder.resolve("home/mlruns")).doesNotExist();
  }

  @Test
  void takesTheExperimentFromTheEnvironment() {
    assertThat(Mlflow.from(Map.of("MLFLOW_EXPERIMENT_NAME", "retail")).settings())
        .containsEntry("mlflow.experiment", "retail")
        .containsEntry("tracker", "mlflow");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "databricks:// | no proper address",
        "databricks://scope:prefix | without a profile",
        "databricks://no such profile | no proper address",
        "azureml://westeurope.api.azureml.ms/x | without a workspace",
        "sqlite:////tmp/mlflow.db | start one with `mlflow server",
        "s3://bucket/runs | scheme \"s3\" (expected: http, https, file, databricks, azureml or a path)",
        "http:// | no proper address",
        "http:///path | without a host",
        "http://host:port with blank/ | no proper address"
      })
  void saysWhatIsWrongWithAnAddress(String address, String problem) {
    assertThat(problems(Mlflow.at(address))).singleElement().asString().contains(problem);
  }

  @ParameterizedTest
  @ValueSource(strings = {"http://host", "HTTPS://host:5000/mlflow/", "http://[::1]:5000"})
  void takesServersAddresses(String address) {
    assertThat(problems(Mlflow.at(URI.create(address)))).isEmpty();
  }

  @Test
  void tracksAtAWorkspaceThatTheEnvironmentNames() {
    Mlflow mlflow =
        Mlflow.from(
            Map.of(
                "MLFLOW_TRACKING_URI", "databricks",
                "DATABRICKS_HOST", "https://dbc-1.cloud.databricks.com",
                "DATABRICKS_TOKEN", "dapi-1",
                "MLFLOW_EXPERIMENT_NAME", "/Shared/demand"));
    assertThat(problems(mlflow)).isEmpty();
    assertThat(mlflow.settings()).containsEntry("mlflow.uri", "https://dbc-1.cloud.databricks.com");
    assertThat(
            problems(
                Mlflow.from(
                    Map.of(
                        "MLFLOW_TRACKING_URI", "databricks",
                        "DATABRICKS_HOST", "https://dbc-1.cloud.databricks.com",
                        "MLFLOW_EXPERIMENT_NAME", "/Shared/demand"))))
        .singleElement()
        .asString()
        .contains("names the workspace dbc-1.cloud.databricks.com but no credential");
  }

  @Test
  void wantsThePathOfAnExperimentInAWorkspaceOfDatabricks() {
    Map<String, String> workspace =
        Map.of(
            "MLFLOW_TRACKING_URI", "databricks",
            "DATABRICKS_HOST", "https://dbc-1.cloud.databricks.com",
            "DATABRICKS_TOKEN", "dapi-1");
    assertThat(problems(Mlflow.from(workspace)))
        .containsExactly(
            "experiment: the job's name (expected for the Databricks workspace https://dbc-1.cloud.databricks.com: the absolute path of an experiment, such as /Shared/demand or /Users/me@example.com/demand; experiment(...) or MLFLOW_EXPERIMENT_NAME says it)");
    for (Mlflow mlflow :
        List.of(
            Mlflow.from(workspace),
            Mlflow.at("https://adb-1.2.azuredatabricks.net").token("t"),
            Mlflow.at("https://dbc-1.cloud.databricks.com").token("t"))) {
      assertThat(problems(mlflow.experiment("demand")))
          .singleElement()
          .asString()
          .startsWith("experiment: \"demand\" (expected for the Databricks workspace https://");
      assertThat(problems(mlflow.experiment("/Shared/demand"))).isEmpty();
      assertThat(mlflow.requireServer().namesExperimentsByPath()).isTrue();
    }
    assertThat(problems(Mlflow.at("https://notdatabricks.com"))).isEmpty();
  }

  @Test
  void collectsProblemsOfExperimentAndCredentials() {
    Mlflow mlflow =
        Mlflow.from(Map.of("MLFLOW_TRACKING_URI", "http://host", "MLFLOW_TRACKING_USERNAME", "me"))
            .experiment(" ");
    assertThat(problems(mlflow))
        .containsExactly(
            "MLFLOW_TRACKING_USERNAME is set (expected: MLFLOW_TRACKING_PASSWORD too)",
            "experiment: a blank name (expected: at least one letter)");
    assertThat(problems(Mlflow.at("http://host").experiment("x".repeat(501))))
        .containsExactly("experiment: a name of 501 characters (expected: at most 500)");
    assertThatThrownBy(() -> Mlflow.at("http://host").flushWithin(Duration.ZERO))
        .hasMessage("flushWithin: PT0S (expected: > 0)");
  }

  @Test
  void saysWhatARegistryWouldRefuse() {
    assertThat(problems(Mlflow.at("http://host").register("demand forecast é"))).isEmpty();
    assertThat(problems(Mlflow.at("http://host").register("demand", List.of()))).isEmpty();
    for (String name : List.of(" ", "a/b", "a:b")) {
      assertThat(problems(Mlflow.at("http://host").register(name)))
          .containsExactly(
              "register: \"" + name + "\" (expected: a name that is not blank, without / and :)");
    }
    assertThat(problems(Mlflow.at("http://host").register("x".repeat(257))))
        .containsExactly("register: a name of 257 characters (expected: at most 256)");
    assertThat(problems(Mlflow.at("http://host").register("a", List.of("v1", "x y", "b", "b"))))
        .containsExactly(
            "register: the alias \"v1\" (expected: letters, digits, _ and -, not \"latest\" and no"
                + " version such as v1)",
            "register: the alias \"x y\" (expected: letters, digits, _ and -, not \"latest\" and no"
                + " version such as v1)",
            "register: the alias \"b\" twice (expected: once)");
  }

  @Test
  void neverShowsASecret() {
    String secret = "s3cr3t-t0ken";
    List<Mlflow> trackers =
        List.of(
            Mlflow.from(
                Map.of("MLFLOW_TRACKING_URI", "https://host/x", "MLFLOW_TRACKING_TOKEN", secret)),
            Mlflow.from(
                Map.of(
                    "MLFLOW_TRACKING_URI", "https://host/x",
                    "MLFLOW_TRACKING_USERNAME", "me",
                    "MLFLOW_TRACKING_PASSWORD", secret)),
            Mlflow.at("https://me:" + secret + "@host/x?token=" + secret),
            Mlflow.at("https://host/x").token(secret),
            Mlflow.at("https://host/x").login("me", secret));
    for (Mlflow tracker : trackers) {
      assertThat(problems(tracker)).isEmpty();
      assertThat(tracker.settings()).containsEntry("mlflow.uri", "https://host/x");
      assertThat(tracker.toString() + tracker.settings()).doesNotContain(secret);
    }
    Mlflow broken =
        Mlflow.from(
            Map.of(
                "MLFLOW_TRACKING_URI",
                "https://h",
                "MLFLOW_TRACKING_TOKEN",
                secret + "\n" + secret));
    assertThat(problems(broken)).singleElement().asString().doesNotContain(secret);
    assertThat(problems(Mlflow.at("http://me:" + secret + "@bad host"))).hasSize(1);
    assertThat(problems(Mlflow.at("http://me:" + secret + "@bad host")).get(0))
        .doesNotContain(secret);
  }

  @Test
  void namesSecretsInsteadOfHoldingThem() {
    Mlflow byToken =
        Mlflow.from(
            Map.of(
                "MLFLOW_TRACKING_URI", "https://host/x",
                "MLFLOW_TRACKING_TOKEN", "secret://mlflow",
                "HDL_SECRET_MLFLOW", "value-of-the-token"));
    assertThat(problems(byToken)).isEmpty();
    assertThat(byToken.settings().toString()).doesNotContain("value-of");

    Mlflow byName =
        Mlflow.from(
            Map.of(
                "MLFLOW_TRACKING_URI", "https://host/x",
                "MLFLOW_TRACKING_TOKEN", "secret://not a name"));
    assertThat(problems(byName))
        .singleElement()
        .asString()
        .startsWith("MLFLOW_TRACKING_TOKEN: secret reference: secret://not a name (expected:");
  }

  @Test
  void tellsHowBusyTheMachineIsAsOftenAsItIsAsked() {
    assertThat(Mlflow.from(Map.of()).usageInterval()).contains(Duration.ofSeconds(10));
    assertThat(
            Mlflow.from(Map.of("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "2.5")).usageInterval())
        .contains(Duration.ofMillis(2500));
    assertThat(Mlflow.from(Map.of("MLFLOW_ENABLE_SYSTEM_METRICS_LOGGING", "False")).usageInterval())
        .isEmpty();
    assertThat(Mlflow.at("runs").withoutSystemMetrics().usageInterval()).isEmpty();
    assertThatThrownBy(() -> Mlflow.at("runs").systemMetricsEvery(Duration.ZERO))
        .hasMessage("systemMetricsEvery: PT0S (expected: > 0)");
    Problems problems = new Problems();
    Mlflow.from(Map.of("MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL", "often")).check(problems);
    assertThatThrownBy(() -> problems.throwIfAny("x"))
        .hasMessageContaining(
            "MLFLOW_SYSTEM_METRICS_SAMPLING_INTERVAL: \"often\" (expected: seconds > 0)");
  }

  @Test
  void refusesToOpenWithASettingThatIsWrong() {
    TestJobContext context = TestJobContext.in(folder.resolve("home"));
    assertThatThrownBy(() -> Mlflow.at("s3://bucket").open(context.record(), context))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS));
  }

  @Test
  void refusesADirectoryThatCannotBeWritten() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "no folder");
    TestJobContext context = TestJobContext.in(folder.resolve("home"));
    assertThatThrownBy(
            () -> Mlflow.at(file.resolve("runs").toString()).open(context.record(), context))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining(file.toString());
  }

  private static List<String> problems(Mlflow mlflow) {
    Problems problems = new Problems();
    mlflow.check(problems);
    return problems.all();
  }
}
