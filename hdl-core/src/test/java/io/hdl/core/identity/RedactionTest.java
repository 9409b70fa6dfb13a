package io.hdl.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.json.Json;
import io.hdl.core.retry.TryLaterException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {
  private static String random(Random random, int length) {
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      text.append((char) (0x21 + random.nextInt(0x5E)));
    }
    return text.toString();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void cutsKnownSecretsInEveryFormAndNothingElse(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 50; i++) {
      String secret = random(random, 6 + random.nextInt(60));
      Redaction.remember(secret);
      String json = Json.write(Map.of("k", secret));
      String text =
          "before "
              + secret
              + " between "
              + URLEncoder.encode(secret, StandardCharsets.UTF_8)
              + " "
              + json
              + " after "
              + Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8));

      String clean = Redaction.text(text);

      assertThat(clean)
          .as("seed %d, round %d", seed, i)
          .doesNotContain(secret)
          .doesNotContain(URLEncoder.encode(secret, StandardCharsets.UTF_8))
          .doesNotContain(json.substring(6, json.length() - 2))
          .startsWith(
              "before [redacted] between [redacted] {\"k\":\"[redacted]\"} after [redacted]");
      assertThat(Redaction.text(clean)).isEqualTo(clean);
    }
  }

  @Test
  void cutsOverlappingSecretsAsOne() {
    Redaction.remember("abcdef-overlap");
    Redaction.remember("overlap-ghijkl");
    Redaction.remember("overlap");

    assertThat(Redaction.text("<abcdef-overlap-ghijkl> <overlap>"))
        .isEqualTo("<[redacted]> <[redacted]>");
  }

  @Test
  void cutsEachLineOfAKeyInSeveral() {
    Redaction.remember(
        "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkq\nhkiG9w0BAQEFAASC\n-----END\n");

    assertThat(Redaction.text("line 2 of -----BEGIN PRIVATE KEY----- is hkiG9w0BAQEFAASC"))
        .isEqualTo("line 2 of -----BEGIN PRIVATE KEY----- is [redacted]");
  }

  @Test
  void cutsASecretThatWasGivenButNeverRevealed() {
    Secret given = Secret.of("given-but-never-revealed");

    assertThat(Redaction.text("the key is given-but-never-revealed"))
        .isEqualTo("the key is [redacted]");
    assertThat(given.reveal()).isEqualTo("given-but-never-revealed");
  }

  @Test
  void doesNotLookForWordsThatAreTooShort() {
    Redaction.remember("table");

    assertThat(Redaction.text("the table at version 3")).isEqualTo("the table at version 3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Authorization: Bearer abcdefghijklmnopqrstuvwx | Authorization: Bearer [redacted]",
        "Basic dXNlcjpwYXNzd29yZC10aGF0LWlz was refused | Basic [redacted] was refused",
        "SharedKey devstoreaccount1:c2lnbmF0dXJlLXNpZ25hdHVyZQ== | SharedKey"
            + " devstoreaccount1:[redacted]",
        "a token eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJo.c2ln ends | a token [redacted]"
            + " ends",
        "https://a.blob.core.windows.net/c?sv=2024&sig=abc%2Fdef%3D&se=2030 |"
            + " https://a.blob.core.windows.net/c?sv=2024&sig=[redacted]&se=2030",
        "https://user:pass@host/path | https://user:[redacted]@host/path",
        "AccountName=a;AccountKey=abcdef==;EndpointSuffix=x |"
            + " AccountName=a;AccountKey=[redacted];EndpointSuffix=x",
        "{\"access_token\": \"abc\", \"n\": 1} | {\"access_token\": \"[redacted]\", \"n\": 1}",
        "client_secret=abc&grant_type=x | client_secret=[redacted]&grant_type=x"
      })
  void cutsWhatLooksLikeASecret(String text, String expected) {
    assertThat(Redaction.text(text)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD.",
        "abfss://curated@contoso.dfs.core.windows.net/retail/sales",
        "Basic realm=/var/opt/azcmagent/tokens/0f4f4c1c-aaaa-bbbb.key",
        "a bearer token of the application",
        "token=secret://mlflow at version 12",
        "horizon: 0 (expected: >= 1)"
      })
  void leavesOrdinaryTextsAlone(String text) {
    assertThat(Redaction.text(text)).isSameAs(text);
  }

  @Test
  void looksForTheValuesOfVariablesThatAreNamedLikeSecrets() {
    Redaction.rememberEnvironment(
        Map.of(
            "MLFLOW_TRACKING_PASSWORD", "mlflow-password-1",
            "AZURE_CLIENT_SECRET", "client-secret-1",
            "HDL_ABFS_ACCOUNT_KEY", "account-key-1",
            "DATABRICKS_TOKEN", "secret://databricks",
            "PWD", "/home/somebody",
            "KEYBOARD", "some-keyboard"));

    assertThat(Redaction.text("mlflow-password-1 client-secret-1 account-key-1"))
        .isEqualTo("[redacted] [redacted] [redacted]");
    assertThat(Redaction.text("secret://databricks /home/somebody some-keyboard"))
        .isEqualTo("secret://databricks /home/somebody some-keyboard");
  }

  @Test
  void leavesAFailureWithoutSecretsAsItIs() {
    RuntimeException clean = new IllegalStateException("broken", new IOException("disk"));

    assertThat(Redaction.failure(clean)).isSameAs(clean);
  }

  @Test
  void copiesAFailureWhoseCausesHoldSecrets() {
    Redaction.remember("secret-in-a-cause");
    IOException cause = new IOException("login with secret-in-a-cause");
    cause.addSuppressed(new IllegalStateException("close with secret-in-a-cause"));
    HdlException failure = new HdlException(ErrorCode.NOT_FOUND, "Cannot open the table", cause);

    RuntimeException copy = Redaction.failure(failure);

    assertThat(copy)
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessage("Cannot open the table");
    assertThat(copy.getStackTrace()).isEqualTo(failure.getStackTrace());
    StringWriter trace = new StringWriter();
    copy.printStackTrace(new PrintWriter(trace));
    assertThat(trace.toString())
        .contains("java.io.IOException: login with [redacted]")
        .contains("java.lang.IllegalStateException: close with [redacted]")
        .doesNotContain("secret-in-a-cause");
  }

  @Test
  void keepsWhatACallerActsOn() {
    Redaction.remember("secret-of-a-failure");

    assertThat(Redaction.failure(new JobCancelledException("by secret-of-a-failure")))
        .isInstanceOf(JobCancelledException.class)
        .hasMessage("by [redacted]");
    assertThat(
            Redaction.failure(new TryLaterException("secret-of-a-failure", Duration.ofSeconds(9))))
        .isInstanceOfSatisfying(
            TryLaterException.class,
            e -> assertThat(e.retryAfter()).isEqualTo(Duration.ofSeconds(9)));
    assertThat(Redaction.failure(new IllegalStateException("secret-of-a-failure")))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERNAL))
        .hasMessage("java.lang.IllegalStateException: [redacted]");
  }

  @Test
  void survivesFailuresThatCauseEachOther() {
    Redaction.remember("secret-in-a-circle");
    IllegalStateException one = new IllegalStateException("one");
    IllegalStateException two = new IllegalStateException("secret-in-a-circle", one);
    one.initCause(two);

    assertThat(Redaction.failure(one)).hasMessage("java.lang.IllegalStateException: one");
  }

  @Test
  void forgetsTheOldestWhenItKnowsTooMany() {
    KnownSecrets few = new KnownSecrets(2);
    few.add("secret-1");
    few.add("secret-2");
    few.add("secret-3");

    assertThat(few.replace("secret-1 secret-2 secret-3", "*")).isEqualTo("secret-1 * *");
  }
}
