package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import java.net.URLEncoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.mlflow_project.google.protobuf.Message;

/**
 * Messages to and from the endpoints below {@code /api/2.0/mlflow/}. An answer that is no JSON
 * object is no success. Thread-safe.
 */
final class Endpoints {
  private static final String BELOW = "/api/2.0/mlflow/";

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
    return send("POST", what, endpoint, request, answer, limit);
  }

  /** The same with another method. */
  <B extends Message.Builder> B send(
      String method, String what, String endpoint, Message request, B answer, Duration limit) {
    String json = send(method, what, endpoint, Messages.print(request), limit);
    return Messages.parse(http.server(), json, answer);
  }

  /** Sends a message whose answer says nothing. */
  void post(String what, String endpoint, Message request, Duration limit) {
    send("POST", what, endpoint, request, limit);
  }

  /** The same for a message in JSON, in UTF-8. */
  void post(String what, String endpoint, ByteBuffer utf8, Duration limit) {
    Call call = Call.json(what, "POST", http.server().endpoint(BELOW + endpoint), utf8);
    Map<String, Object> unused = object(http.text(call, limit));
  }

  /** The same with another method. */
  void send(String method, String what, String endpoint, Message request, Duration limit) {
    Map<String, Object> unused =
        object(send(method, what, endpoint, Messages.print(request), limit));
  }

  /** Sends JSON that mlflow-client has no message for, and reads the answer. */
  Map<String, Object> sendJson(
      String method, String what, String endpoint, Map<String, Object> request, Duration limit) {
    return object(send(method, what, endpoint, Json.write(request), limit));
  }

  /** The same where mlflow-client's message lacks a field of the request alone. */
  <B extends Message.Builder> B postJson(
      String what, String endpoint, Map<String, Object> request, B answer, Duration limit) {
    return Messages.parse(
        http.server(), send("POST", what, endpoint, Json.write(request), limit), answer);
  }

  /** Tags and params as MLflow's JSON has them. */
  static List<Map<String, String>> pairs(Map<String, String> pairs) {
    return pairs.entrySet().stream()
        .map(pair -> Map.of("key", pair.getKey(), "value", pair.getValue()))
        .toList();
  }

  /** Asks with parameters in the address, made by {@link #query}. */
  <B extends Message.Builder> B get(String what, String endpoint, B answer, Duration limit) {
    return Messages.parse(http.server(), getText(what, endpoint, limit), answer);
  }

  /** The same for answers that mlflow-client has no message for. */
  Map<String, Object> getJson(String what, String endpoint, Duration limit) {
    return object(getText(what, endpoint, limit));
  }

  private String getText(String what, String endpoint, Duration limit) {
    return http.text(Call.get(what, http.server().endpoint(BELOW + endpoint)), limit);
  }

  private String send(String method, String what, String endpoint, String json, Duration limit) {
    return http.text(
        Call.json(what, method, http.server().endpoint(BELOW + endpoint), json), limit);
  }

  private Map<String, Object> object(String json) {
    if (json.stripLeading().startsWith("{")) {
      try {
        return Json.readObject(json, "the answer of " + http.server());
      } catch (HdlException e) {
        throw noObject(e);
      }
    }
    throw noObject(null);
  }

  private HdlException noObject(@Nullable HdlException cause) {
    return new HdlException(
        ErrorCode.REFUSED_BY_SERVICE,
        "The answer of %s is not MLflow's: no JSON object. Check that MLFLOW_TRACKING_URI is the address of an MLflow server, with the path under which it is served."
            .formatted(http.server()),
        cause);
  }

  /** What a call gives, or nothing where the server says that it does not exist. */
  static <T> Optional<T> ifPresent(Supplier<T> call) {
    try {
      return Optional.of(call.get());
    } catch (ServerException e) {
      if (e.isAbsence()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /** A parameter of an address. */
  static String query(String name, String value) {
    return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
