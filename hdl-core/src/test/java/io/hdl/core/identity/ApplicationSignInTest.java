package io.hdl.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryPolicy;
import io.hdl.core.testing.EntraEmulator;
import io.hdl.core.testing.LoopbackHttp;
import io.hdl.core.testing.ManualTime;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Applications that sign in with the real azure-identity at its real addresses, rewritten. */
class ApplicationSignInTest {
  private static final List<String> SCOPE = List.of("https://storage.azure.com/.default");
  private static final String TENANT = "aaaaaaaa-1111-2222-3333-444444444444";
  private static final String CLIENT = "bbbbbbbb-1111-2222-3333-444444444444";
  private static final String PASSWORD = "changeit-7";

  @TempDir Path folder;

  private final EntraEmulator entra = EntraEmulator.of(TENANT, CLIENT);
  private final ManualTime time = ManualTime.startingAt(Instant.parse("2026-01-01T00:00:00Z"));

  @AfterEach
  void stop() {
    entra.close();
  }

  private AzureIdentities identities(Map<String, String> environment) {
    LoopbackAzure client = new LoopbackAzure(entra.uri());
    return new AzureIdentities(
        environment,
        () -> client,
        () -> client,
        RetryPolicy.builder().maxTries(4).time(time).seed(1).build());
  }

  private AzureLogin withSecret(String secret) {
    return identities(Map.of()).clientSecret(TENANT, CLIENT, Secret.of(secret), "a test");
  }

  @Test
  void signsInWithAClientSecret() {
    entra.secret("the-client-secret");

    AccessToken token = withSecret("the-client-secret").token(SCOPE);

    assertThat(token.value()).isEqualTo("entra-token-1");
    assertThat(token.expires()).isAfter(Instant.now().plus(Duration.ofMinutes(50)));
    assertThat(entra.askedForTokens()).hasSize(1);
    assertThat(entra.askedForTokens().get(0).form())
        .containsEntry("grant_type", "client_credentials")
        .containsEntry("client_id", CLIENT);
    assertThat(entra.askedForTokens().get(0).form().get("scope"))
        .contains("https://storage.azure.com/.default");
  }

  @Test
  void revealsARenewedSecretAtTheNextSignIn() {
    entra.secret("secret-of-today");
    String[] present = {"secret-of-today"};
    Secret late =
        Secret.late("app", () -> present[0], Duration.ofNanos(1), (d, task) -> task.run());
    AzureLogin login = identities(Map.of()).clientSecret(TENANT, CLIENT, late, "a test");
    assertThat(login.token(SCOPE).value()).isEqualTo("entra-token-1");

    entra.secret("secret-of-tomorrow");
    present[0] = "secret-of-tomorrow";

    assertThat(login.token(SCOPE).value()).isEqualTo("entra-token-2");
  }

  @Test
  void namesTheApplicationWhoseSecretIsRefused() {
    entra.secret("the-client-secret");

    assertThatThrownBy(() -> withSecret("another-client-secret").token(SCOPE))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED))
        .hasMessageStartingWith(
            "Cannot sign in to Azure as client secret of application "
                + CLIENT
                + " in tenant "
                + TENANT
                + "; a test: login.microsoftonline.com answers 401: AADSTS7000215: Invalid client"
                + " secret provided.")
        .hasMessageEndingWith("Use the secret's value, not its id, of this very application.")
        .hasMessageNotContaining("another-client-secret");
    assertThat(entra.askedForTokens()).hasSize(1);
  }

  @Test
  void saysThatASecretHasExpired() {
    entra.first(
        LoopbackHttp.Answer.json(
            401,
            "{\"error\":\"invalid_client\",\"error_description\":\"AADSTS7000222: The provided"
                + " client secret keys for app are expired.\",\"error_codes\":[7000222]}"));

    assertThatThrownBy(() -> withSecret("an-old-secret").token(SCOPE))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED))
        .hasMessageContaining("The client secret has expired: make a new one");
  }

  @Test
  void triesAgainWhileEntraIsBusyAsLongAsItAsksFor() {
    entra
        .secret("the-client-secret")
        .first(LoopbackHttp.Answer.json(503, "{}").with("Retry-After", "7"))
        .first(LoopbackHttp.Answer.json(500, "{}"));

    assertThat(withSecret("the-client-secret").token(SCOPE).value()).isEqualTo("entra-token-1");

    assertThat(entra.askedForTokens()).hasSize(3);
    assertThat(time.sleeps().get(0)).isEqualTo(Duration.ofSeconds(7));
  }

  @Test
  void givesUpAfterTheTriesOfThePolicy() {
    for (int i = 0; i < 10; i++) {
      entra.first(LoopbackHttp.Answer.json(503, "{}"));
    }

    assertThatThrownBy(() -> withSecret("the-client-secret").token(SCOPE))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("gave up after 4 tries")
        .hasMessageContaining("login.microsoftonline.com answers 503");
    assertThat(entra.askedForTokens()).hasSize(4);
  }

  @Test
  void signsInWithAFederatedTokenThatIsReadAnewEachTime() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "federated-1");
    AzureLogin login =
        identities(
                Map.of(
                    "AZURE_FEDERATED_TOKEN_FILE", file.toString(),
                    "AZURE_TENANT_ID", TENANT,
                    "AZURE_CLIENT_ID", CLIENT))
            .workloadIdentity("a test");
    entra.federated("federated-1");
    assertThat(login.token(SCOPE).value()).isEqualTo("entra-token-1");

    Files.writeString(file, "federated-2");
    entra.federated("federated-2");

    assertThat(login.token(SCOPE).value()).isEqualTo("entra-token-2");
    assertThat(entra.askedForTokens().get(1).form())
        .containsEntry("client_assertion", "federated-2")
        .containsEntry(
            "client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
  }

  @Test
  void namesTheWorkloadWhoseTokenIsRefused() throws Exception {
    Path file = Files.writeString(folder.resolve("token"), "federated-of-somebody-else");
    AzureLogin login =
        identities(
                Map.of(
                    "AZURE_FEDERATED_TOKEN_FILE", file.toString(),
                    "AZURE_TENANT_ID", TENANT,
                    "AZURE_CLIENT_ID", CLIENT))
            .workloadIdentity("a test");

    assertThatThrownBy(() -> login.token(SCOPE))
        .hasMessageContaining("workload identity, client " + CLIENT + " in tenant " + TENANT)
        .hasMessageContaining("AADSTS70021")
        .hasMessageContaining("Add a federated credential");
  }

  @Test
  void saysThatTheFederatedTokenFileIsGone() {
    AzureLogin login =
        identities(
                Map.of(
                    "AZURE_FEDERATED_TOKEN_FILE", folder.resolve("gone").toString(),
                    "AZURE_TENANT_ID", TENANT,
                    "AZURE_CLIENT_ID", CLIENT))
            .workloadIdentity("a test");

    assertThatThrownBy(() -> login.token(SCOPE))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED))
        .hasMessageContaining("the federated token file " + folder.resolve("gone"))
        .hasMessageContaining("cannot be read");
    assertThat(entra.asked()).isEmpty();
  }

  @Test
  void signsInWithACertificateInEitherFormat() throws Exception {
    Path pfx = keyStore();
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(pfx)) {
      store.load(in, PASSWORD.toCharArray());
    }
    Certificate certificate = store.getCertificate("app");
    Key key = store.getKey("app", PASSWORD.toCharArray());
    Path pem =
        Files.writeString(
            folder.resolve("app.pem"),
            pem("PRIVATE KEY", key.getEncoded()) + pem("CERTIFICATE", certificate.getEncoded()));
    entra.certificate(certificate);

    AzureLogin byPem =
        identities(Map.of()).clientCertificate(TENANT, CLIENT, pem, Optional.empty(), "a test");
    AzureLogin byPfx =
        identities(Map.of())
            .clientCertificate(TENANT, CLIENT, pfx, Optional.of(Secret.of(PASSWORD)), "a test");

    assertThat(byPem.token(SCOPE).value()).isEqualTo("entra-token-1");
    assertThat(byPfx.token(SCOPE).value()).isEqualTo("entra-token-2");

    Files.delete(pfx);
    entra.certificate(other());
    assertThatThrownBy(() -> byPem.token(SCOPE))
        .hasMessageContaining("client certificate of application " + CLIENT)
        .hasMessageContaining("Register this certificate with the application");
  }

  @Test
  void saysThatItsHostIsNotInDns() {
    AzureIdentities elsewhere =
        new AzureIdentities(
            Map.of("AZURE_AUTHORITY_HOST", "https://login.no-such-host.invalid/"),
            AzureHttp::services,
            AzureHttp::metadata,
            RetryPolicy.builder().maxTries(2).time(time).build());

    assertThatThrownBy(
            () ->
                elsewhere
                    .clientSecret(TENANT, CLIENT, Secret.of("the-client-secret"), "a test")
                    .token(SCOPE))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("does not answer (no such host in DNS)");
  }

  private Path keyStore() throws Exception {
    return keyStore("app.pfx");
  }

  private Certificate other() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(keyStore("other.pfx"))) {
      store.load(in, PASSWORD.toCharArray());
    }
    return store.getCertificate("app");
  }

  private Path keyStore(String name) throws Exception {
    Path file = folder.resolve(name);
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "app",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=app",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    String told = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).as(told).isZero();
    return file;
  }

  private static String pem(String type, byte[] der) {
    return "-----BEGIN "
        + type
        + "-----\n"
        + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
        + "\n-----END "
        + type
        + "-----\n";
  }
}
