package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.core.retry.RetryAfter;
import io.hdl.core.retry.TryLaterException;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;

/** Tells success from failure, and says what a failure means and what to do about it. */
final class Answers {
  private static final int MOST_TEXT = 400;

  private Answers() {}

  /**
   * The body of a 2xx answer.
   *
   * @throws ServerException for anything else
   */
  static String success(
      TrackingServer server, String what, HttpResponse<String> response, Instant now) {
    int status = response.statusCode();
    String body = response.body() == null ? "" : response.body();
    if (status >= 200 && status < 300) {
      if (body.stripLeading().startsWith("<")) {
        throw new ServerException(
            ErrorCode.REFUSED_BY_SERVICE,
            "Cannot %s at %s: the answer is an HTML page, perhaps a login page, not MLflow's. Set MLFLOW_TRACKING_URI to the address of MLflow itself and give it credentials."
                .formatted(what, server),
            status,
            "");
      }
      return body;
    }
    String code = "";
    String text = body.strip();
    if (text.startsWith("{")) {
      try {
        Map<String, Object> error = Json.readObject(text, "an error of " + server);
        code = String.valueOf(error.getOrDefault("error_code", ""));
        text = String.valueOf(error.getOrDefault("message", text));
      } catch (HdlException e) {
        // Not MLflow's form of an error: its text is shown as it is.
      }
    } else if (text.startsWith("<")) {
      text = "an HTML page";
    }
    if (text.length() > MOST_TEXT) {
      text = text.substring(0, MOST_TEXT) + " ...";
    }
    return fail(server, what, response, status, code, text, now);
  }

  private static String fail(
      TrackingServer server,
      String what,
      HttpResponse<String> response,
      int status,
      String code,
      String text,
      Instant now) {
    String begin =
        "Cannot "
            + what
            + " at "
            + server
            + ": the server answered "
            + status
            + (code.isEmpty() ? "" : " " + code);
    String detail = text.isEmpty() ? "" : " (" + text + ")";
    if (status >= 300 && status < 400) {
      throw new ServerException(
          ErrorCode.REFUSED_BY_SERVICE,
          begin
              + ", a redirect to "
              + location(response)
              + ", which may be a login page. Set MLFLOW_TRACKING_URI to the address of MLflow itself and give it credentials.",
          status,
          code);
    }
    switch (status) {
      case 401 ->
          throw new ServerException(
              ErrorCode.UNAUTHENTICATED,
              begin
                  + detail
                  + ". It was shown "
                  + server.credentials()
                  + ". Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, to what this server accepts.",
              status,
              code);
      case 403 ->
          throw new ServerException(
              ErrorCode.PERMISSION_DENIED,
              begin
                  + detail
                  + ". It was shown "
                  + server.credentials()
                  + ". Ask the server's owner for the right to write to this experiment, or use another one.",
              status,
              code);
      case 429, 503 ->
          throw new TryLaterException(
              begin + detail + ". It is asked again later.", retryAfter(response, now));
      case 408, 425, 500, 502, 504 ->
          throw new ServerException(
              ErrorCode.UNAVAILABLE, begin + detail + ". It is asked again later.", status, code);
      case 404 ->
          throw new ServerException(
              ErrorCode.NOT_FOUND,
              begin
                  + detail
                  + ". Check that MLFLOW_TRACKING_URI is the address of an MLflow server and that the run was not deleted.",
              status,
              code);
      default ->
          throw new ServerException(
              ErrorCode.REFUSED_BY_SERVICE, begin + detail + ".", status, code);
    }
  }

  /** Where a redirect leads, without its query, which may hold a secret. */
  private static String location(HttpResponse<?> response) {
    String location = response.headers().firstValue("Location").orElse("nowhere");
    try {
      URI uri = URI.create(location);
      location =
          (uri.getScheme() == null
                  ? ""
                  : uri.getScheme()
                      + "://"
                      + uri.getHost()
                      + (uri.getPort() < 0 ? "" : ":" + uri.getPort()))
              + uri.getRawPath();
    } catch (IllegalArgumentException e) {
      location = location.replaceFirst("[?#].*", "");
    }
    return location;
  }

  private static Duration retryAfter(HttpResponse<?> response, Instant now) {
    return response
        .headers()
        .firstValue("Retry-After")
        .flatMap(header -> RetryAfter.parse(header, now))
        .orElse(Duration.ZERO);
  }
}
