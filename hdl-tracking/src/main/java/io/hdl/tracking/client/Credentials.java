package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.Secret;
import io.hdl.core.identity.TokenSource;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** What a server is shown to know the caller. Never shows a secret in {@code toString()}. */
public sealed interface Credentials {
  /**
   * The value of the {@code Authorization} header, if there is one.
   *
   * @throws HdlException with {@code UNAUTHENTICATED} if a secret that is fetched when it is needed
   *     cannot be had, with {@code UNAVAILABLE} if whoever keeps it does not answer
   */
  Optional<String> header();

  /**
   * Told when the server refuses a header that {@link #header} gave, so that the next one may be
   * another.
   */
  default void refused(String header) {}

  /** No credential. */
  static Credentials none() {
    return new None();
  }

  /**
   * A bearer token that is at hand.
   *
   * @throws IllegalArgumentException if no header takes it
   */
  static Credentials bearer(String token) {
    if (!isHeaderText(token)) {
      throw new IllegalArgumentException("token: " + noHeaderText());
    }
    return new Bearer(Secret.of(token));
  }

  /** A bearer token that is revealed for each request. */
  static Credentials bearer(Secret token) {
    return new Bearer(token);
  }

  /** A user and a password. */
  static Credentials basic(String user, String password) {
    return new Basic(user, Optional.of(password).filter(text -> !text.isEmpty()).map(Secret::of));
  }

  /** A user and a password that is revealed for each request. */
  static Credentials basic(String user, Secret password) {
    return new Basic(user, Optional.of(password));
  }

  /** Bearer tokens of an identity, renewed as they expire. */
  static Credentials tokens(TokenSource source, String scope) {
    return new Tokens(source.cached(), scope);
  }

  /**
   * Bearer tokens of a source that gives those of one service alone, renewed as they expire.
   *
   * @param source gives them, whatever scope it is asked for
   */
  static Credentials signedIn(TokenSource source) {
    return new SignedIn(source.cached());
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
  record Bearer(Secret token) implements Credentials {
    private static final String PREFIX = "Bearer ";

    @Override
    public Optional<String> header() {
      String text = revealed(token).strip();
      if (!isHeaderText(text)) {
        throw new HdlException(
            ErrorCode.UNAUTHENTICATED,
            "Cannot use " + token + " as a token: it is " + noHeaderText());
      }
      return Optional.of(PREFIX + text);
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
   * @param password the secret; empty for an empty password
   */
  record Basic(String user, Optional<Secret> password) implements Credentials {
    @Override
    public Optional<String> header() {
      byte[] pair =
          (user + ":" + password.map(Credentials::revealed).orElse(""))
              .getBytes(StandardCharsets.UTF_8);
      return Optional.of("Basic " + Base64.getEncoder().encodeToString(pair));
    }

    @Override
    public String toString() {
      return "user " + user + " with a password";
    }
  }

  /**
   * Bearer tokens of an identity.
   *
   * @param source gives them
   * @param scope what they are for
   */
  record Tokens(TokenSource source, String scope) implements Credentials {
    @Override
    public Optional<String> header() {
      return Optional.of(Bearer.PREFIX + source.token(List.of(scope)).value());
    }

    @Override
    public void refused(String header) {
      source.refused(header.substring(Bearer.PREFIX.length()));
    }

    @Override
    public String toString() {
      return "a token of " + source.description();
    }
  }

  /**
   * Bearer tokens of one service.
   *
   * @param source gives them
   */
  record SignedIn(TokenSource source) implements Credentials {
    @Override
    public Optional<String> header() {
      return Optional.of(Bearer.PREFIX + source.token(List.of()).value());
    }

    @Override
    public void refused(String header) {
      source.refused(header.substring(Bearer.PREFIX.length()));
    }

    @Override
    public String toString() {
      return "a token of " + source.description();
    }
  }

  /** A secret that is not there is no credential, not a run or file that the server lacks. */
  private static String revealed(Secret secret) {
    try {
      return secret.reveal();
    } catch (HdlException e) {
      if (e.retryable()) {
        throw e;
      }
      throw new HdlException(ErrorCode.UNAUTHENTICATED, String.valueOf(e.getMessage()), e);
    }
  }

  /** What is said of a token that could break out of a header. */
  private static String noHeaderText() {
    return "blank or with characters that no HTTP header takes (expected: the bare token)";
  }

  private static boolean isHeaderText(String secret) {
    return !secret.isBlank() && secret.chars().allMatch(c -> c > 0x20 && c < 0x7F);
  }
}
