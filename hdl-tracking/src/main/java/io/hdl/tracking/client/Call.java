package io.hdl.tracking.client;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One request.
 *
 * @param what what it does, for messages: {@code search runs}
 * @param method GET, POST, ...
 * @param address where to; only scheme, host and path are ever shown
 * @param headers those that are set beside the credential's
 * @param body what is sent
 * @param identity whether the server's credential goes along
 */
record Call(
    String what,
    String method,
    URI address,
    Map<String, String> headers,
    Body body,
    Identity identity) {
  /** Who vouches for the caller. */
  enum Identity {
    /** The server's credential, if the address is on its host. */
    CREDENTIAL,
    /**
     * The address is signed itself: a credential beside it would be refused, and is nobody's
     * business.
     */
    SIGNED_ADDRESS
  }

  /** What a request carries. */
  sealed interface Body {}

  /** Nothing. */
  record Empty() implements Body {}

  /** A text, JSON or else. */
  record Text(String text) implements Body {}

  /** A text as it goes over the wire, such as JSON in UTF-8. */
  record Encoded(ByteBuffer bytes) implements Body {}

  /** A part of a file. */
  record Part(Path file, long offset, long length) implements Body {}

  Call {
    headers = Map.copyOf(headers);
  }

  /** A request for a text. */
  static Call get(String what, URI address) {
    return new Call(what, "GET", address, Map.of(), new Empty(), Identity.CREDENTIAL)
        .with("Accept", "application/json");
  }

  /** A request that sends JSON and gets JSON. */
  static Call json(String what, String method, URI address, String json) {
    return json(what, method, address, new Text(json));
  }

  /** The same, encoded already. */
  static Call json(String what, String method, URI address, ByteBuffer utf8) {
    return json(what, method, address, new Encoded(utf8));
  }

  private static Call json(String what, String method, URI address, Body json) {
    return new Call(what, method, address, Map.of(), json, Identity.CREDENTIAL)
        .with("Accept", "application/json")
        .with("Content-Type", "application/json");
  }

  /** A request that sends a part of a file. */
  static Call put(String what, URI address, Part part, Identity identity) {
    return new Call(what, "PUT", address, Map.of(), part, identity);
  }

  /** The same with one more header; the first value of a name stays. */
  Call with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.putIfAbsent(name, value);
    return new Call(what, method, address, more, body, identity);
  }

  /** The same with more headers. */
  Call with(Map<String, String> others) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.putAll(others);
    return new Call(what, method, address, more, body, identity);
  }
}
