package io.hdl.core.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsTest {
  @TempDir Path folder;

  private final AtomicInteger asked = new AtomicInteger();

  private final SecretProvider counting =
      new SecretProvider() {
        @Override
        public Optional<String> find(String name) {
          return Optional.of(name + "-value-" + asked.incrementAndGet());
        }

        @Override
        public String description() {
          return "a counter";
        }
      };

  @Test
  void asksTheFirstProviderThatHasTheName() throws Exception {
    Files.writeString(folder.resolve("mlflow-token"), "from a file\n");
    Secrets secrets =
        Secrets.of(
            SecretProvider.environment(Map.of("HDL_SECRET_DB_PASSWORD", "from a variable")),
            SecretProvider.files(folder));

    assertThat(secrets.resolve("secret://db-password").reveal()).isEqualTo("from a variable");
    assertThat(secrets.resolve("secret://mlflow-token").reveal()).isEqualTo("from a file");
  }

  @Test
  void saysWhomItAskedInVain() {
    Secret secret =
        Secrets.of(SecretProvider.environment(Map.of()), SecretProvider.files(folder))
            .resolve("secret://nowhere");

    assertThatThrownBy(secret::reveal)
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND))
        .hasMessage(
            "Cannot find the secret \"nowhere\" (asked: environment variables HDL_SECRET_...,"
                + " files in "
                + folder
                + "). Put it there, or change the reference secret://nowhere.");
  }

  @Test
  void doesNotPassOverAProviderThatFails() {
    SecretProvider failing =
        new SecretProvider() {
          @Override
          public Optional<String> find(String name) {
            throw new HdlException(ErrorCode.UNAVAILABLE, "Cannot read: nobody answers");
          }

          @Override
          public String description() {
            return "a vault that is down";
          }
        };

    assertThatThrownBy(() -> Secrets.of(failing, counting).resolve("secret://a").reveal())
        .hasMessage("Cannot read: nobody answers");
    assertThat(asked).hasValue(0);
  }

  @Test
  void fetchesLateHoldsForAWhileAndForgets() {
    List<Runnable> later = new ArrayList<>();
    List<Duration> delays = new ArrayList<>();
    Secret secret =
        Secrets.of(counting)
            .heldFor(Duration.ofMinutes(2))
            .timer(
                (delay, task) -> {
                  delays.add(delay);
                  later.add(task);
                })
            .resolve("secret://token");
    assertThat(asked).hasValue(0);
    assertThat(secret.isHeld()).isFalse();

    assertThat(secret.reveal()).isEqualTo("token-value-1");
    assertThat(secret.reveal()).isEqualTo("token-value-1");
    assertThat(secret.isHeld()).isTrue();
    assertThat(delays).containsExactly(Duration.ofMinutes(2));

    later.forEach(Runnable::run);
    assertThat(secret.isHeld()).isFalse();
    assertThat(secret.reveal()).isEqualTo("token-value-2");
  }

  @Test
  void forgetsByItselfWithTheTimerOfTheJdk() {
    Secret secret = Secrets.of(counting).heldFor(Duration.ofMillis(20)).resolve("secret://token");
    secret.reveal();

    org.awaitility.Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> !secret.isHeld());
  }

  @Test
  void neverShowsItsValue() {
    Secret given = Secret.of("a-given-value");
    Secret late = Secrets.of(counting).resolve("secret://team/mlflow#token");
    late.reveal();

    assertThat(given).hasToString("Secret[given]");
    assertThat(late).hasToString("Secret[secret://team/mlflow#token]");
  }

  @Test
  void takesAValueAsItIsAndAReferenceAsOne() {
    Secrets secrets = Secrets.of(counting);

    assertThat(secrets.of("plain-value").reveal()).isEqualTo("plain-value");
    assertThat(secrets.of("secret://named").reveal()).isEqualTo("named-value-1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "secret://",
        "secret:// ",
        "secret://../etc/passwd",
        "secret:///a",
        "secret://a//b",
        "secret://a/../b"
      })
  void refusesNamesThatAreNone(String reference) {
    assertThatThrownBy(() -> Secrets.of(counting).resolve(reference))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
        .hasMessageContaining("(expected: secret://<name>");
  }

  @Test
  void doesNotShowATextThatIsNoReference() {
    assertThatThrownBy(() -> Secrets.of(counting).resolve("hunter2-hunter2"))
        .hasMessageContaining("a text without secret://")
        .hasMessageNotContaining("hunter2");
  }

  @Test
  void readsNoFileOutsideItsFolder() throws Exception {
    Path outside = Files.writeString(folder.resolve("outside"), "a secret of somebody else");
    Path inside = Files.createDirectory(folder.resolve("inside"));

    assertThat(SecretProvider.files(inside).find("../" + outside.getFileName())).isEmpty();
  }

  @Test
  void resolvesFromTheEnvironment() throws Exception {
    Files.writeString(folder.resolve("in-a-file"), "value of the file");
    Secrets secrets =
        Secrets.from(
            Map.of("HDL_SECRETS_DIR", folder.toString(), "HDL_SECRET_IN_A_VARIABLE", "value"));

    assertThat(secrets.resolve("secret://in-a-file").reveal()).isEqualTo("value of the file");
    assertThat(secrets.resolve("secret://in-a-variable").reveal()).isEqualTo("value");
  }

  @Test
  void saysWhichVariableHoldsNoAddress() {
    assertThatThrownBy(() -> Secrets.from(Map.of("VAULT_ADDR", "not an address")))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
        .hasMessageStartingWith("VAULT_ADDR: not an address (expected: an address");
  }

  @Test
  void asksForAVaultTokenWhereThereIsNone() {
    Secrets secrets =
        Secrets.from(Map.of("VAULT_ADDR", "http://127.0.0.1:1", "HOME", folder.toString()));

    assertThatThrownBy(() -> secrets.resolve("secret://a").reveal())
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHENTICATED))
        .hasMessageContaining("VAULT_TOKEN is not set")
        .hasMessageContaining(".vault-token");
  }
}
