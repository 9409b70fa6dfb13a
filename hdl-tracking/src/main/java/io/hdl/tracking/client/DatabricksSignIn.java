package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.AccessToken;
import io.hdl.core.identity.Secret;
import io.hdl.core.identity.TokenSource;
import io.hdl.core.json.Json;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Tokens for an application of a Databricks workspace, by client id and secret (OAuth 2.0, RFC 6749
 * section 4.4, at {@code /oidc/v1/token}). Each is fetched with a client of its own, which ends
 * with the fetch. Thread-safe.
 */
final class DatabricksSignIn implements TokenSource {
  private static final Duration LIMIT = Duration.ofSeconds(30);

  private final URI host;
  private final String client;
  private final Secret secret;

  DatabricksSignIn(URI host, String client, Secret secret) {
    this.host = host;
    this.client = client;
    this.secret = secret;
  }

  @Override
  public AccessToken token(List<String> scopes) {
    TrackingServer asked = new TrackingServer(host, Credentials.basic(client, secret));
    String answer;
    try (Http http = new Http(asked)) {
      answer =
          http.text(
              new Call(
                  "sign in",
                  "POST",
                  asked.endpoint("/oidc/v1/token"),
                  Map.of("Content-Type", "application/x-www-form-urlencoded"),
                  new Call.Text("grant_type=client_credentials&scope=all-apis"),
                  Call.Identity.CREDENTIAL),
              LIMIT);
    } catch (ServerException e) {
      throw e.retryable()
          ? e
          : new HdlException(
              ErrorCode.UNAUTHENTICATED,
              "Cannot sign in to "
                  + host
                  + " as "
                  + description()
                  + ": the workspace refused it ("
                  + e.status()
                  + "). Check DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, and that the service principal is in this workspace.",
              e);
    }
    Map<String, Object> token = Json.readObject(answer, "the token of " + host);
    if (!(token.get("access_token") instanceof String value)
        || !(token.get("expires_in") instanceof Number seconds)) {
      throw new HdlException(
          ErrorCode.UNAUTHENTICATED,
          "Cannot sign in to " + host + ": its answer holds no token. Check DATABRICKS_HOST.");
    }
    return new AccessToken(value, Instant.now().plusSeconds(seconds.longValue()));
  }

  @Override
  public String description() {
    return "service principal " + client + " of Databricks";
  }
}
