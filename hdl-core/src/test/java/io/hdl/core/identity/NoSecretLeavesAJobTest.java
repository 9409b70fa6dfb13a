package io.hdl.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.json.Json;
import io.hdl.core.testing.ChildJvm;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random secrets on every way that a user may give them, and jobs that tell them wherever they can:
 * none may show in the log (of all libraries, in full detail), in an event, in a failure or in a
 * file.
 */
class NoSecretLeavesAJobTest {
  @TempDir Path folder;

  @ParameterizedTest
  @ValueSource(longs = {1, 20, 300})
  void noSecretLeavesAJob(long seed) throws IOException {
    Random random = new Random(seed);
    Map<String, String> secrets = new LinkedHashMap<>();
    for (String name :
        List.of("in-a-file", "client", "vault-token", "in-the-vault", "token-prefix")) {
      secrets.put(name, secret(random));
    }
    Path files = Files.createDirectory(folder.resolve("secrets"));
    for (Map.Entry<String, String> each : secrets.entrySet()) {
      Files.writeString(files.resolve(each.getKey()), each.getValue());
    }
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("HDL_SECRET_IN_A_VARIABLE", secret(random));
    variables.put("MLFLOW_TRACKING_PASSWORD", secret(random));
    variables.put("HDL_ABFS_ACCOUNT_KEY", secret(random));
    secrets.putAll(variables);
    variables.put("org.slf4j.simpleLogger.defaultLogLevel", "trace");
    Path home = folder.resolve("home");

    ChildJvm.Result result =
        ChildJvm.run(LeakyJob.class, variables, home.toString(), files.toString());

    assertThat(result.exit()).as(result.err()).isZero();
    Map<String, String> left = left(result, home);
    // The jobs did tell: something stands in the secrets' places, everywhere.
    assertThat(result.out().lines().filter(line -> line.startsWith("ended "))).hasSize(6);
    assertThat(result.out()).contains("ended well").contains("ended the lake refused [redacted]");
    assertThat(left.keySet()).anyMatch(name -> name.endsWith("run.json"));
    assertThat(left).allSatisfy((name, text) -> assertThat(text).contains(Redaction.MARK));
    left.forEach(
        (where, text) ->
            secrets.forEach(
                (name, secret) -> {
                  for (String form : forms(secret)) {
                    assertThat(text.contains(form))
                        .as("seed %d: the secret %s shows in %s", seed, name, where)
                        .isFalse();
                  }
                }));
  }

  /** The log, what was printed, and every file that is not empty. */
  private static Map<String, String> left(ChildJvm.Result result, Path home) throws IOException {
    Map<String, String> left = new LinkedHashMap<>();
    left.put("standard output", result.out());
    left.put("the log and stack traces", result.err());
    try (Stream<Path> files = Files.walk(home)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String text = Files.readString(file);
        if (!text.isBlank()) {
          left.put(home.relativize(file).toString(), text);
        }
      }
    }
    return left;
  }

  /** Printable, without quotes and backslashes: they go through JSON texts by hand. */
  private static String secret(Random random) {
    int length = 8 + random.nextInt(40);
    StringBuilder text = new StringBuilder();
    while (text.length() < length) {
      char c = (char) (0x21 + random.nextInt(0x5E));
      if (c != '"' && c != '\\') {
        text.append(c);
      }
    }
    return text.toString();
  }

  private static List<String> forms(String secret) {
    String json = Json.write(secret);
    return List.of(
        secret,
        URLEncoder.encode(secret, StandardCharsets.UTF_8),
        json.substring(1, json.length() - 1),
        Base64.getEncoder()
            .withoutPadding()
            .encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
  }
}
