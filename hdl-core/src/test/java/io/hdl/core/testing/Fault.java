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
  record Answer(int status, Optional<String> header, String type, String body) implements Fault {
    /** An answer in JSON, as from a service. */
    public Answer(int status, Optional<String> header, String body) {
      this(status, header, "application/json", body);
    }
  }

  /** Delivers upstream's answer up to a number of bytes of its body, then closes. */
  record Truncate(int bodyBytes) implements Fault {}

  /** Waits before it hands the request on. */
  record Delay(Duration by) implements Fault {}

  /** Closes the connection in good order once the request was read, without an answer. */
  record Fin() implements Fault {}

  /** Delivers upstream's answer up to a number of bytes of its body, then resets. */
  record ResetWithin(int bodyBytes) implements Fault {}

  /** Delivers upstream's answer up to a number of bytes of its body, then nothing more. */
  record StallWithin(int bodyBytes) implements Fault {}

  /** Delivers the body of upstream's answer at a pace. */
  record Slow(int bytesPerSecond) implements Fault {}

  /** Asks upstream for a range that lies elsewhere, and says so in the answer. */
  record OtherRange(long shift) implements Fault {}

  /** Asks upstream for everything instead of a range. */
  record IgnoredRange() implements Fault {}

  /** Gives the answer another {@code ETag}. */
  record ChangedEtag(String etag) implements Fault {}

  /** Drops {@code Content-Length} and closes after a number of bytes of the body. */
  record TruncateWithoutLength(int bodyBytes) implements Fault {}

  /** Appends bytes to the body, and to what {@code Content-Length} says. */
  record Longer(int bytes) implements Fault {}

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

  /** A connection that ends without an answer, without a reset. */
  static Fault fin() {
    return new Fin();
  }

  /** A page of HTML, as of a login or of a captive portal. */
  static Fault page(int status, String html) {
    return new Answer(status, Optional.empty(), "text/html", html);
  }

  /** An answer that breaks with a reset. */
  static Fault resetWithin(int bodyBytes) {
    return new ResetWithin(bodyBytes);
  }

  /** An answer that stops coming, the connection left open. */
  static Fault stallWithin(int bodyBytes) {
    return new StallWithin(bodyBytes);
  }

  /** A narrow link. */
  static Fault slow(int bytesPerSecond) {
    return new Slow(bytesPerSecond);
  }

  /** An answer with another range than was asked for. */
  static Fault otherRange(long shift) {
    return new OtherRange(shift);
  }

  /** A server or cache that knows no ranges: 200 and the whole object. */
  static Fault ignoredRange() {
    return new IgnoredRange();
  }

  /** An object that changed. */
  static Fault changedEtag(String etag) {
    return new ChangedEtag(etag);
  }

  /** An answer that ends too early without any sign of it. */
  static Fault truncateWithoutLength(int bodyBytes) {
    return new TruncateWithoutLength(bodyBytes);
  }

  /** An answer with more bytes than it should have. */
  static Fault longer(int bytes) {
    return new Longer(bytes);
  }

  /** A slow network. */
  static Fault delay(Duration by) {
    return new Delay(by);
  }
}
