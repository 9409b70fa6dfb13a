package io.hdl.core.identity;

import io.hdl.core.error.HdlException;
import io.hdl.core.testing.ManagedIdentityEmulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A process of its own that signs in and prints what came of it, one fact a line. */
final class TokenProbe {
  static final List<String> SCOPE = List.of("https://storage.azure.com/.default");
  static final Path ARC_KEYS = Path.of("/var/opt/azcmagent/tokens");

  private TokenProbe() {}

  public static void main(String[] arguments) throws IOException {
    String port = System.getenv("HDL_TEST_ARC_PORT");
    if (port == null) {
      signIn(arguments);
      return;
    }
    Files.createDirectories(ARC_KEYS);
    try (ManagedIdentityEmulator arc =
        ManagedIdentityEmulator.arc(
            Integer.parseInt(port), ARC_KEYS, "arc-token-", Duration.ofHours(24))) {
      signIn(arguments);
      System.out.println("asked " + arc.asked().size());
    }
  }

  private static void signIn(String[] arguments) {
    TokenSource source = source(arguments[0]);
    System.out.println("description " + source.description());
    for (int i = 0; i < Integer.parseInt(arguments[1]); i++) {
      long start = System.nanoTime();
      try {
        AccessToken token = source.token(SCOPE);
        System.out.println("token " + token.value());
        System.out.println("toString " + token);
      } catch (HdlException e) {
        System.out.println("error " + e.code() + " " + e.getMessage());
      }
      System.out.println("millis " + Duration.ofNanos(System.nanoTime() - start).toMillis());
    }
  }

  private static TokenSource source(String kind) {
    return switch (kind) {
      case "environment" -> AzureCredentials.fromEnvironment();
      case "arc" -> AzureCredentials.arc();
      case "cli" -> AzureCredentials.azureCli();
      case "managed" -> AzureCredentials.managedIdentity();
      default -> AzureCredentials.managedIdentity(kind);
    };
  }
}
