package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.Redaction;
import io.hdl.core.json.Json;
import io.hdl.core.retry.RetryAfter;
import io.hdl.core.retry.TryLaterException;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
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
      TrackingServer server, Call call, HttpResponse<String> response, Instant now) {
    int status = response.statusCode();
    String body = response.body() == null ? "" : response.body();
    if (status >= 200 && status < 300) {
      if (isPage(body)) {
        throw page(server, call, status);
      }
      return body;
    }
    String code = "";
    String text = body.strip();
    if (text.startsWith("{")) {
      try {
        Map<String, Object> error = Json.readObject(text, "an error of " + place(server, call));
        code = String.valueOf(error.getOrDefault("error_code", ""));
        text = String.valueOf(error.getOrDefault("message", text));
      } catch (HdlException e) {
        // Not MLflow's form of an error: its text is shown as it is.
      }
    } else if (text.startsWith("<?xml")) {
      text = text.replaceAll("<[^>]*>", " ").strip(); // as Azure's and Amazon's stores tell errors
    } else if (text.startsWith("<")) {
      text = "an HTML page";
    }
    text = Redaction.text(text);
    if (text.length() > MOST_TEXT) {
      text = text.substring(0, MOST_TEXT) + " ...";
    }
    return fail(server, call, response, code, text, now);
  }

  /** A login page in place of an answer. */
  static ServerException page(TrackingServer server, Call call, int status) {
    return new ServerException(
        ErrorCode.REFUSED_BY_SERVICE,
        "Cannot %s at %s: the answer is an HTML page, perhaps a login page, not MLflow's. Set MLFLOW_TRACKING_URI to the address of MLflow itself and give it credentials."
            .formatted(call.what(), place(server, call)),
        status,
        "");
  }

  /** Pages begin with a tag; the stores' XML and JSON do not. */
  private static boolean isPage(String body) {
    String text = body.stripLeading();
    return text.startsWith("<") && !text.startsWith("<?xml");
  }

  /**
   * Whether an answer is a file. From a server a page is one only if the server says that it is to
   * be kept: else it may be a login page. Stores answer signed addresses with what they hold.
   */
  static boolean isFile(Call call, int status, HttpHeaders headers) {
    boolean page =
        call.identity() == Call.Identity.CREDENTIAL
            && headers
                .firstValue("Content-Type")
                .orElse("")
                .toLowerCase(Locale.ROOT)
                .contains("html")
            && headers.firstValue("Content-Disposition").isEmpty();
    return status / 100 == 2 && !page;
  }

  /** The server, or another host without anything that may be a secret. */
  static String place(TrackingServer server, Call call) {
    URI address = call.address();
    if (address.toString().startsWith(server.base().toString())) {
      return server.toString();
    }
    return address.getScheme()
        + "://"
        + address.getHost()
        + (address.getPort() < 0 ? "" : ":" + address.getPort());
  }

  private static String fail(
      TrackingServer server,
      Call call,
      HttpResponse<String> response,
      String code,
      String text,
      Instant now) {
    int status = response.statusCode();
    String begin =
        "Cannot "
            + call.what()
            + " at "
            + place(server, call)
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
    if (call.identity() == Call.Identity.SIGNED_ADDRESS && (status == 401 || status == 403)) {
      throw new ServerException(
          ErrorCode.PERMISSION_DENIED,
          begin + detail + ". The signed address has expired or gives no right to this.",
          status,
          code);
    }
    switch (Refusal.ofToken(response) ? 401 : status) {
      case 401 ->
          throw new ServerException(
              ErrorCode.UNAUTHENTICATED,
              begin + detail + ". It was shown " + server.credentials() + ". " + whatToShow(server),
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

  private static String whatToShow(TrackingServer server) {
    return switch (server.platform()) {
      case MLFLOW ->
          "Set MLFLOW_TRACKING_TOKEN, or MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, to what this server accepts.";
      case DATABRICKS ->
          "Set DATABRICKS_TOKEN, or DATABRICKS_CLIENT_ID and DATABRICKS_CLIENT_SECRET, to what this workspace accepts.";
      case AZURE_ML -> "See that this identity of Azure has a role in the workspace.";
    };
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
