package io.hdl.tracking.client;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** What a server is shown to know the caller. Never shows a secret in {@code toString()}. */
public sealed interface Credentials {
  /** The value of the {@code Authorization} header, if there is one. */
  Optional<String> header();

  /** No credential. */
  static Credentials none() {
    return new None();
  }

  /** A bearer token. */
  static Credentials bearer(String token) {
    return new Bearer(token);
  }

  /** A user and a password. */
  static Credentials basic(String user, String password) {
    return new Basic(user, password);
  }

  /** No credential. */
  record None() implements Credentials {
    @Override
    public Optional<String> header() {
      return Optional.empty();
    }

    @Override
    public String toString() {
      return "no credential";
    }
  }

  /**
   * A bearer token.
   *
   * @param token the secret
   */
  record Bearer(String token) implements Credentials {
    /** Refuses what could break out of a header. */
    public Bearer {
      requireHeaderText("token", token);
    }

    @Override
    public Optional<String> header() {
      return Optional.of("Bearer " + token);
    }

    @Override
    public String toString() {
      return "a bearer token";
    }
  }

  /**
   * A user and a password.
   *
   * @param user the name, which may be shown
   * @param password the secret
   */
  record Basic(String user, String password) implements Credentials {
    @Override
    public Optional<String> header() {
      byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }

    @Override
    public String toString() {
      return "user " + user + " with a password";
    }
  }

  private static void requireHeaderText(String name, String secret) {
    if (secret.isBlank() || !secret.chars().allMatch(c -> c > 0x20 && c < 0x7F)) {
      throw new IllegalArgumentException(
          name + ": blank or with characters that no HTTP header takes (expected: the bare token)");
    }
  }
}
