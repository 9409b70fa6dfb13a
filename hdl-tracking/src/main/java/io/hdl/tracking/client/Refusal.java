package io.hdl.tracking.client;

import java.net.http.HttpHeaders;
import java.net.http.HttpResponse;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Tells a token that is worth nothing (any more) from a right that is missing. MLflow's own
 * answers, and those that workspaces and gateways are known to give: 401; 403 with "Invalid access
 * token" or "Token is expiring within 30 seconds. (token expired)"; 400 with {@code
 * ExpiredJwtException}.
 */
final class Refusal {
  private static final int MOST_TEXT = 4000;
  private static final Pattern TOKEN =
      Pattern.compile(
          "\\b(token|jwt|credentials?)\\b[^.\\n]{0,40}\\b(expired|expiring|invalid|not valid)\\b"
              + "|\\b(expired|invalid)\\b[^.\\n]{0,20}\\b(token|jwt|credentials?)\\b");

  private Refusal() {}

  /** Whether an answer says that another token would do. */
  static boolean ofToken(HttpResponse<String> response) {
    return switch (response.statusCode()) {
      case 401 -> true;
      case 403 -> named(response.headers()) || TOKEN.matcher(text(response)).find();
      // MLflow's own 400s repeat values that users log: this word alone is taken for it.
      case 400 -> text(response).contains("expiredjwt");
      default -> false;
    };
  }

  private static boolean named(HttpHeaders headers) {
    return headers.allValues("WWW-Authenticate").stream()
        .anyMatch(value -> value.contains("invalid_token"));
  }

  private static String text(HttpResponse<String> response) {
    String body = response.body() == null ? "" : response.body();
    return body.substring(0, Math.min(MOST_TEXT, body.length())).toLowerCase(Locale.ROOT);
  }
}
