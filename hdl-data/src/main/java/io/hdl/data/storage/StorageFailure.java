package io.hdl.data.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.TryLaterException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.net.http.HttpTimeoutException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.jspecify.annotations.Nullable;

/**
 * Words what goes wrong between here and the lake: what failed, why, and what to do. 401 is told
 * from 403, a container that is missing from a path that is.
 */
final class StorageFailure {
  /** What a service answered. */
  record Answer(int status, String code, Optional<Duration> retryAfter) {}

  private static final Duration BUSY_PAUSE = Duration.ofSeconds(1);

  private final LakeAddress address;
  private final LakeEndpoint endpoint;
  private final String identity;

  /**
   * Failures at an address.
   *
   * @param identity who asks, for people
   */
  StorageFailure(LakeAddress address, LakeEndpoint endpoint, String identity) {
    this.address = address;
    this.endpoint = endpoint;
    this.identity = identity;
  }

  /**
   * An answer that is no success.
   *
   * @param action what was tried, as in {@code read}
   * @param answer what came
   * @param cause what the library below threw, if any
   */
  HdlException answered(String action, Answer answer, @Nullable Throwable cause) {
    String what = "Cannot " + action + " " + address + ": ";
    String said = answer.status() + (answer.code().isEmpty() ? "" : " " + answer.code());
    String code = answer.code().toLowerCase(Locale.ROOT);
    if (isContainer(answer.code())) {
      return failure(
          ErrorCode.NOT_FOUND,
          what
              + "the account "
              + address.account()
              + " has no container \""
              + address.container()
              + "\". Check the address.",
          cause);
    }
    return switch (answer.status()) {
      case 400 ->
          failure(
              ErrorCode.INVALID_ARGUMENT,
              what + "the service does not understand it (" + said + "). Check the address.",
              cause);
      case 401 ->
          failure(
              ErrorCode.UNAUTHENTICATED,
              what
                  + "the service does not accept the credential ("
                  + said
                  + "; used: "
                  + identity
                  + "). It may be expired or revoked, or be one of another tenant than the"
                  + " account's.",
              cause);
      case 403 -> failure(ErrorCode.PERMISSION_DENIED, what + forbidden(action, said, code), cause);
      case 404 ->
          failure(ErrorCode.NOT_FOUND, what + "it does not exist. Check the address.", cause);
      case 409 ->
          failure(
              ErrorCode.REFUSED_BY_SERVICE,
              what + "it is in conflict with what is there (" + said + ").",
              cause);
      case 412 -> changed(action, cause);
      case 408, 429, 500, 502, 503, 504 ->
          new TryLaterException(
              what + "the service is busy (" + said + "). Try again later.",
              answer
                  .retryAfter()
                  .orElse(
                      answer.status() == 429 || answer.status() == 503
                          ? BUSY_PAUSE
                          : Duration.ZERO),
              cause);
      default ->
          failure(ErrorCode.REFUSED_BY_SERVICE, what + "the service answers " + said + ".", cause);
    };
  }

  /** Whether a service's code says that the container is missing. */
  static boolean isContainer(String code) {
    return code.equalsIgnoreCase("FilesystemNotFound")
        || code.equalsIgnoreCase("ContainerNotFound");
  }

  private String forbidden(String action, String said, String code) {
    if (code.contains("authenticationfailed") || code.contains("accountkey")) {
      return "the service does not accept the signature ("
          + said
          + "; used: "
          + identity
          + "). Check the key and this machine's clock.";
    }
    if (code.contains("network") || code.equals("authorizationfailure")) {
      return "the account's network rules or its settings keep this machine out ("
          + said
          + "; used: "
          + identity
          + "). Add this network or a private endpoint to the account.";
    }
    boolean writes = action.startsWith("publish") || action.startsWith("delete");
    return "permission is missing ("
        + said
        + "; used: "
        + identity
        + "). Give this identity the role "
        + (writes ? "Storage Blob Data Contributor" : "Storage Blob Data Reader")
        + " on the container, or an access control list that allows it.";
  }

  private HdlException changed(String action, @Nullable Throwable cause) {
    return new ObjectChangedException(
        "Cannot "
            + action
            + " "
            + address
            + ": it was replaced meanwhile (412). Read it again from its beginning.",
        cause);
  }

  /** A request without an answer, or a failure of the library that has no answer in it. */
  HdlException broken(String action, Throwable e) {
    String what = "Cannot " + action + " " + address + ": ";
    String host = endpoint.base().getHost();
    if (e instanceof SocketTimeoutException || e instanceof HttpTimeoutException) {
      return failure(
          ErrorCode.UNAVAILABLE,
          what + host + " does not answer in time (" + text(e) + "). Check the network.",
          e);
    }
    if (e instanceof InterruptedIOException || Thread.currentThread().isInterrupted()) {
      return failure(ErrorCode.CANCELLED, what + "the thread was interrupted.", e);
    }
    if (e instanceof UnknownHostException) {
      return failure(
          ErrorCode.UNAVAILABLE,
          what
              + "the name "
              + host
              + " cannot be resolved. Check the account's name, and the DNS of this network where"
              + " the account has a private endpoint.",
          e);
    }
    if (e instanceof ConnectException || e instanceof NoRouteToHostException) {
      return failure(
          ErrorCode.UNAVAILABLE,
          what
              + "no connection to "
              + endpoint.authority()
              + " ("
              + text(e)
              + "). Check the network and the firewall.",
          e);
    }
    if (isUntrusted(e)) {
      return failure(
          ErrorCode.REFUSED_BY_SERVICE,
          what
              + "the certificate of "
              + host
              + " is not trusted ("
              + text(e)
              + "). Check the clock and the JVM's trust store (javax.net.ssl.trustStore).",
          e);
    }
    if (e instanceof FileNotFoundException) {
      return failure(ErrorCode.NOT_FOUND, what + "it does not exist. Check the address.", e);
    }
    if (e instanceof IOException) {
      return failure(ErrorCode.UNAVAILABLE, what + text(e) + ". Check the network.", e);
    }
    return failure(ErrorCode.INTERNAL, what + text(e) + ".", e);
  }

  private static boolean isUntrusted(Throwable e) {
    if (e instanceof SSLHandshakeException) {
      return true;
    }
    if (!(e instanceof SSLException)) {
      return false;
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }

  private static String text(Throwable e) {
    return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
  }

  private static HdlException failure(ErrorCode code, String message, @Nullable Throwable cause) {
    return new HdlException(code, message, cause);
  }
}
