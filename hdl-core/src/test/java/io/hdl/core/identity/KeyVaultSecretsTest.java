package io.hdl.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryPolicy;
import io.hdl.core.testing.LoopbackHttp;
import io.hdl.core.testing.ManualTime;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The real Key Vault client at its real address, rewritten to an emulator. */
class KeyVaultSecretsTest {
  /** A name of its own for each test: the library remembers a vault's challenge. */
  private final String host =
      "v" + UUID.randomUUID().toString().substring(0, 8) + ".vault.azure.net";

  private static final String TOKEN = "key-vault-token-1";

  private final ConcurrentLinkedQueue<LoopbackHttp.Answer> first = new ConcurrentLinkedQueue<>();
  private final LoopbackHttp vault = LoopbackHttp.serving(this::answer);
  private final ManualTime time = ManualTime.startingAt(Instant.EPOCH);
  private volatile String resource = "https://vault.azure.net";
  private volatile List<String> scopes = List.of();

  private final TokenSource identity =
      new TokenSource() {
        @Override
        public AccessToken token(List<String> asked) {
          scopes = asked;
          return new AccessToken(TOKEN, Instant.now().plus(Duration.ofHours(1)));
        }

        @Override
        public String description() {
          return "the test's identity";
        }
      };

  private final KeyVaultSecrets secrets = at(URI.create("https://" + host));

  @AfterEach
  void stop() {
    vault.close();
  }

  private KeyVaultSecrets at(URI address) {
    LoopbackAzure client = new LoopbackAzure(vault.uri());
    return new KeyVaultSecrets(
        address, identity, () -> client, RetryPolicy.builder().maxTries(3).time(time).build());
  }

  private LoopbackHttp.Answer answer(LoopbackHttp.Asked asked) {
    if (!asked.header("authorization").orElse("").equals("Bearer " + TOKEN)) {
      return error(401, "Unauthorized", "AKV10000: Request is missing a Bearer token")
          .with(
              "WWW-Authenticate",
              "Bearer authorization=\"https://login.microsoftonline.com/tenant\", resource=\""
                  + resource
                  + "\"");
    }
    LoopbackHttp.Answer planned = first.poll();
    if (planned != null) {
      return planned;
    }
    if (!asked.path().equals("/" + host + "/secrets/mlflow-token")
        && !asked.path().equals("/" + host + "/secrets/mlflow-token/")) {
      return error(
          404, "SecretNotFound", "A secret with (name/id) was not found in this key vault.");
    }
    return LoopbackHttp.Answer.json(
        200,
        "{\"value\":\"the-value-in-the-vault\",\"id\":\"https://"
            + host
            + "/secrets/mlflow-token/0123456789abcdef0123456789abcdef\",\"attributes\":{\"enabled\":true}}");
  }

  private static LoopbackHttp.Answer error(int status, String code, String message) {
    return LoopbackHttp.Answer.json(
        status, "{\"error\":{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}}");
  }

  @Test
  void answersTheChallengeAndReadsTheSecret() {
    assertThat(secrets.find("mlflow-token")).contains("the-value-in-the-vault");

    assertThat(scopes).containsExactly("https://vault.azure.net/.default");
    assertThat(vault.asked()).hasSize(2);
    assertThat(vault.asked().get(0).header("authorization")).isEmpty();
  }

  @Test
  void knowsNoSecretOfAnotherName() {
    assertThat(secrets.find("another")).isEmpty();
    // Names that Key Vault cannot have are not asked for.
    assertThat(secrets.find("team/mlflow#token")).isEmpty();
    assertThat(vault.asked()).hasSize(2);
  }

  @Test
  void namesIdentityAndRoleWhenItMayNotRead() {
    first.add(error(403, "Forbidden", "The user, group or application does not have secrets get"));

    assertThatThrownBy(() -> secrets.find("mlflow-token"))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED))
        .hasMessageStartingWith(
            "Cannot read the secret \"mlflow-token\" of Key Vault "
                + host
                + " as the test's identity: ")
        .hasMessageContaining("answers 403")
        .hasMessageContaining("Key Vault Secrets User")
        .hasMessageNotContaining(TOKEN);
  }

  @Test
  void triesAgainWhenItIsThrottledAsLongAsTheVaultAsksFor() {
    first.add(error(429, "Throttled", "later").with("Retry-After", "3"));

    assertThat(secrets.find("mlflow-token")).contains("the-value-in-the-vault");
    assertThat(time.sleeps()).containsExactly(Duration.ofSeconds(3));
  }

  @Test
  void showsNoTokenToAVaultWhoseChallengeNamesAnotherDomain() {
    resource = "https://vault.evil.example";

    assertThatThrownBy(() -> secrets.find("mlflow-token")).isInstanceOf(HdlException.class);
    assertThat(vault.asked()).allMatch(asked -> asked.header("authorization").isEmpty());
  }

  @Test
  void refusesAnAddressWithoutTls() {
    assertThatThrownBy(() -> at(URI.create("http://contoso.vault.azure.net")))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining("expected: https://");
  }

  @Test
  void isAskedByAReferenceAndOnlyWhenTheSecretIsNeeded() {
    Secret secret = Secrets.of(secrets).resolve("secret://mlflow-token");
    assertThat(vault.asked()).isEmpty();

    assertThat(secret.reveal()).isEqualTo("the-value-in-the-vault");
    assertThat(secret.reveal()).isEqualTo("the-value-in-the-vault");

    assertThat(vault.asked()).hasSize(2);
    assertThat(Redaction.text("the vault says the-value-in-the-vault!"))
        .isEqualTo("the vault says [redacted]!");
    assertThat(Map.of("a", secret).toString()).doesNotContain("the-value");
  }
}
