package io.hdl.data.storage;

import java.net.URI;
import java.util.Map;

/** Puts a credential on requests. Thread-safe. */
@FunctionalInterface
public interface RequestSigner {
  /**
   * The headers that a request needs beside its own: the credential and what goes with it, such as
   * the service's API version.
   *
   * @param method the HTTP method, in capitals
   * @param target where the request goes, over {@code http} or {@code https}
   * @param headers the request's own headers, such as {@code Range} and {@code If-Match}
   * @throws io.hdl.core.error.HdlException with {@code UNAUTHENTICATED} if there is no credential
   */
  Map<String, String> headers(String method, URI target, Map<String, String> headers);

  /**
   * Told when the service answers a signed request with 401; the request is then signed anew and
   * repeated once if this returns true.
   *
   * @param signed the headers that were not accepted, as {@link #headers} gave them
   * @return whether another credential may be had, for instance a fresh token
   */
  default boolean refused(Map<String, String> signed) {
    return false;
  }

  /** Signs nothing: for public objects and mounted stand-ins. */
  static RequestSigner none() {
    return (method, target, headers) -> Map.of();
  }
}
