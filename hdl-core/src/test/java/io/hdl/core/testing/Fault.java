package io.hdl.core.testing;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** What a {@link FaultProxy} does to a request instead of serving it well. */
public sealed interface Fault {
  /** Closes the connection with a reset once the request was read; upstream never sees it. */
  record Reset() implements Fault {}

  /** Lets upstream do its work, then closes with a reset: the client cannot know the outcome. */
  record ResetAfterwards() implements Fault {}

  /** Reads the request and never answers. */
  record Stall() implements Fault {}

  /** Answers in upstream's place. */
  record Answer(int status, Optional<String> header, String body) implements Fault {}

  /** Delivers upstream's answer up to a number of bytes of its body, then closes. */
  record Truncate(int bodyBytes) implements Fault {}

  /** Waits before it hands the request on. */
  record Delay(Duration by) implements Fault {}

  /** A connection reset before anything was done. */
  static Fault reset() {
    return new Reset();
  }

  /** A connection reset after all was done. */
  static Fault resetAfterwards() {
    return new ResetAfterwards();
  }

  /** A server that never answers. */
  static Fault stall() {
    return new Stall();
  }

  /** A status without {@code Retry-After}. */
  static Fault status(int status) {
    return new Answer(status, Optional.empty(), "{\"message\":\"fault\"}");
  }

  /** A status with a {@code Retry-After}: seconds or an HTTP date. */
  static Fault status(int status, String retryAfter) {
    return new Answer(status, Optional.of("Retry-After: " + retryAfter), "{\"message\":\"fault\"}");
  }

  /** A redirect, as of a login page. */
  static Fault redirect(URI location) {
    return new Answer(302, Optional.of("Location: " + location), "");
  }

  /** An answer that ends too early. */
  static Fault truncate(int bodyBytes) {
    return new Truncate(bodyBytes);
  }

  /** A slow network. */
  static Fault delay(Duration by) {
    return new Delay(by);
  }
}
