package io.hdl.core.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.testing.ChildJvm;
import io.hdl.core.testing.LoopbackHttp;
import io.hdl.core.testing.ManagedIdentityEmulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The identities that a machine lends, with the real azure-identity in a process whose environment
 * is the emulator's: the library reads it and nothing else.
 */
class ManagedIdentityTest {
  private static final List<String> AZURE =
      List.of(
          "AZURE_TENANT_ID",
          "AZURE_CLIENT_ID",
          "AZURE_CLIENT_SECRET",
          "AZURE_CLIENT_CERTIFICATE_PATH",
          "AZURE_FEDERATED_TOKEN_FILE",
          "AZURE_TOKEN_CREDENTIALS",
          "AZURE_POD_IDENTITY_AUTHORITY_HOST",
          "IDENTITY_ENDPOINT",
          "IDENTITY_HEADER",
          "IMDS_ENDPOINT",
          "MSI_ENDPOINT");

  @TempDir Path folder;

  private static Map<String, String> only(Map<String, String> variables) {
    Map<String, String> all = new LinkedHashMap<>();
    AZURE.forEach(name -> all.put(name, ""));
    all.putAll(variables);
    return all;
  }

  private static List<String> facts(ChildJvm.Result result, String name) {
    assertThat(result.exit()).as(result.err()).isZero();
    return result
        .out()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .map(line -> line.substring(name.length() + 1))
        .toList();
  }

  @Test
  void getsATokenOfTheMachineFromTheMetadataService() {
    try (ManagedIdentityEmulator imds =
        ManagedIdentityEmulator.imds("imds-token-", Duration.ofHours(24))) {
      ChildJvm.Result result =
          ChildJvm.run(
              TokenProbe.class,
              only(Map.of("AZURE_POD_IDENTITY_AUTHORITY_HOST", imds.uri().toString())),
              "environment",
              "3");

      assertThat(facts(result, "description"))
          .containsExactly(
              "managed identity, system-assigned; chosen because"
                  + " AZURE_POD_IDENTITY_AUTHORITY_HOST is set");
      assertThat(facts(result, "token"))
          .containsExactly("imds-token-1", "imds-token-1", "imds-token-1");
      assertThat(facts(result, "toString")).noneMatch(text -> text.contains("imds-token"));
      assertThat(imds.asked()).hasSize(1);
      assertThat(imds.asked().get(0).query())
          .containsEntry("resource", "https://storage.azure.com")
          .doesNotContainKey("client_id");
    }
  }

  @Test
  void asksForTheUserAssignedIdentityThatIsNamed() {
    try (ManagedIdentityEmulator imds =
        ManagedIdentityEmulator.imds("imds-token-", Duration.ofHours(24))) {
      ChildJvm.Result result =
          ChildJvm.run(
              TokenProbe.class,
              only(Map.of("AZURE_POD_IDENTITY_AUTHORITY_HOST", imds.uri().toString())),
              "11111111-2222-3333-4444-555555555555",
              "1");

      assertThat(facts(result, "description"))
          .containsExactly(
              "managed identity with client id 11111111-2222-3333-4444-555555555555; chosen by name");
      assertThat(facts(result, "token")).containsExactly("imds-token-1");
      assertThat(imds.asked().get(0).query())
          .containsEntry("client_id", "11111111-2222-3333-4444-555555555555");
    }
  }

  @Test
  void triesAgainWhileTheMetadataServiceIsBusyAsLongAsItAsksFor() {
    try (ManagedIdentityEmulator imds =
        ManagedIdentityEmulator.imds("imds-token-", Duration.ofHours(24))
            .first(
                ManagedIdentityEmulator.error(429, "too_many_requests", "later")
                    .with("Retry-After", "1"))
            .first(ManagedIdentityEmulator.error(410, "gone", "being renewed"))) {
      ChildJvm.Result result =
          ChildJvm.run(
              TokenProbe.class,
              only(Map.of("AZURE_POD_IDENTITY_AUTHORITY_HOST", imds.uri().toString())),
              "managed",
              "1");

      assertThat(facts(result, "token")).containsExactly("imds-token-1");
      // One request a try: neither library repeats on its own.
      assertThat(imds.asked()).hasSize(3);
      assertThat(Long.parseLong(facts(result, "millis").get(0))).isGreaterThanOrEqualTo(1_000);
    }
  }

  @Test
  void saysWhichIdentityTheMachineLacks() {
    LoopbackHttp.Answer none =
        ManagedIdentityEmulator.error(400, "invalid_request", "Identity not found");
    try (ManagedIdentityEmulator imds =
        ManagedIdentityEmulator.imds("imds-token-", Duration.ofHours(24)).first(none)) {
      ChildJvm.Result result =
          ChildJvm.run(
              TokenProbe.class,
              only(Map.of("AZURE_POD_IDENTITY_AUTHORITY_HOST", imds.uri().toString())),
              "managed",
              "1");

      assertThat(imds.asked()).hasSize(1);
      assertThat(facts(result, "error").get(0))
          .startsWith(
              "UNAUTHENTICATED Cannot sign in to Azure as managed identity, system-assigned;"
                  + " chosen by name: 127.0.0.1:")
          .contains("answers 400")
          .contains("Identity not found")
          .contains("Give this machine a system-assigned identity");
    }
  }

  @Test
  void refusesATokenThatComesExpired() {
    try (ManagedIdentityEmulator imds =
        ManagedIdentityEmulator.imds("old-token-", Duration.ofMinutes(-10))) {
      ChildJvm.Result result =
          ChildJvm.run(
              TokenProbe.class,
              only(Map.of("AZURE_POD_IDENTITY_AUTHORITY_HOST", imds.uri().toString())),
              "managed",
              "1");

      assertThat(facts(result, "token")).isEmpty();
      assertThat(facts(result, "error").get(0))
          .startsWith(
              "UNAUTHENTICATED Cannot use the token of managed identity, system-assigned; chosen"
                  + " by name: it came expired")
          .contains("Set the clock");
    }
  }

  @Test
  void doesNotStallWhereNobodyIsAtTheMetadataAddress() throws IOException {
    ChildJvm.Result result =
        ChildJvm.run(
            TokenProbe.class,
            only(Map.of("AZURE_POD_IDENTITY_AUTHORITY_HOST", "http://127.0.0.1:" + freePort())),
            "managed",
            "1");

    assertThat(facts(result, "error").get(0))
        .startsWith("UNAUTHENTICATED Cannot sign in to Azure as managed identity, system-assigned")
        .contains("nobody answers at http://127.0.0.1:")
        .contains("this is no Azure VM");
    assertThat(Long.parseLong(facts(result, "millis").get(0))).isLessThan(10_000);
  }

  @Test
  void doesNotStallWhereTheNetworkSwallowsWhatIsSentToTheMetadataAddress() throws IOException {
    // A socket that listens but whose queue is full: the kernel drops further attempts.
    try (ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      List<SocketChannel> waiting = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        SocketChannel channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.connect(full.getLocalSocketAddress());
        waiting.add(channel);
      }
      ChildJvm.Result result =
          ChildJvm.run(
              TokenProbe.class,
              only(
                  Map.of(
                      "AZURE_POD_IDENTITY_AUTHORITY_HOST",
                      "http://127.0.0.1:" + full.getLocalPort())),
              "managed",
              "1");

      assertThat(facts(result, "error").get(0))
          .startsWith("UNAUTHENTICATED ")
          .contains("this is no Azure VM");
      assertThat(Long.parseLong(facts(result, "millis").get(0))).isBetween(900L, 10_000L);
      for (SocketChannel channel : waiting) {
        channel.close();
      }
    }
  }

  @Test
  void findsNoIdentityOnABoxOutsideAzureWithoutAskingTheNetwork() {
    ChildJvm.Result result =
        ChildJvm.run(TokenProbe.class, only(Map.of("PATH", folder.toString())), "environment", "1");

    assertThat(facts(result, "error").get(0))
        .startsWith("UNAUTHENTICATED Cannot sign in to Azure: the environment shows no identity")
        .contains("AZURE_TOKEN_CREDENTIALS=ManagedIdentityCredential");
    assertThat(Long.parseLong(facts(result, "millis").get(0))).isLessThan(1_000);
  }

  @Test
  void tradesArcsKeyFileForAToken() throws IOException {
    int port = freePort();
    ChildJvm.Result result =
        ChildJvm.runWithPrivate(
            Path.of("/var/opt"),
            TokenProbe.class,
            only(
                Map.of(
                    "HDL_TEST_ARC_PORT", Integer.toString(port),
                    "IDENTITY_ENDPOINT",
                        "http://127.0.0.1:" + port + "/metadata/identity/oauth2/token",
                    "IMDS_ENDPOINT", "http://127.0.0.1:" + port)),
            "environment",
            "2");

    assertThat(facts(result, "description"))
        .containsExactly(
            "Azure Arc's identity of this machine; chosen because IDENTITY_ENDPOINT and"
                + " IMDS_ENDPOINT are set");
    assertThat(facts(result, "token")).containsExactly("arc-token-1", "arc-token-1");
    // The challenge, then the request with the key.
    assertThat(facts(result, "asked")).containsExactly("2");
  }

  @Test
  void saysWhatToDoWithoutTheRightToReadArcsKeys() throws IOException {
    // Outside the private mount there is no such folder: the library refuses the file.
    Path keys = Files.createDirectory(folder.resolve("keys"));
    try (ManagedIdentityEmulator arc =
        ManagedIdentityEmulator.arc(freePort(), keys, "arc-token-", Duration.ofHours(1))) {
      ChildJvm.Result result =
          ChildJvm.run(
              TokenProbe.class,
              only(
                  Map.of(
                      "IDENTITY_ENDPOINT",
                      arc.uri() + "/metadata/identity/oauth2/token",
                      "IMDS_ENDPOINT",
                      arc.uri().toString())),
              "arc",
              "1");

      assertThat(facts(result, "error").get(0))
          .startsWith("UNAUTHENTICATED Cannot sign in to Azure as Azure Arc's identity")
          .contains("add it to the group himds");
    }
  }

  @Test
  void saysThatArcsAgentDoesNotRun() throws IOException {
    int port = freePort();
    ChildJvm.Result result =
        ChildJvm.run(
            TokenProbe.class,
            only(
                Map.of(
                    "IDENTITY_ENDPOINT",
                        "http://127.0.0.1:" + port + "/metadata/identity/oauth2/token",
                    "IMDS_ENDPOINT", "http://127.0.0.1:" + port)),
            "arc",
            "1");

    assertThat(facts(result, "error").get(0))
        .startsWith("UNAVAILABLE ")
        .contains("nobody answers at http://127.0.0.1:" + port)
        .contains("azcmagent show");
  }

  @Test
  void asksTheAzureCliAsTheLastResort() throws IOException {
    String script =
        "#!/bin/sh\n"
            + "echo '{\"accessToken\": \"cli-token-1\", \"expiresOn\": \"2099-01-01 00:00:00.000000\","
            + " \"expires_on\": 4070908800, \"tenant\": \"t\", \"tokenType\": \"Bearer\"}'\n";
    ChildJvm.Result result = runWithCli(script, "environment");

    assertThat(facts(result, "description"))
        .containsExactly(
            "Azure CLI's signed-in user; chosen because az is on the PATH and nothing else is set");
    assertThat(facts(result, "token")).containsExactly("cli-token-1");
  }

  @Test
  void saysThatTheAzureCliIsSignedOut() throws IOException {
    ChildJvm.Result result =
        runWithCli(
            "#!/bin/sh\necho \"ERROR: Please run 'az login' to setup account.\" >&2\nexit 1\n",
            "cli");

    assertThat(facts(result, "error").get(0))
        .startsWith(
            "UNAUTHENTICATED Cannot sign in to Azure as Azure CLI's signed-in user; chosen by name:")
        .endsWith("Install the Azure CLI and run az login.");
  }

  private ChildJvm.Result runWithCli(String script, String kind) throws IOException {
    Path az = Files.writeString(folder.resolve("az"), script);
    Files.setPosixFilePermissions(az, PosixFilePermissions.fromString("rwxr-xr-x"));
    String path = folder + ":/usr/bin:/bin";
    return ChildJvm.run(TokenProbe.class, only(Map.of("PATH", path)), kind, "1");
  }

  private static int freePort() throws IOException {
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return free.getLocalPort();
    }
  }
}
