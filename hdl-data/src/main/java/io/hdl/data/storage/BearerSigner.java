package io.hdl.data.storage;

import io.hdl.core.identity.TokenSource;
import java.net.URI;
import java.util.List;
import java.util.Map;

/** Puts a bearer token on requests. Thread-safe if the source is. */
final class BearerSigner implements RequestSigner {
  /** What tokens for storage accounts are asked for, in every cloud. */
  static final List<String> SCOPES = List.of("https://storage.azure.com/.default");

  /** The oldest release of the service that has all that is asked of it. */
  static final String API_VERSION = "2021-12-02";

  private static final String BEARER = "Bearer ";

  private final TokenSource tokens;

  BearerSigner(TokenSource tokens) {
    this.tokens = tokens;
  }

  @Override
  public Map<String, String> headers(String method, URI target, Map<String, String> headers) {
    return Map.of(
        "x-ms-version", API_VERSION, "Authorization", BEARER + tokens.token(SCOPES).value());
  }

  @Override
  public boolean refused(Map<String, String> signed) {
    String value = signed.getOrDefault("Authorization", "");
    if (!value.startsWith(BEARER)) {
      return false;
    }
    tokens.refused(value.substring(BEARER.length()));
    return true;
  }
}
