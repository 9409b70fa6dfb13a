package io.hdl.core.testing;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * One HTTP/1.1 request.
 *
 * @param startLine method, target and version
 * @param headers header lines
 * @param body its bytes, one character each (ISO 8859-1), chunk framing included
 */
record HttpMessage(String startLine, List<String> headers, String body) {
  private static final int LONGEST_LINE = 65_536;
  private static final Set<String> PER_CONNECTION =
      Set.of("connection", "upgrade", "http2-settings", "expect", "keep-alive");

  /** Reads a request; empty if the client closed before it began one. */
  static Optional<HttpMessage> read(InputStream in, Runnable beforeBody) throws IOException {
    String start = line(in);
    if (start.isEmpty()) {
      return Optional.empty();
    }
    List<String> headers = new ArrayList<>();
    for (String header = line(in); !header.isEmpty(); header = line(in)) {
      headers.add(header);
    }
    HttpMessage head = new HttpMessage(start, headers, "");
    if (head.header("expect").isPresent()) {
      beforeBody.run();
    }
    if (head.header("transfer-encoding").map(v -> v.contains("chunked")).orElse(false)) {
      return Optional.of(new HttpMessage(start, headers, text(chunks(in))));
    }
    int length = head.header("content-length").map(Integer::parseInt).orElse(0);
    byte[] body = in.readNBytes(length);
    if (body.length < length) {
      throw new EOFException("the request ends after " + body.length + " of " + length + " bytes");
    }
    return Optional.of(new HttpMessage(start, headers, text(body)));
  }

  /** The same request with a header replaced, or left out if there is no value. */
  HttpMessage with(String name, Optional<String> value) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    List<String> changed = new ArrayList<>();
    for (String header : headers) {
      if (!header.toLowerCase(Locale.ROOT).startsWith(prefix)) {
        changed.add(header);
      }
    }
    value.ifPresent(text -> changed.add(name + ": " + text));
    return new HttpMessage(startLine, changed, body);
  }

  Optional<String> header(String name) {
    String prefix = name.toLowerCase(Locale.ROOT) + ":";
    return headers.stream()
        .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(prefix))
        .map(header -> header.substring(prefix.length()).strip())
        .findFirst();
  }

  /** The request for a connection of its own: no upgrade, no keeping alive. */
  byte[] forOneConnection() {
    StringBuilder head = new StringBuilder(startLine).append("\r\n");
    for (String header : headers) {
      if (!isAboutTheConnection(header)) {
        head.append(header).append("\r\n");
      }
    }
    head.append("Connection: close\r\n\r\n");
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(head.toString().getBytes(StandardCharsets.ISO_8859_1));
    bytes.writeBytes(body.getBytes(StandardCharsets.ISO_8859_1));
    return bytes.toByteArray();
  }

  /** Whether a header line is about one connection alone, so that a proxy must not pass it on. */
  static boolean isAboutTheConnection(String header) {
    String name = header.substring(0, Math.max(0, header.indexOf(':'))).toLowerCase(Locale.ROOT);
    return PER_CONNECTION.contains(name);
  }

  /** A line without its end; empty at the end of the stream. */
  static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
      line.write(b);
      if (line.size() > LONGEST_LINE) {
        throw new IOException("a header line of more than " + LONGEST_LINE + " bytes");
      }
    }
    String text = line.toString(StandardCharsets.ISO_8859_1);
    return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** A chunked body with its framing. */
  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream raw = new ByteArrayOutputStream();
    while (true) {
      String sizeLine = line(in);
      raw.writeBytes((sizeLine + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      int size = Integer.parseInt(sizeLine.split(";", 2)[0].strip(), 16);
      raw.writeBytes(in.readNBytes(size));
      String end = line(in);
      raw.writeBytes((end + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
      if (size == 0) {
        return raw.toByteArray();
      }
    }
  }
}
