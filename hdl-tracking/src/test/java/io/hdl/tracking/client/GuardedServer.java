package io.hdl.tracking.client;

import io.hdl.core.testing.LoopbackHttp;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * A real MLflow server behind a gateway that wants a bearer token, as workspaces of the clouds have
 * it: under a path of its own, with tokens by {@code /oidc/v1/token} that can be revoked. Plain
 * HTTP; for JSON alone.
 */
public final class GuardedServer implements AutoCloseable {
  private final LoopbackHttp http;
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI upstream;
  private final String path;
  private final AtomicInteger issued = new AtomicInteger();
  private final LoopbackHttp.Answer refusal;

  /** A gateway before a server, at a path that begins with a slash or is empty. */
  public GuardedServer(URI upstream, String path) {
    this(upstream, path, 401, "who are you?");
  }

  /** The same with another answer to tokens that it does not know (any more). */
  public GuardedServer(URI upstream, String path, int status, String message) {
    this.upstream = upstream;
    this.path = path;
    this.refusal = LoopbackHttp.Answer.json(status, "{\"message\":\"" + message + "\"}");
    http = LoopbackHttp.serving(this::answer);
  }

  /** The address with its path. */
  public URI uri() {
    return URI.create(http.uri() + path);
  }

  /** The gateway's address alone. */
  URI host() {
    return http.uri();
  }

  /** How many tokens were given out. */
  int issued() {
    return issued.get();
  }

  /** Gives out a token; those before it are good for nothing any more. */
  public String issue() {
    return "token-" + issued.incrementAndGet();
  }

  private LoopbackHttp.Answer answer(LoopbackHttp.Asked asked)
      throws IOException, InterruptedException {
    String shown = asked.header("authorization").orElse("");
    if (asked.path().equals("/oidc/v1/token")) {
      return shown.equals("Basic YXBwOnMzY3JldC1vZi1hcHA=")
          ? LoopbackHttp.Answer.json(
              200,
              "{\"access_token\":\""
                  + issue()
                  + "\",\"token_type\":\"Bearer\",\"expires_in\":3600}")
          : LoopbackHttp.Answer.json(401, "{\"error\":\"invalid_client\"}");
    }
    if (!shown.equals("Bearer token-" + issued.get())) {
      return refusal;
    }
    if (!asked.path().startsWith(path + "/api/2.0/mlflow/")) {
      return LoopbackHttp.Answer.json(404, "{\"error_code\":\"ENDPOINT_NOT_FOUND\"}");
    }
    String query =
        asked.query().entrySet().stream()
            .map(
                entry ->
                    entry.getKey()
                        + "="
                        + URLEncoder.encode(entry.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    HttpResponse<String> response =
        client.send(
            HttpRequest.newBuilder(
                    URI.create(upstream + asked.path().substring(path.length()) + "?" + query))
                .header("Content-Type", "application/json")
                .method(asked.method(), HttpRequest.BodyPublishers.ofString(asked.body()))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return LoopbackHttp.Answer.json(response.statusCode(), response.body());
  }

  @Override
  public void close() {
    http.close();
  }
}
