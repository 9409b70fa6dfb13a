package io.hdl.core.identity;

import java.time.Instant;

/**
 * A bearer token. Its value never shows in {@link #toString()}.
 *
 * @param value the secret
 * @param expires when it stops being accepted
 */
public record AccessToken(String value, Instant expires) {
  /** Says when the token expires, not what it is. */
  @Override
  public String toString() {
    return "AccessToken[expires=" + expires + "]";
  }
}
