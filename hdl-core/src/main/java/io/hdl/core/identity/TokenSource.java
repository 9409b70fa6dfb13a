package io.hdl.core.identity;

import java.util.List;

/** Gets bearer tokens for the services that a job talks to. Thread-safe. */
@FunctionalInterface
public interface TokenSource {
  /**
   * A token that is valid for at least some minutes.
   *
   * @param scopes what the token is for, such as {@code https://storage.azure.com/.default}
   * @throws io.hdl.core.error.HdlException with {@code UNAUTHENTICATED} if there is none to be had
   */
  AccessToken token(List<String> scopes);
}
