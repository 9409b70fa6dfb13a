package io.hdl.data.storage;

import java.net.ProtocolException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Status and headers of an answer (RFC 9112, sections 4 and 5).
 *
 * @param status its status code
 * @param headers by name in small letters; of several with one name, the values joined by commas
 */
record HttpHead(int status, Map<String, String> headers) {
  /** Parses everything up to the empty line, that line left out. */
  @SuppressWarnings("StringSplitter") // no empty line at the end is what is wanted
  static HttpHead parse(byte[] bytes) throws ProtocolException {
    String[] lines = new String(bytes, StandardCharsets.ISO_8859_1).split("\r?\n");
    String start = lines[0];
    if (!start.matches("HTTP/1\\.[01] [1-5]\\d\\d( .*)?")) {
      throw new ProtocolException("no HTTP/1.1 answer, but " + shown(start));
    }
    Map<String, String> headers = new HashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon < 1) {
        throw new ProtocolException("no header line, but " + shown(lines[i]));
      }
      headers.merge(
          lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
          lines[i].substring(colon + 1).strip(),
          (one, other) -> one + ", " + other);
    }
    if (start.startsWith("HTTP/1.0")) {
      headers.putIfAbsent("connection", "close");
    }
    return new HttpHead(Integer.parseInt(start.substring(9, 12)), Map.copyOf(headers));
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name));
  }

  boolean chunked() {
    return header("transfer-encoding").map(v -> v.equalsIgnoreCase("chunked")).orElse(false);
  }

  /** How long the body is; empty if only its end tells. */
  OptionalLong contentLength() throws ProtocolException {
    String value = headers.get("content-length");
    if (value == null || headers.containsKey("transfer-encoding")) {
      return OptionalLong.empty();
    }
    if (!value.matches("\\d{1,18}")) {
      throw new ProtocolException("Content-Length: " + shown(value));
    }
    return OptionalLong.of(Long.parseLong(value));
  }

  boolean keepsOpen() {
    return !header("connection").orElse("").toLowerCase(Locale.ROOT).contains("close");
  }

  private static String shown(String text) {
    return '"' + (text.length() <= 80 ? text : text.substring(0, 80) + "...") + '"';
  }
}
