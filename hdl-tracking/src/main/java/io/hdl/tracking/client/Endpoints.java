package io.hdl.tracking.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.mlflow_project.google.protobuf.Message;

/** Messages to and from the endpoints below {@code /api/2.0/mlflow/}. Thread-safe. */
final class Endpoints {
  private final Http http;

  Endpoints(Http http) {
    this.http = http;
  }

  Http http() {
    return http;
  }

  /** Sends a message and reads the answer. */
  <B extends Message.Builder> B post(
      String what, String endpoint, Message request, B answer, Duration limit) {
    String json = http.post(what, endpoint, Messages.print(request), limit);
    return Messages.parse(http.server(), json, answer);
  }

  /** Sends a message whose answer says nothing. */
  void post(String what, String endpoint, Message request, Duration limit) {
    http.post(what, endpoint, Messages.print(request), limit);
  }

  /** Asks with parameters in the address, made by {@link #query}. */
  <B extends Message.Builder> B get(String what, String endpoint, B answer, Duration limit) {
    return Messages.parse(http.server(), http.get(what, endpoint, limit), answer);
  }

  /** A parameter of an address. */
  static String query(String name, String value) {
    return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
