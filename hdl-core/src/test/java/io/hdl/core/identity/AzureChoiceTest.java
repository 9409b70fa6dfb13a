package io.hdl.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AzureChoiceTest {
  @TempDir Path root;

  private final Map<String, String> environment = new HashMap<>();

  private AzureChoiceTest set(String... pairs) {
    for (int i = 0; i < pairs.length; i += 2) {
      environment.put(pairs[i], pairs[i + 1]);
    }
    return this;
  }

  private String picked() {
    return new AzureChoice(environment, root, AzureIdentities.of(environment)).pick().description();
  }

  private AzureChoiceTest application() {
    return set("AZURE_TENANT_ID", "t", "AZURE_CLIENT_ID", "c");
  }

  private AzureChoiceTest arc() {
    return set(
        "IDENTITY_ENDPOINT", "http://localhost:40342/metadata/identity/oauth2/token",
        "IMDS_ENDPOINT", "http://localhost:40342");
  }

  private AzureChoiceTest azureCli() throws Exception {
    Path az = Files.writeString(root.resolve("az"), "#!/bin/sh\n");
    Files.setPosixFilePermissions(az, PosixFilePermissions.fromString("rwxr-xr-x"));
    return set("PATH", root.toString());
  }

  private AzureChoiceTest azureVm() throws Exception {
    Path dmi = Files.createDirectories(root.resolve("sys/class/dmi/id"));
    Files.writeString(dmi.resolve("chassis_asset_tag"), "7783-7084-3265-9085-8269-3286-77\n");
    return this;
  }

  @Test
  void prefersWorkloadIdentityToASecret() {
    application()
        .arc()
        .set("AZURE_FEDERATED_TOKEN_FILE", "/var/token", "AZURE_CLIENT_SECRET", "a-secret");

    assertThat(picked())
        .isEqualTo(
            "workload identity, client c in tenant t; chosen because AZURE_FEDERATED_TOKEN_FILE,"
                + " AZURE_TENANT_ID and AZURE_CLIENT_ID are set");
  }

  @Test
  void prefersWhatWasSetForTheProcessToWhatTheMachineOffers() {
    application().arc().set("AZURE_CLIENT_SECRET", "a-secret");

    assertThat(picked())
        .isEqualTo(
            "client secret of application c in tenant t; chosen because AZURE_TENANT_ID,"
                + " AZURE_CLIENT_ID and AZURE_CLIENT_SECRET are set");
  }

  @Test
  void takesACertificateWhereThereIsNoSecret() {
    application().set("AZURE_CLIENT_CERTIFICATE_PATH", "/etc/app.pem");

    assertThat(picked()).startsWith("client certificate of application c in tenant t;");
  }

  @Test
  void takesArcWhereItsEndpointsAreSet() {
    arc().set("AZURE_CLIENT_ID", "c");

    assertThat(picked())
        .isEqualTo(
            "Azure Arc's identity of this machine; chosen because IDENTITY_ENDPOINT and"
                + " IMDS_ENDPOINT are set; AZURE_CLIENT_ID is not used");
  }

  @Test
  void takesThePlatformsIdentity() {
    set("IDENTITY_ENDPOINT", "http://169.254.129.2:8081", "IDENTITY_HEADER", "h");

    assertThat(picked())
        .isEqualTo(
            "managed identity, system-assigned; chosen because IDENTITY_ENDPOINT and"
                + " IDENTITY_HEADER are set");
  }

  @Test
  void knowsAnAzureVmByItsAssetTag() throws Exception {
    azureVm().set("AZURE_CLIENT_ID", "c").azureCli();

    assertThat(picked())
        .isEqualTo(
            "managed identity with client id c; chosen because this machine's asset tag is that of"
                + " an Azure VM");
  }

  @Test
  void asksTheCliLast() throws Exception {
    azureCli();

    assertThat(picked())
        .isEqualTo(
            "Azure CLI's signed-in user; chosen because az is on the PATH and nothing else is set");
  }

  @Test
  void isNarrowedLikeMicrosoftsLibraries() throws Exception {
    arc().azureCli();

    assertThat(set("AZURE_TOKEN_CREDENTIALS", "dev").picked()).startsWith("Azure CLI's");
    assertThat(set("AZURE_TOKEN_CREDENTIALS", "prod").picked()).startsWith("Azure Arc's");
    assertThat(set("AZURE_TOKEN_CREDENTIALS", "ManagedIdentityCredential").picked())
        .startsWith("Azure Arc's");
    assertThat(set("AZURE_TOKEN_CREDENTIALS", "AzureCliCredential").picked())
        .isEqualTo(
            "Azure CLI's signed-in user; chosen because AZURE_TOKEN_CREDENTIALS is"
                + " AzureCliCredential");
    assertThat(set("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential").picked())
        .startsWith("no identity");
  }

  @Test
  void saysWhatIsMissing() {
    set("AZURE_CLIENT_SECRET", "a-secret", "IDENTITY_ENDPOINT", "http://localhost:40342");
    TokenSource none = new AzureChoice(environment, root, AzureIdentities.of(environment)).pick();

    assertThatThrownBy(() -> none.token(List.of("s")))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED))
        .hasMessageContaining(
            "(AZURE_CLIENT_SECRET is set without AZURE_TENANT_ID and AZURE_CLIENT_ID;"
                + " IDENTITY_ENDPOINT is set without IMDS_ENDPOINT or IDENTITY_HEADER)")
        .hasMessageNotContaining("a-secret");
  }

  @Test
  void saysThatArcsAgentIsThereButItsEndpointsAreNotSet() throws Exception {
    Files.createFile(Files.createDirectories(root.resolve("opt/azcmagent/bin")).resolve("himds"));
    TokenSource none = new AzureChoice(environment, root, AzureIdentities.of(environment)).pick();

    assertThatThrownBy(() -> none.token(List.of("s")))
        .hasMessageContaining(
            "(Azure Arc's agent is installed, but IDENTITY_ENDPOINT and IMDS_ENDPOINT are not set"
                + " for this process)");
  }

  @Test
  void refusesANameThatItDoesNotKnow() {
    set("AZURE_TOKEN_CREDENTIALS", "VisualStudioCredential");
    TokenSource none = new AzureChoice(environment, root, AzureIdentities.of(environment)).pick();

    assertThatThrownBy(() -> none.token(List.of("s")))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
        .hasMessageStartingWith(
            "AZURE_TOKEN_CREDENTIALS: VisualStudioCredential (expected: prod, dev,");
  }

  @Test
  void saysWhichSettingIsMalformedOnceATokenIsNeeded() {
    application().set("AZURE_CLIENT_SECRET", "secret://no name");
    TokenSource none = new AzureChoice(environment, root, AzureIdentities.of(environment)).pick();

    assertThatThrownBy(() -> none.token(List.of("s")))
        .isInstanceOf(HdlException.class)
        .hasMessageStartingWith("Cannot sign in to Azure: secret reference: secret://no name");
  }

  @Test
  void takesTheClientSecretByReference() {
    application()
        .set("AZURE_CLIENT_SECRET", "secret://app", "HDL_SECRET_APP", "the-value-of-the-app");

    assertThat(picked()).startsWith("client secret of application c").doesNotContain("the-value");
  }

  @Test
  void givesOneSourceAndSoOneCacheForAnIdentity() {
    assertThat(AzureCredentials.managedIdentity("a"))
        .isSameAs(AzureCredentials.managedIdentity("a"))
        .isNotSameAs(AzureCredentials.managedIdentity("b"))
        .isNotSameAs(AzureCredentials.managedIdentity());
    assertThat(AzureCredentials.fromEnvironment()).isSameAs(AzureCredentials.fromEnvironment());
  }

  @Test
  void refusesBlankIds() {
    assertThatThrownBy(() -> AzureCredentials.clientSecret(" ", "c", Secret.of("a-secret")))
        .hasMessage("tenant: blank (expected: an id of Azure)");
    assertThatThrownBy(() -> AzureCredentials.managedIdentity(""))
        .hasMessage("clientId: blank (expected: an id of Azure)");
  }
}
