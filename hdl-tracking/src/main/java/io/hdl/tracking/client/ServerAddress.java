package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.Secret;
import io.hdl.core.identity.Secrets;
import io.hdl.core.identity.TokenSource;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** Finds the server behind an address, and the credential that the environment has for it. */
final class ServerAddress {
  /** What tokens for Azure Machine Learning are for: it takes those of Azure's own management. */
  static final String AZURE_ML_SCOPE = "https://management.azure.com/.default";

  private final Map<String, String> environment;
  private final Supplier<TokenSource> azure;
  private final Optional<Credentials> chosen;

  /** Shows what the environment has. */
  ServerAddress(Map<String, String> environment, Supplier<TokenSource> azure) {
    this(environment, azure, Optional.empty());
  }

  /** Shows what was chosen, or what the environment has. */
  ServerAddress(
      Map<String, String> environment, Supplier<TokenSource> azure, Optional<Credentials> chosen) {
    this.environment = environment;
    this.azure = azure;
    this.chosen = chosen;
  }

  TrackingServer server(String address) {
    String text = address.strip();
    if (text.equals("databricks")) {
      return databricks().fromEnvironment();
    }
    URI uri = parsed(text);
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "http", "https" -> isAzureMl(uri) ? azureMl(uri) : plain(uri, scheme);
      case "azureml" -> azureMl(uri);
      case "databricks" -> databricks().ofProfile(profile(text));
      default ->
          throw refused(
              "an address of scheme \"%s\" (expected: http, https, databricks or azureml)"
                  .formatted(scheme));
    };
  }

  private DatabricksAddress databricks() {
    return new DatabricksAddress(environment, azure, chosen);
  }

  private static URI parsed(String text) {
    try {
      return new URI(text);
    } catch (URISyntaxException e) {
      // Its message holds the address, which may hold a password.
      throw refused(
          "no proper address: %s at position %d (expected: http://host:port)"
              .formatted(e.getReason(), e.getIndex()));
    }
  }

  private static String profile(String text) {
    String prefix = "databricks://";
    String profile = text.startsWith(prefix) ? text.substring(prefix.length()) : "";
    if (profile.isBlank() || profile.contains(":")) {
      throw refused(
          "a databricks address without a profile (expected: databricks, or databricks://profile)");
    }
    return profile;
  }

  private TrackingServer plain(URI uri, String scheme) {
    if (uri.getHost() == null) {
      throw refused(
          "an address of scheme \"%s\" without a host (expected: %s://host:port)"
              .formatted(scheme, scheme));
    }
    return new TrackingServer(uri, given().orElseGet(() -> within(uri)));
  }

  private Optional<Credentials> given() {
    if (chosen.isPresent()) {
      return chosen;
    }
    Optional<String> user = value("MLFLOW_TRACKING_USERNAME");
    Optional<String> password = value("MLFLOW_TRACKING_PASSWORD");
    if (user.isPresent() && password.isPresent()) {
      return Optional.of(Credentials.basic(user.get(), secret("MLFLOW_TRACKING_PASSWORD")));
    }
    if (value("MLFLOW_TRACKING_TOKEN").isPresent()) {
      return Optional.of(Credentials.bearer(secret("MLFLOW_TRACKING_TOKEN")));
    }
    if (user.isPresent()) {
      throw unset("MLFLOW_TRACKING_USERNAME is set (expected: MLFLOW_TRACKING_PASSWORD too)");
    }
    return Optional.empty();
  }

  /** A user and a password may stand in the address; they move to where they are not shown. */
  private static Credentials within(URI uri) {
    String user = uri.getRawUserInfo();
    if (user == null || !user.contains(":")) {
      return Credentials.none();
    }
    int colon = user.indexOf(':');
    return Credentials.basic(decode(user.substring(0, colon)), decode(user.substring(colon + 1)));
  }

  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** Workspaces of all of Azure's clouds. */
  private static boolean isAzureMl(URI uri) {
    String host = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    String path = uri.getPath() == null ? "" : uri.getPath();
    return path.startsWith("/mlflow/v")
        && (host.endsWith(".api.azureml.ms")
            || host.endsWith(".api.ml.azure.us")
            || host.endsWith(".api.ml.azure.cn"));
  }

  private TrackingServer azureMl(URI uri) {
    if (uri.getHost() == null
        || uri.getRawPath() == null
        || !uri.getRawPath().contains("/workspaces/")) {
      throw refused(
          "an Azure Machine Learning address without a workspace (expected: azureml://REGION.api.azureml.ms/mlflow/v1.0/subscriptions/.../workspaces/NAME)");
    }
    Credentials credentials =
        chosen.orElseGet(
            () ->
                value("MLFLOW_TRACKING_TOKEN").isPresent()
                    ? Credentials.bearer(secret("MLFLOW_TRACKING_TOKEN"))
                    : Credentials.tokens(azure.get(), AZURE_ML_SCOPE));
    URI https = URI.create("https://" + uri.getRawAuthority() + uri.getRawPath());
    return new TrackingServer(https, credentials, TrackingServer.Platform.AZURE_ML);
  }

  private Secret secret(String name) {
    return secret(environment, name, environment.getOrDefault(name, "").strip());
  }

  /** A secret, or the one that a reference names. */
  static Secret secret(Map<String, String> environment, String name, String text) {
    try {
      if (Secrets.isReference(text)) {
        return Secrets.from(environment).resolve(text);
      }
    } catch (HdlException e) {
      throw unset(name + ": " + e.getMessage());
    }
    if (text.chars().anyMatch(c -> c < 0x20)) {
      throw unset(name + ": a value with control characters (expected: the bare secret)");
    }
    return Secret.of(text);
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(environment.get(name)).filter(text -> !text.isBlank());
  }

  /** About the address. */
  static HdlException refused(String why) {
    return unset("tracking: " + why);
  }

  /** About a variable, whose name comes first. */
  private static HdlException unset(String why) {
    return new HdlException(ErrorCode.INVALID_SETTINGS, why);
  }
}
