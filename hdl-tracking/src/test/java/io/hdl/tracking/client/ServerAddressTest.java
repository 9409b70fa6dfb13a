package io.hdl.tracking.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.AccessToken;
import io.hdl.core.identity.TokenSource;
import io.hdl.core.testing.LoopbackHttp;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {
  private static final String WORKSPACE =
      "/mlflow/v1.0/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w";
  private static final String AZURE_WORKSPACE = "https://adb-1.2.azuredatabricks.net";
  private static final TokenSource AZURE =
      new TokenSource() {
        @Override
        public AccessToken token(List<String> scopes) {
          return new AccessToken("azure-for-" + scopes.get(0), Instant.now().plusSeconds(3600));
        }

        @Override
        public String description() {
          return "the test's identity";
        }
      };

  @TempDir Path folder;
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void nameAFileThatIsNotThere() {
    environment.put("DATABRICKS_CONFIG_FILE", folder.resolve("cfg").toString());
  }

  private TrackingServer server(String address) {
    return new ServerAddress(environment, () -> AZURE).server(address);
  }

  private String shown(String address) {
    return server(address).credentials().header().orElse("nothing");
  }

  private void config(String text) throws Exception {
    Files.writeString(folder.resolve("cfg"), text);
  }

  @Test
  void takesThePlainAddressAndWhatTheEnvironmentShows() {
    assertThat(server("http://h:5000/").base()).hasToString("http://h:5000");
    assertThat(shown("http://h:5000")).isEqualTo("nothing");
    assertThat(shown("http://me:p%40ss@h:5000")).isEqualTo("Basic bWU6cEBzcw==");
    assertThat(server("http://me:p%40ss@h:5000")).hasToString("http://h:5000");
    environment.put("MLFLOW_TRACKING_TOKEN", "t1");
    assertThat(shown("http://me:p%40ss@h:5000")).isEqualTo("Bearer t1");
    environment.put("MLFLOW_TRACKING_USERNAME", "u");
    environment.put("MLFLOW_TRACKING_PASSWORD", "a:b");
    assertThat(shown("http://h:5000")).isEqualTo("Basic dTphOmI=");
    assertThat(server("https://h/mlflow").link("1", "r"))
        .isEqualTo("https://h/mlflow/#/experiments/1/runs/r");
  }

  @Test
  void resolvesReferencesToSecretsWhenTheyAreNeeded() {
    environment.put("MLFLOW_TRACKING_TOKEN", "secret://of-mlflow");
    environment.put("HDL_SECRET_OF_MLFLOW", "from-elsewhere");
    assertThat(shown("http://h")).isEqualTo("Bearer from-elsewhere");
  }

  @Test
  void findsADatabricksWorkspaceByVariables() {
    environment.put("DATABRICKS_HOST", "https://dbc-1.cloud.databricks.com/?o=7");
    environment.put("DATABRICKS_TOKEN", "dapi1");
    TrackingServer server = server("databricks");
    assertThat(server.base()).hasToString("https://dbc-1.cloud.databricks.com");
    assertThat(server.platform()).isEqualTo(TrackingServer.Platform.DATABRICKS);
    assertThat(shown("databricks")).isEqualTo("Bearer dapi1");
    assertThat(server.link("1", "r"))
        .isEqualTo("https://dbc-1.cloud.databricks.com/ml/experiments/1/runs/r");
    environment.put("DATABRICKS_HOST", "dbc-1.cloud.databricks.com");
    assertThat(server("databricks").base()).hasToString("https://dbc-1.cloud.databricks.com");
  }

  @Test
  void findsADatabricksWorkspaceByProfile() throws Exception {
    config(
        """
        ; people's own
        [DEFAULT]
        host  = https://first.cloud.databricks.com/
        token = dapi-first
        # another
        [second]
        HOST = https://second.cloud.databricks.com
        username = u
        password = p=1
        """);
    assertThat(shown("databricks")).isEqualTo("Bearer dapi-first");
    assertThat(server("databricks").base()).hasToString("https://first.cloud.databricks.com");
    assertThat(server("databricks://second").base())
        .hasToString("https://second.cloud.databricks.com");
    assertThat(shown("databricks://second")).isEqualTo("Basic dTpwPTE=");
    environment.put("DATABRICKS_CONFIG_PROFILE", "second");
    assertThat(server("databricks").base()).hasToString("https://second.cloud.databricks.com");
    environment.put("DATABRICKS_HOST", "https://third.cloud.databricks.com");
    environment.put("DATABRICKS_TOKEN", "dapi-third");
    assertThat(shown("databricks")).isEqualTo("Bearer dapi-third");
    assertThat(server("databricks://DEFAULT").base())
        .as("a profile that is named stands above variables")
        .hasToString("https://first.cloud.databricks.com");
    assertThatThrownBy(() -> server("databricks://none"))
        .hasMessageContaining("profile \"none\" is not in")
        .hasMessageContaining("(known: DEFAULT, second)");
  }

  @Test
  void signsInToAzureDatabricksByTheIdentityOfAzure() {
    environment.put("DATABRICKS_HOST", AZURE_WORKSPACE);
    assertThat(shown("databricks"))
        .isEqualTo("Bearer azure-for-2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default");
    assertThat(server("databricks").credentials()).hasToString("a token of the test's identity");
    environment.put("DATABRICKS_TOKEN", "dapi1");
    assertThat(shown("databricks")).isEqualTo("Bearer dapi1");
  }

  @Test
  void signsInToDatabricksAsAnApplication() {
    try (LoopbackHttp workspace =
        LoopbackHttp.serving(
            asked ->
                asked.header("authorization").orElse("").equals("Basic YXBwOnMzY3JldC1vZi1hcHA=")
                    ? LoopbackHttp.Answer.json(
                        200,
                        "{\"access_token\":\"m2m-token\",\"token_type\":\"Bearer\",\"expires_in\":3600}")
                    : LoopbackHttp.Answer.json(
                        401, "{\"error\":\"invalid_client\",\"error_description\":\"no\"}"))) {
      environment.put("DATABRICKS_HOST", workspace.uri().toString());
      environment.put("DATABRICKS_CLIENT_ID", "app");
      environment.put("DATABRICKS_CLIENT_SECRET", "s3cret-of-app");
      TrackingServer server = server("databricks");
      assertThat(workspace.asked()).isEmpty();
      assertThat(server.credentials().header()).contains("Bearer m2m-token");
      assertThat(server.credentials().header()).contains("Bearer m2m-token");
      assertThat(workspace.asked()).hasSize(1);
      assertThat(workspace.asked().get(0).path()).isEqualTo("/oidc/v1/token");
      assertThat(workspace.asked().get(0).form())
          .containsEntry("grant_type", "client_credentials")
          .containsEntry("scope", "all-apis");

      environment.put("DATABRICKS_CLIENT_SECRET", "wr0ng-secret");
      assertThatThrownBy(() -> server("databricks").credentials().header())
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED))
          .hasMessageContaining("service principal app of Databricks")
          .hasMessageContaining("Check DATABRICKS_CLIENT_ID")
          .message()
          .doesNotContain("wr0ng-secret");
    }
  }

  @Test
  void obeysTheSignInThatIsAskedFor() {
    environment.put("DATABRICKS_HOST", AZURE_WORKSPACE);
    environment.put("DATABRICKS_TOKEN", "dapi1");
    environment.put("DATABRICKS_AUTH_TYPE", "oauth-m2m");
    assertThatThrownBy(() -> server("databricks"))
        .hasMessage("tracking: the environment names no client_id (expected: client_id)");
    environment.put("DATABRICKS_AUTH_TYPE", "azure-msi");
    assertThat(server("databricks").credentials().toString()).contains("managed identity");
    environment.put("DATABRICKS_AUTH_TYPE", "kerberos");
    assertThatThrownBy(() -> server("databricks"))
        .hasMessageContaining("asks for the sign-in \"kerberos\" (expected: pat,");
  }

  @ParameterizedTest
  @ValueSource(strings = {"azureml", "https"})
  void findsAnAzureMachineLearningWorkspace(String scheme) {
    TrackingServer server = server(scheme + "://westeurope.api.azureml.ms" + WORKSPACE + "?");
    assertThat(server.base()).hasToString("https://westeurope.api.azureml.ms" + WORKSPACE);
    assertThat(server.endpoint("/api/2.0/mlflow/runs/get").getPath())
        .endsWith("/workspaces/w/api/2.0/mlflow/runs/get");
    assertThat(server.platform()).isEqualTo(TrackingServer.Platform.AZURE_ML);
    assertThat(server.credentials().header())
        .contains("Bearer azure-for-https://management.azure.com/.default");
    assertThat(server.link("1", "r"))
        .isEqualTo(
            "https://ml.azure.com/runs/r?wsid=/subscriptions/s/resourceGroups/g/providers/Microsoft.MachineLearningServices/workspaces/w");
    environment.put("MLFLOW_TRACKING_TOKEN", "t");
    assertThat(shown(scheme + "://westeurope.api.azureml.ms" + WORKSPACE)).isEqualTo("Bearer t");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "databricks | DATABRICKS_HOST is not set and",
        "databricks:// | no proper address",
        "databricks:x | without a profile (expected: databricks, or databricks://profile)",
        "databricks://scope:prefix | without a profile",
        "http:///nowhere | without a host (expected: http://host:port)",
        "ftp://h | an address of scheme \"ftp\" (expected: http, https, databricks or azureml)",
        "azureml://westeurope.api.azureml.ms/other | without a workspace",
        "http://u:hunter2@h ost | no proper address: Illegal character in authority",
      })
  void refusesByNameWhatIsNoServer(String address, String message) {
    assertThatThrownBy(() -> server(address))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
        .hasMessageStartingWith("tracking: ")
        .hasMessageContaining(message)
        .message()
        .doesNotContain("hunter2");
  }

  @Test
  void namesWhatIsMissing() {
    environment.put("DATABRICKS_HOST", "https://dbc-1.cloud.databricks.com");
    assertThatThrownBy(() -> server("databricks"))
        .hasMessageContaining("dbc-1.cloud.databricks.com but no credential")
        .hasMessageContaining("DATABRICKS_CLIENT_SECRET");
    environment.put("MLFLOW_TRACKING_USERNAME", "me");
    assertThatThrownBy(() -> server("http://h"))
        .hasMessage("MLFLOW_TRACKING_USERNAME is set (expected: MLFLOW_TRACKING_PASSWORD too)");
  }
}
