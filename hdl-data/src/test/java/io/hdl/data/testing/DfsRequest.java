package io.hdl.data.testing;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request below {@code /account/container/path}.
 *
 * @param method the method that is meant: {@code X-HTTP-Method-Override} wins
 * @param account first part of the path
 * @param container second part of the path
 * @param path the rest, decoded, without slashes at its ends
 * @param query the query's names and decoded values
 * @param headers the header fields
 * @param body the whole body
 */
@SuppressWarnings("ArrayRecordComponent") // carried, never compared
record DfsRequest(
    String method,
    String account,
    String container,
    String path,
    Map<String, String> query,
    Headers headers,
    byte[] body) {

  static DfsRequest of(HttpExchange exchange) throws IOException {
    String raw = exchange.getRequestURI().getRawPath();
    String[] parts = decoded(raw).replaceFirst("^/+", "").split("/", 3);
    String path = parts.length > 2 ? parts[2].replaceFirst("/+$", "") : "";
    Map<String, String> query = new HashMap<>();
    String rawQuery = exchange.getRequestURI().getRawQuery();
    for (String pair : rawQuery == null ? new String[0] : rawQuery.split("&", -1)) {
      int equals = pair.indexOf('=');
      query.put(
          (equals < 0 ? pair : pair.substring(0, equals)).toLowerCase(Locale.ROOT),
          equals < 0 ? "" : URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    Headers headers = exchange.getRequestHeaders();
    String override = headers.getFirst("X-HTTP-Method-Override");
    return new DfsRequest(
        override == null ? exchange.getRequestMethod() : override,
        parts[0],
        parts.length > 1 ? parts[1] : "",
        path,
        query,
        headers,
        exchange.getRequestBody().readAllBytes());
  }

  String query(String name) {
    return query.getOrDefault(name, "");
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.getFirst(name));
  }

  /** Percent signs alone: a plus is a plus. */
  static String decoded(String rawPath) {
    return URI.create("http://x/" + rawPath.replaceFirst("^/+", "")).getPath();
  }
}
