package io.hdl.tracking.client;

import io.hdl.core.identity.AzureCredentials;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A tracking server and how it is spoken to. Immutable.
 *
 * @param base address without user, query and trailing slash
 * @param credentials what it is shown
 * @param platform whose server it is
 */
public record TrackingServer(URI base, Credentials credentials, Platform platform) {
  /** Whose server it is. */
  public enum Platform {
    /** MLflow's own. */
    MLFLOW,
    /** A Databricks workspace. */
    DATABRICKS,
    /** An Azure Machine Learning workspace. */
    AZURE_ML
  }

  /** Brings the address into its plain form. */
  public TrackingServer {
    String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
    if (base.getHost() == null || !("http".equals(scheme) || "https".equals(scheme))) {
      throw new IllegalArgumentException(
          "tracking server: an address of scheme \""
              + scheme
              + "\" (expected: http://host:port or https://host:port)");
    }
    try {
      String path = base.getRawPath() == null ? "" : base.getRawPath().replaceFirst("/+$", "");
      base =
          new URI(
              scheme
                  + "://"
                  + new URI(null, null, base.getHost(), base.getPort(), null, null, null)
                      .getRawAuthority()
                  + path);
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("tracking server: no proper address", e);
    }
  }

  /** A server of MLflow's own. */
  public TrackingServer(URI base, Credentials credentials) {
    this(base, credentials, Platform.MLFLOW);
  }

  /**
   * The server that an address means, with the credential that the environment shows. Reads the
   * Databricks configuration file where the address names or needs it, and nothing else; no
   * credential is fetched before the first request.
   *
   * <ul>
   *   <li>{@code http://host:port}, {@code https://host/path}: {@code MLFLOW_TRACKING_USERNAME}
   *       with {@code MLFLOW_TRACKING_PASSWORD}, else {@code MLFLOW_TRACKING_TOKEN}, else {@code
   *       user:password@} in the address, else none;
   *   <li>{@code databricks}: {@code DATABRICKS_HOST} and what goes with it, else the profile
   *       {@code DATABRICKS_CONFIG_PROFILE} or {@code DEFAULT}; {@code databricks://profile}: that
   *       profile of {@code DATABRICKS_CONFIG_FILE} or {@code ~/.databrickscfg}. Of its credentials
   *       the first of these, or the one that {@code DATABRICKS_AUTH_TYPE} names: token; client id
   *       and secret (OAuth, machine to machine); user and password; an application of Microsoft
   *       Entra ID ({@code ARM_TENANT_ID}, {@code ARM_CLIENT_ID}, {@code ARM_CLIENT_SECRET}); for a
   *       workspace of Azure the identity that {@link AzureCredentials#fromEnvironment} finds;
   *   <li>{@code azureml://REGION.api.azureml.ms/mlflow/v1.0/subscriptions/...}, with {@code
   *       https:} as well: {@code MLFLOW_TRACKING_TOKEN}, else that identity of Azure.
   * </ul>
   *
   * <p>Passwords, tokens and secrets may be references such as {@code secret://mlflow-token}.
   *
   * @throws io.hdl.core.error.HdlException with {@code INVALID_SETTINGS} if the address cannot be
   *     used or a credential is missing; the message holds no secret
   */
  public static TrackingServer of(String uri, Map<String, String> environment) {
    return new ServerAddress(environment, AzureCredentials::fromEnvironment).server(uri);
  }

  /**
   * The server that an address means, shown a credential of choice instead of the environment's;
   * see {@link #of(String, Map)}.
   */
  public static TrackingServer of(String uri, Map<String, String> environment, Credentials shown) {
    return new ServerAddress(environment, AzureCredentials::fromEnvironment, Optional.of(shown))
        .server(uri);
  }

  /** The page that shows a run to people. */
  public String link(String experimentId, String runId) {
    return switch (platform) {
      case MLFLOW -> base + "/#/experiments/" + experimentId + "/runs/" + runId;
      case DATABRICKS -> base + "/ml/experiments/" + experimentId + "/runs/" + runId;
      case AZURE_ML -> {
        int workspace = base.getRawPath().indexOf("/subscriptions/");
        yield "https://ml.azure.com/runs/"
            + runId
            + (workspace < 0 ? "" : "?wsid=" + base.getRawPath().substring(workspace));
      }
    };
  }

  /**
   * Whether experiments are notes in the folders of a workspace, named by their absolute path such
   * as {@code /Shared/demand}: Databricks, also where only its host tells so.
   */
  public boolean namesExperimentsByPath() {
    String host = base.getHost().toLowerCase(Locale.ROOT);
    return platform == Platform.DATABRICKS
        || host.endsWith(".databricks.com")
        || DatabricksAddress.AZURE_HOSTS.stream().anyMatch(host::endsWith);
  }

  /** The address of an endpoint; the path begins with a slash and is encoded already. */
  URI endpoint(String path) {
    return URI.create(base + path);
  }

  /** Encodes one segment of a path. */
  static String encode(String segment) {
    return URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /** The address alone. */
  @Override
  public String toString() {
    return base.toString();
  }
}
