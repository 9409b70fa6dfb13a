package io.hdl.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.core.testing.LoopbackHttp;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Against a small stand-in for Vault's HTTP API, which checks tokens and logins. */
class HashicorpVaultTest {
  private static final String ROOT = "hvs.root-token-of-the-test";

  private final Set<String> valid = ConcurrentHashMap.newKeySet();
  private final AtomicInteger logins = new AtomicInteger();
  private final ConcurrentLinkedQueue<LoopbackHttp.Answer> first = new ConcurrentLinkedQueue<>();
  private final LoopbackHttp vault = LoopbackHttp.serving(this::answer);

  @AfterEach
  void stop() {
    vault.close();
  }

  private LoopbackHttp.Answer answer(LoopbackHttp.Asked asked) {
    LoopbackHttp.Answer planned = first.poll();
    if (planned != null) {
      return planned;
    }
    if (asked.method().equals("POST")) {
      return login(asked);
    }
    String token = asked.header("x-vault-token").orElse("");
    if (!token.equals(ROOT) && !valid.contains(token)) {
      return LoopbackHttp.Answer.json(403, "{\"errors\":[\"permission denied\"]}");
    }
    if (!asked.path().equals("/v1/kv/data/team/mlflow")) {
      return LoopbackHttp.Answer.json(404, "{\"errors\":[]}");
    }
    return LoopbackHttp.Answer.json(
        200,
        "{\"request_id\":\"r\",\"data\":{\"data\":{\"token\":\"value-of-the-token\",\"value\":"
            + "\"value-of-the-entry\"},\"metadata\":{\"version\":3}}}");
  }

  private LoopbackHttp.Answer login(LoopbackHttp.Asked asked) {
    Map<String, Object> body = Json.readObject(asked.body(), "a login");
    boolean role =
        asked.path().equals("/v1/auth/approle/login")
            && body.equals(Map.of("role_id", "hdl", "secret_id", "secret-id-of-hdl"));
    boolean jwt =
        asked.path().equals("/v1/auth/jwt/login")
            && body.equals(Map.of("role", "training", "jwt", "token-for-vault"));
    if (!role && !jwt) {
      return LoopbackHttp.Answer.json(400, "{\"errors\":[\"invalid role or secret ID\"]}");
    }
    String token = "hvs.session-token-" + logins.incrementAndGet();
    valid.add(token);
    return LoopbackHttp.Answer.json(
        200, "{\"auth\":{\"client_token\":\"" + token + "\",\"lease_duration\":3600}}");
  }

  private SecretProvider with(VaultLogin login) {
    return SecretProvider.hashicorpVault(vault.uri(), "kv", login);
  }

  @Test
  void readsAFieldOfAnEntry() {
    SecretProvider secrets = with(VaultLogin.token(Secret.of(ROOT)));

    assertThat(secrets.find("team/mlflow#token")).contains("value-of-the-token");
    assertThat(secrets.find("team/mlflow")).contains("value-of-the-entry");
    assertThat(secrets.find("team/other")).isEmpty();
    assertThat(vault.asked().get(0).header("x-vault-request")).contains("true");
  }

  @Test
  void listsTheFieldsItKnowsButNotWhatIsInThem() {
    assertThatThrownBy(() -> with(VaultLogin.token(Secret.of(ROOT))).find("team/mlflow#passwort"))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessageContaining("it has no field \"passwort\" (known: token, value)")
        .hasMessageNotContaining("value-of");
  }

  @Test
  void sendsTheNamespace() {
    HashicorpVault.at(vault.uri(), "kv", Optional.of("team-a"), VaultLogin.token(Secret.of(ROOT)))
        .find("team/mlflow");

    assertThat(vault.asked().get(0).header("x-vault-namespace")).contains("team-a");
  }

  @Test
  void logsInWithARoleAndKeepsTheSession() {
    SecretProvider secrets = with(VaultLogin.appRole("hdl", Secret.of("secret-id-of-hdl")));

    assertThat(secrets.find("team/mlflow#token")).contains("value-of-the-token");
    assertThat(secrets.find("team/mlflow#token")).contains("value-of-the-token");

    assertThat(logins).hasValue(1);
  }

  @Test
  void logsInWithAnIdentitysTokenAndNoStaticSecret() {
    TokenSource identity =
        scopes -> {
          assertThat(scopes).containsExactly("api://vault/.default");
          return new AccessToken("token-for-vault", Instant.now().plus(Duration.ofHours(1)));
        };

    assertThat(
            with(VaultLogin.jwt("training", identity, "api://vault/.default")).find("team/mlflow"))
        .contains("value-of-the-entry");
  }

  @Test
  void logsInAnewWhenItsSessionWasRevoked() {
    SecretProvider secrets = with(VaultLogin.appRole("hdl", Secret.of("secret-id-of-hdl")));
    secrets.find("team/mlflow");
    valid.clear();

    assertThat(secrets.find("team/mlflow")).contains("value-of-the-entry");
    assertThat(logins).hasValue(2);
  }

  @Test
  void tellsARefusedTokenFromARefusedLogin() {
    assertThatThrownBy(
            () -> with(VaultLogin.token(Secret.of("hvs.some-old-token"))).find("team/mlflow"))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.PERMISSION_DENIED))
        .hasMessageContaining("answers 403 [permission denied]")
        .hasMessageContaining("Let the token's policy read kv/data/team/mlflow")
        .hasMessageNotContaining("hvs.some-old-token");

    assertThatThrownBy(
            () -> with(VaultLogin.appRole("hdl", Secret.of("wrong-secret-id"))).find("team/mlflow"))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED))
        .hasMessageContaining("auth/approle/login")
        .hasMessageNotContaining("wrong-secret-id");
  }

  @Test
  void waitsForASealedVault() {
    first.add(LoopbackHttp.Answer.json(503, "{\"errors\":[\"Vault is sealed\"]}"));

    assertThat(with(VaultLogin.token(Secret.of(ROOT))).find("team/mlflow"))
        .contains("value-of-the-entry");
  }

  @Test
  void followsNoRedirectWithItsToken() {
    first.add(LoopbackHttp.Answer.json(307, "{}").with("Location", vault.uri() + "/elsewhere"));

    assertThatThrownBy(() -> with(VaultLogin.token(Secret.of(ROOT))).find("team/mlflow"))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REFUSED_BY_SERVICE))
        .hasMessageContaining("answers 307");
    assertThat(vault.asked()).hasSize(1);
  }

  @Test
  void quotesNothingOfAnAnswerThatIsNoEntry() {
    first.add(LoopbackHttp.Answer.json(200, "{\"data\":{\"value\":\"secret-of-version-1\"}}"));

    assertThatThrownBy(() -> with(VaultLogin.token(Secret.of(ROOT))).find("team/mlflow"))
        .hasMessageContaining("key-value engine of version 2")
        .hasMessageNotContaining("secret-of-version-1");
  }

  @Test
  void refusesAnAddressThatIsNone() {
    assertThatThrownBy(
            () ->
                SecretProvider.hashicorpVault(
                    URI.create("vault.example.com"), VaultLogin.token(Secret.of(ROOT))))
        .hasMessageContaining("vault: vault.example.com (expected: an address such as https://");
  }
}
