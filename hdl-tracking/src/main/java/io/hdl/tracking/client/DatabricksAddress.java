package io.hdl.tracking.client;

import io.hdl.core.error.HdlException;
import io.hdl.core.identity.AzureCredentials;
import io.hdl.core.identity.Secret;
import io.hdl.core.identity.TokenSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Finds a Databricks workspace and how to sign in to it, from the variables and the configuration
 * file that Databricks' own tools read (Databricks, "unified authentication").
 */
final class DatabricksAddress {
  /** Azure Databricks, whose tenant-independent id Microsoft documents. */
  static final String SCOPE = "2ff814a6-3304-4ab8-85cb-cd0e6f879c1d/.default";

  /** Keys of the file, and the variables that stand for them. */
  private static final Map<String, String> VARIABLES =
      Map.of(
          "host", "DATABRICKS_HOST",
          "token", "DATABRICKS_TOKEN",
          "client_id", "DATABRICKS_CLIENT_ID",
          "client_secret", "DATABRICKS_CLIENT_SECRET",
          "username", "DATABRICKS_USERNAME",
          "password", "DATABRICKS_PASSWORD",
          "auth_type", "DATABRICKS_AUTH_TYPE",
          "azure_tenant_id", "ARM_TENANT_ID",
          "azure_client_id", "ARM_CLIENT_ID",
          "azure_client_secret", "ARM_CLIENT_SECRET");

  /** How the hosts of workspaces of Azure end. */
  static final List<String> AZURE_HOSTS =
      List.of(".azuredatabricks.net", ".databricks.azure.us", ".databricks.azure.cn");

  private final Map<String, String> environment;
  private final Supplier<TokenSource> azure;
  private final Optional<Credentials> chosen;

  DatabricksAddress(
      Map<String, String> environment, Supplier<TokenSource> azure, Optional<Credentials> chosen) {
    this.environment = environment;
    this.azure = azure;
    this.chosen = chosen;
  }

  /** What is known of a workspace, and where it stands. */
  private record Known(String origin, Map<String, String> values) {
    Optional<String> value(String key) {
      return Optional.ofNullable(values.get(key)).map(String::strip).filter(t -> !t.isEmpty());
    }

    boolean has(String... keys) {
      for (String key : keys) {
        if (value(key).isEmpty()) {
          return false;
        }
      }
      return true;
    }
  }

  /** By variables, or else by the profile that they name. */
  TrackingServer fromEnvironment() {
    if (environment.getOrDefault("DATABRICKS_HOST", "").isBlank()) {
      return ofProfile(environment.getOrDefault("DATABRICKS_CONFIG_PROFILE", "DEFAULT"));
    }
    Map<String, String> values = new LinkedHashMap<>();
    VARIABLES.forEach((key, variable) -> values.put(key, environment.getOrDefault(variable, "")));
    return server(new Known("the environment", values));
  }

  /** By a profile of the configuration file. */
  TrackingServer ofProfile(String profile) {
    Path file = file();
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (NoSuchFileException e) {
      throw ServerAddress.refused(
          "databricks, but DATABRICKS_HOST is not set and %s does not exist (expected: DATABRICKS_HOST with DATABRICKS_TOKEN or the like, or a profile \"%s\" in that file)"
              .formatted(file, profile));
    } catch (IOException e) {
      throw ServerAddress.refused("cannot read %s: %s".formatted(file, e));
    }
    Map<String, Map<String, String>> profiles = DatabricksProfiles.parse(lines);
    Map<String, String> found = profiles.get(profile);
    if (found == null) {
      throw ServerAddress.refused(
          "profile \"%s\" is not in %s (known: %s)"
              .formatted(profile, file, String.join(", ", profiles.keySet())));
    }
    return server(new Known("profile \"" + profile + "\" of " + file, found));
  }

  private Path file() {
    String named = environment.getOrDefault("DATABRICKS_CONFIG_FILE", "");
    return named.isBlank()
        ? Path.of(System.getProperty("user.home"), ".databrickscfg")
        : Path.of(named);
  }

  private TrackingServer server(Known known) {
    String host =
        known
            .value("host")
            .orElseThrow(
                () -> ServerAddress.refused(known.origin() + " names no host (expected: host)"));
    URI workspace;
    try {
      URI given = URI.create(host.contains("://") ? host : "https://" + host);
      workspace = new TrackingServer(given, Credentials.none()).base();
    } catch (IllegalArgumentException e) {
      throw ServerAddress.refused(
          known.origin()
              + " names a host that is no address (expected: https://adb-NUMBER.azuredatabricks.net or the like)");
    }
    return new TrackingServer(
        workspace,
        chosen.orElseGet(() -> credentials(known, workspace)),
        TrackingServer.Platform.DATABRICKS);
  }

  private Credentials credentials(Known known, URI host) {
    String type = known.value("auth_type").orElseGet(() -> firstOf(known, host));
    return switch (type) {
      case "pat" -> Credentials.bearer(secret(known, "token"));
      case "oauth-m2m" -> {
        String client = required(known, "client_id");
        yield Credentials.signedIn(
            new DatabricksSignIn(host, client, secret(known, "client_secret")));
      }
      case "basic" -> Credentials.basic(required(known, "username"), secret(known, "password"));
      case "azure-client-secret" ->
          Credentials.tokens(
              AzureCredentials.clientSecret(
                  required(known, "azure_tenant_id"),
                  required(known, "azure_client_id"),
                  secret(known, "azure_client_secret")),
              SCOPE);
      case "azure-cli" -> Credentials.tokens(AzureCredentials.azureCli(), SCOPE);
      case "azure-msi" ->
          Credentials.tokens(
              known
                  .value("azure_client_id")
                  .map(AzureCredentials::managedIdentity)
                  .orElseGet(AzureCredentials::managedIdentity),
              SCOPE);
      case "azure" -> Credentials.tokens(azure.get(), SCOPE);
      default ->
          throw ServerAddress.refused(
              "%s asks for the sign-in \"%s\" (expected: pat, oauth-m2m, basic, azure-client-secret, azure-cli or azure-msi)"
                  .formatted(known.origin(), type));
    };
  }

  private static String firstOf(Known known, URI host) {
    if (known.has("token")) {
      return "pat";
    }
    if (known.has("client_id", "client_secret")) {
      return "oauth-m2m";
    }
    if (known.has("username", "password")) {
      return "basic";
    }
    if (known.has("azure_tenant_id", "azure_client_id", "azure_client_secret")) {
      return "azure-client-secret";
    }
    String name = host.getHost().toLowerCase(Locale.ROOT);
    if (AZURE_HOSTS.stream().anyMatch(name::endsWith)) {
      return "azure";
    }
    throw ServerAddress.refused(
        "%s names the workspace %s but no credential (expected: a token, or client_id and client_secret: DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET)"
            .formatted(known.origin(), host.getHost()));
  }

  private Secret secret(Known known, String key) {
    return ServerAddress.secret(environment, key, required(known, key));
  }

  private static String required(Known known, String key) throws HdlException {
    return known
        .value(key)
        .orElseThrow(
            () ->
                ServerAddress.refused(
                    known.origin() + " names no " + key + " (expected: " + key + ")"));
  }
}
