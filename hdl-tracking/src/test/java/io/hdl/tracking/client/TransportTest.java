package io.hdl.tracking.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.AccessToken;
import io.hdl.core.identity.Secret;
import io.hdl.core.identity.SecretProvider;
import io.hdl.core.identity.Secrets;
import io.hdl.core.identity.TokenSource;
import io.hdl.core.retry.TryLaterException;
import io.hdl.tracking.client.StubServer.Answer;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.mlflow.api.proto.Service;

class TransportTest {
  private static final Duration LIMIT = Duration.ofSeconds(5);
  private static final String SECRET = "s3cr3t-t0ken";
  private static final Service.LogBatch BATCH = Service.LogBatch.newBuilder().setRunId("r").build();

  @TempDir Path folder;
  private StubServer stub;
  private TrackingClient client;

  @BeforeEach
  void start() throws Exception {
    stub = new StubServer(request -> Answer.json("{}"));
    client = TrackingClient.of(new TrackingServer(stub.uri(), Credentials.bearer(SECRET)));
  }

  @AfterEach
  void stop() {
    client.close();
    stub.close();
  }

  @Test
  void sendsTheCredential() {
    client.runs().logBatch(BATCH, LIMIT);
    assertThat(stub.requests().get(0).headers().get("Authorization"))
        .containsExactly("Bearer " + SECRET);
    assertThat(Credentials.basic("me", "a:b").header()).contains("Basic bWU6YTpi");
    assertThat(Credentials.basic("me", "").header()).contains("Basic bWU6");
  }

  @Test
  void resolvesASecretWhenItIsNeeded() throws Exception {
    Path file = Files.writeString(folder.resolve("mlflow"), "token-of-today\n");
    Secret token =
        Secrets.of(SecretProvider.files(folder))
            .heldFor(Duration.ofNanos(1))
            .resolve("secret://mlflow");
    try (TrackingClient late =
        TrackingClient.of(new TrackingServer(stub.uri(), Credentials.bearer(token)))) {
      late.runs().logBatch(BATCH, LIMIT);
      Files.writeString(file, "token-of-tomorrow\n");
      await()
          .untilAsserted(
              () ->
                  assertThat(Credentials.bearer(token).header())
                      .contains("Bearer token-of-tomorrow"));
      Files.delete(file);
      await()
          .untilAsserted(
              () ->
                  assertThatThrownBy(() -> late.runs().logBatch(BATCH, LIMIT))
                      .isInstanceOfSatisfying(
                          HdlException.class,
                          e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED))
                      .hasMessageContaining("Cannot find the secret \"mlflow\""));
    }

    assertThat(stub.requests().get(0).headers().get("Authorization"))
        .containsExactly("Bearer token-of-today");
    assertThat(Credentials.bearer(token)).hasToString("a bearer token");
  }

  @Test
  void showsTokensOfAnIdentityAndNamesItWhenTheyAreRefused() {
    TokenSource identity =
        new TokenSource() {
          @Override
          public AccessToken token(List<String> scopes) {
            return new AccessToken(
                "token-for-" + scopes.get(0), Instant.now().plus(Duration.ofHours(1)));
          }

          @Override
          public String description() {
            return "the test's identity";
          }
        };
    Credentials credentials = Credentials.tokens(identity, "api://mlflow/.default");
    try (TrackingClient signedIn = TrackingClient.of(new TrackingServer(stub.uri(), credentials))) {
      signedIn.runs().logBatch(BATCH, LIMIT);
    }

    assertThat(stub.requests().get(0).headers().get("Authorization"))
        .containsExactly("Bearer token-for-api://mlflow/.default");
    assertThat(credentials).hasToString("a token of the test's identity");
  }

  @Test
  void namesAWrongCredentialAndWhatToDo() {
    assertFailure(401, "", ErrorCode.UNAUTHENTICATED)
        .hasMessageContaining("401")
        .hasMessageContaining("It was shown a bearer token")
        .hasMessageContaining("MLFLOW_TRACKING_TOKEN");
  }

  @Test
  void namesAMissingPermission() {
    assertFailure(
            403,
            "{\"error_code\":\"PERMISSION_DENIED\",\"message\":\"no write access\"}",
            ErrorCode.PERMISSION_DENIED)
        .hasMessageContaining("403 PERMISSION_DENIED (no write access)")
        .hasMessageContaining("Ask the server's owner");
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void takesARedirectForAnErrorAndNamesItsTarget(int status) {
    stub.answer(
        request ->
            new Answer(
                status, Map.of("Location", "https://login.example.com/sso?state=" + SECRET), ""));
    assertFailure(ErrorCode.REFUSED_BY_SERVICE)
        .hasMessageContaining("a redirect to https://login.example.com/sso,")
        .hasMessageContaining("MLFLOW_TRACKING_URI");
  }

  @Test
  void takesAnHtmlPageForAnError() {
    assertFailure(200, "<!doctype html><title>Sign in</title>", ErrorCode.REFUSED_BY_SERVICE)
        .hasMessageContaining("HTML page, perhaps a login page");
    assertFailure(500, "<html>oops</html>", ErrorCode.UNAVAILABLE)
        .hasMessageContaining("an HTML page");
  }

  @Test
  void saysThatAnAnswerIsNotMlflows() {
    stub.answer(request -> Answer.json("[1, 2]"));
    assertThatThrownBy(() -> client.experiments().find("e", LIMIT))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REFUSED_BY_SERVICE))
        .hasMessageContaining("is not MLflow's");
  }

  @ParameterizedTest
  @CsvSource({"429, 7, 7", "503, 120, 120", "503, '', 0", "429, nonsense, 0"})
  void carriesHowLongToWait(int status, String header, long seconds) {
    stub.answer(request -> new Answer(status, Map.of("Retry-After", header), "busy"));
    assertThatThrownBy(() -> client.runs().logBatch(BATCH, LIMIT))
        .isInstanceOfSatisfying(
            TryLaterException.class,
            e -> {
              assertThat(e.retryable()).isTrue();
              assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(seconds));
            });
  }

  @ParameterizedTest
  @CsvSource({"400, false", "404, false", "409, false", "500, true", "502, true", "504, true"})
  void knowsWhatMayPass(int status, boolean retryable) {
    stub.answer(request -> Answer.of(status, "text"));
    assertThatThrownBy(() -> client.runs().logBatch(BATCH, LIMIT))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.retryable()).isEqualTo(retryable));
    assertThat(stub.requests()).hasSize(1);
  }

  @Test
  void namesABrokenConnectionAndARefusedOne() throws Exception {
    stub.answer(request -> Answer.of(0, ""));
    assertFailure(ErrorCode.UNAVAILABLE).hasMessageContaining("the connection broke");

    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    try (TrackingClient nobody =
        TrackingClient.of(
            new TrackingServer(URI.create("http://127.0.0.1:" + port), Credentials.none()))) {
      assertThatThrownBy(() -> nobody.runs().logBatch(BATCH, LIMIT))
          .hasMessageContaining("connection refused")
          .hasMessageContaining("127.0.0.1:" + port);
    }
    try (TrackingClient unknown =
        TrackingClient.of(
            new TrackingServer(URI.create("http://no-such-host.invalid"), Credentials.none()))) {
      assertThatThrownBy(() -> unknown.runs().logBatch(BATCH, LIMIT))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }
  }

  @Test
  void showsNoCredentialToAnotherHost() throws Exception {
    Path file = Files.writeString(folder.resolve("f"), "x");
    URI other = URI.create(stub.uri().toString().replace("127.0.0.1", "localhost") + "/x");
    try (Http http = new Http(client.server())) {
      for (URI address : List.of(other, URI.create(stub.uri() + "/y"))) {
        http.send(
            Call.put("send", address, new Call.Part(file, 0, 1), Call.Identity.CREDENTIAL), LIMIT);
      }
    }

    assertThat(stub.requests().get(0).headers()).doesNotContainKey("Authorization");
    assertThat(stub.requests().get(1).headers()).containsKey("Authorization");
    assertThat(stub.requests()).extracting(StubServer.Request::body).containsExactly("x", "x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | ''",
        "403 | {\"error_code\":\"403\",\"message\":\"Invalid access token.\"}",
        "403 | <html><title>Error 403 Token is expiring within 30 seconds. (token expired)</title>",
        "400 | io.jsonwebtoken.ExpiredJwtException: JWT expired at 2026-01-01T00:00:00Z"
      })
  void renewsATokenThatIsRefusedOnce(int status, String body) {
    AtomicInteger issued = new AtomicInteger();
    TokenSource identity =
        scopes -> new AccessToken("t" + issued.incrementAndGet(), Instant.now().plusSeconds(3600));
    stub.answer(
        request ->
            request.headers().getOrDefault("Authorization", List.of()).contains("Bearer t1")
                ? Answer.of(status, body)
                : Answer.json("{}"));
    try (TrackingClient signedIn =
        TrackingClient.of(
            new TrackingServer(stub.uri(), Credentials.tokens(identity, "s/.default")))) {
      signedIn.runs().logBatch(BATCH, LIMIT);
      signedIn.runs().logBatch(BATCH, LIMIT);
      assertThat(issued).hasValue(2);
      assertThat(stub.requests()).hasSize(3);
      stub.answer(request -> Answer.of(status, body));
      assertThatThrownBy(() -> signedIn.runs().logBatch(BATCH, LIMIT))
          .isInstanceOfSatisfying(
              HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED));
      assertThat(stub.requests()).as("one more try with a new token").hasSize(5);
    }
  }

  @Test
  void namesATokenThatExpiredAndCannotBeRenewed() {
    assertFailure(403, "{\"message\":\"Token is expired\"}", ErrorCode.UNAUTHENTICATED)
        .hasMessageContaining("403 (Token is expired). It was shown a bearer token.")
        .hasMessageContaining("MLFLOW_TRACKING_TOKEN");
    assertThat(stub.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no write access",
        "the token has no right to write",
        "Invalid experiment. Token ok"
      })
  void takesAMissingRightForNoExpiredToken(String text) {
    assertFailure(403, "{\"message\":\"" + text + "\"}", ErrorCode.PERMISSION_DENIED);
    assertFailure(400, "param: token expired, it was invalid", ErrorCode.REFUSED_BY_SERVICE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "OK", "[]", "null", "\"{}\""})
  void takesNothingButAnObjectForSuccess(String body) {
    stub.answer(request -> Answer.of(200, body));
    assertThatThrownBy(() -> client.runs().logBatch(BATCH, LIMIT))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.REFUSED_BY_SERVICE))
        .hasMessageContaining("is not MLflow's");
  }

  @Test
  void keepsThePathUnderWhichTheServerIsServed() {
    TrackingServer server =
        new TrackingServer(URI.create("https://u:p@host:1/mlflow//?q=1#f"), Credentials.none());
    assertThat(server.toString()).isEqualTo("https://host:1/mlflow");
    assertThat(server.link("1", "r")).isEqualTo("https://host:1/mlflow/#/experiments/1/runs/r");
  }

  private AbstractThrowableAssert<?, ?> assertFailure(int status, String body, ErrorCode code) {
    stub.answer(request -> Answer.of(status, body));
    return assertFailure(code);
  }

  private AbstractThrowableAssert<?, ?> assertFailure(ErrorCode code) {
    return assertThatThrownBy(() -> client.runs().logBatch(BATCH, LIMIT))
        .isInstanceOfSatisfying(
            HdlException.class,
            e -> {
              assertThat(e.code()).isEqualTo(code);
              assertThat(e.getMessage()).doesNotContain(SECRET).contains(stub.uri().toString());
            });
  }
}
