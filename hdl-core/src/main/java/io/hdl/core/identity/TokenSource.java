package io.hdl.core.identity;

import io.hdl.core.retry.RetryTime;
import java.time.Duration;
import java.util.List;

/** Gets bearer tokens for the services that a job talks to. Thread-safe. */
@FunctionalInterface
public interface TokenSource {
  /**
   * A token that is valid for at least some minutes.
   *
   * @param scopes what the token is for, such as {@code https://storage.azure.com/.default}
   * @throws io.hdl.core.error.HdlException with {@code UNAUTHENTICATED} if there is none to be had,
   *     with {@code UNAVAILABLE} if whoever issues it does not answer
   */
  AccessToken token(List<String> scopes);

  /**
   * Told when a service refuses a token of this source as invalid, so that it is not handed out
   * again, though it has not expired: it may have been revoked.
   *
   * @param value the token's value
   */
  default void refused(String value) {}

  /**
   * Whose tokens these are and why it is these, for messages: {@code managed identity,
   * system-assigned; chosen because AZURE_POD_IDENTITY_AUTHORITY_HOST is set}. Holds no secret.
   */
  default String description() {
    return "a token source of the application's own";
  }

  /**
   * The same tokens out of one cache: fetched anew ahead of their expiry, once however many threads
   * ask, on a thread of its own that nobody waits for while the present token is good. While a
   * renewal fails the present token is served on as long as it is valid, and a warning says so
   * once. No caller waits for more than 90 s, and an expired token is never handed out.
   */
  default TokenSource cached() {
    return new CachedTokens(this, RetryTime.system(), Duration.ofSeconds(90));
  }
}
