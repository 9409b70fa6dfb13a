package io.hdl.core.identity;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.core.retry.RetryAfter;
import io.hdl.core.retry.TryLaterException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * What HashiCorp Vault answered.
 *
 * @param host whom was asked
 * @param status the HTTP status
 * @param body the JSON text
 * @param retryAfter how long it asks to be left alone
 */
record VaultAnswer(String host, int status, String body, Duration retryAfter) {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private static final class Client {
    /** Never sends a token on to where a redirect points. */
    static final HttpClient HTTP =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  static VaultAnswer get(URI address, Map<String, String> headers, String what) {
    return send(HttpRequest.newBuilder(address).GET(), headers, what);
  }

  static VaultAnswer post(URI address, Map<String, String> headers, String body, String what) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address).POST(HttpRequest.BodyPublishers.ofString(body));
    return send(request, headers, what);
  }

  /** The whole exchange within a limit: a request's own timeout does not cover the body. */
  private static VaultAnswer send(
      HttpRequest.Builder request, Map<String, String> headers, String what) {
    headers.forEach(request::setHeader);
    HttpRequest built = request.build();
    String host = built.uri().getAuthority();
    CompletableFuture<HttpResponse<String>> answer =
        Client.HTTP.sendAsync(built, HttpResponse.BodyHandlers.ofString());
    try {
      HttpResponse<String> response = answer.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      Duration wait =
          response
              .headers()
              .firstValue("Retry-After")
              .flatMap(header -> RetryAfter.parse(header, Instant.now()))
              .orElse(Duration.ZERO);
      return new VaultAnswer(host, response.statusCode(), response.body(), wait);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw unreachable(what, host, "no answer within " + LIMIT.toSeconds() + " s", e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() instanceof IOException io ? io : e;
      String why = cause.getMessage() == null ? "connection refused" : cause.getMessage();
      throw unreachable(what, host, why, cause);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new HdlException(
          ErrorCode.CANCELLED, "Cannot " + what + ": the thread was interrupted.", e);
    }
  }

  private static HdlException unreachable(String what, String host, String why, Throwable cause) {
    return new HdlException(
        ErrorCode.UNAVAILABLE,
        "Cannot " + what + ": " + host + " does not answer (" + why + ").",
        cause);
  }

  /** Throws unless it is a success. */
  void requireSuccess(String what, String advice) {
    if (status == 403 || status == 401) {
      throw new HdlException(ErrorCode.PERMISSION_DENIED, refused(what) + " " + advice);
    }
    requireLogin(what, advice);
  }

  /** Throws unless it is a success; of a login any refusal means that the caller is not known. */
  void requireLogin(String what, String advice) {
    if (status == 429 || status == 412 || status >= 500) {
      // 503 is a sealed Vault, 429 a standby or a quota, 412 a replica that lags.
      throw new TryLaterException(refused(what), retryAfter);
    }
    if (status < 200 || status > 299) {
      ErrorCode code =
          status == 400 || status == 401 || status == 403
              ? ErrorCode.UNAUTHENTICATED
              : ErrorCode.REFUSED_BY_SERVICE;
      throw new HdlException(code, refused(what) + " " + advice);
    }
  }

  private String refused(String what) {
    String errors = "";
    try {
      Object told = Json.readObject(body, "the answer").get("errors");
      errors = told == null ? "" : " " + Redaction.text(String.valueOf(told));
    } catch (HdlException notJson) {
      // The status alone has to do.
    }
    return "Cannot " + what + ": " + host + " answers " + status + errors + ".";
  }

  /** An object in the answer. */
  Map<String, Object> object(String field, String what) {
    try {
      return object(Json.readObject(body, "the answer of " + host), field, what);
    } catch (HdlException e) {
      // Without its cause: the parser quotes what it read.
      throw malformed(field, what);
    }
  }

  /** An object within an object. */
  static Map<String, Object> object(Map<String, Object> parent, String field, String what) {
    if (!(parent.get(field) instanceof Map<?, ?> found)) {
      throw malformed(field, what);
    }
    Map<String, Object> copy = new LinkedHashMap<>();
    found.forEach((key, value) -> copy.put(String.valueOf(key), value));
    return copy;
  }

  private static HdlException malformed(String field, String what) {
    return new HdlException(
        ErrorCode.REFUSED_BY_SERVICE,
        "Cannot "
            + what
            + ": the answer has no object \""
            + field
            + "\". See that this is a key-value engine of version 2.");
  }

  /** Says the status, never the body. */
  @Override
  public String toString() {
    return "VaultAnswer[" + host + ", " + status + "]";
  }
}
