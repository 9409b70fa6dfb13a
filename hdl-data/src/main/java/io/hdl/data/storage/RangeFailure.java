package io.hdl.data.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryAfter;
import io.hdl.core.retry.TryLaterException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Words what goes wrong with a ranged GET. What a service answers, and what keeps a request from
 * being answered, is worded by the lake's own {@link StorageFailure} where the object lies in it.
 */
final class RangeFailure {
  private final @Nullable Function<URI, StorageFailure> lake;

  RangeFailure(@Nullable Function<URI, StorageFailure> lake) {
    this.lake = lake;
  }

  /** An answer that is no 206. */
  HdlException status(URI object, HttpHead head, String body, long from, long length) {
    int status = head.status();
    String what = "Cannot read " + object + ": ";
    if (status / 100 == 2) {
      return new HdlException(
          ErrorCode.REFUSED_BY_SERVICE,
          what
              + "the server answers a request for a range with "
              + status
              + page(head)
              + ". Is a login page or a proxy in the way?");
    }
    if (status / 100 == 3) {
      return new HdlException(
          ErrorCode.REFUSED_BY_SERVICE,
          what
              + "the server redirects ("
              + status
              + ") to "
              + host(head.header("location").orElse(""))
              + ", and redirects are not followed. Is a login page or a proxy in the way?");
    }
    if (status == 412) {
      return new ObjectChangedException(what + "it is another version now (412).");
    }
    if (status == 416) {
      return new HdlException(
          ErrorCode.CORRUPT_DATA,
          what
              + "it ends before bytes "
              + from
              + "-"
              + (from + length - 1)
              + " (416"
              + head.header("content-range").map(range -> ", " + range).orElse("")
              + "). It is shorter than it was said to be.");
    }
    return lake == null
        ? service(what, head, body)
        : lake.apply(object)
            .answered(
                "read",
                new StorageFailure.Answer(
                    status,
                    head.header("x-ms-error-code").orElse(""),
                    head.header("retry-after").isPresent()
                        ? Optional.of(pause(head))
                        : Optional.empty()),
                null);
  }

  private static HdlException service(String what, HttpHead head, String body) {
    int status = head.status();
    String said =
        what
            + "the service answers "
            + status
            + head.header("x-ms-error-code").map(code -> " " + code).orElse(snippet(body));
    return switch (status) {
      case 401 ->
          new HdlException(
              ErrorCode.UNAUTHENTICATED, said + ". Check the credential; it may have expired.");
      case 403 ->
          new HdlException(
              ErrorCode.PERMISSION_DENIED,
              said + ". Give the identity the role Storage Blob Data Reader.");
      case 404 -> new HdlException(ErrorCode.NOT_FOUND, said + ". Check the address.");
      case 408, 429, 500, 502, 503, 504 -> new TryLaterException(said + ".", pause(head));
      default -> new HdlException(ErrorCode.REFUSED_BY_SERVICE, said + ".");
    };
  }

  /** A request without an answer, or with one that makes no sense. */
  HdlException broken(URI object, URI target, IOException e) {
    String what = "Cannot read " + object + ": ";
    String host = target.getHost();
    if (Thread.currentThread().isInterrupted()) {
      return new HdlException(ErrorCode.CANCELLED, what + "the thread was interrupted.", e);
    }
    if (e instanceof ProtocolException) {
      return new HdlException(
          ErrorCode.UNAVAILABLE,
          what + host + " gave a wrong answer: " + e.getMessage() + ". Is a proxy in the way?",
          e);
    }
    if (lake != null) {
      return lake.apply(object).broken("read", e);
    }
    if (e instanceof UnknownHostException) {
      return new HdlException(
          ErrorCode.UNAVAILABLE,
          what + "the name " + host + " cannot be resolved. Check the account's name and DNS.",
          e);
    }
    if (e instanceof ConnectException) {
      return new HdlException(
          ErrorCode.UNAVAILABLE,
          what + "no connection to " + host + " (" + e.getMessage() + "). Check the network.",
          e);
    }
    if (certificate(e)) {
      return new HdlException(
          ErrorCode.REFUSED_BY_SERVICE,
          what
              + "the certificate of "
              + host
              + " is not trusted ("
              + e.getMessage()
              + "). Check the clock and the JVM's trust store (javax.net.ssl.trustStore).",
          e);
    }
    return new HdlException(ErrorCode.UNAVAILABLE, what + host + ": " + text(e) + ".", e);
  }

  /** A body that breaks off. */
  static HdlException brokeOff(URI object, ContentRange range, long got, IOException e) {
    String what =
        String.format(
            Locale.ROOT,
            "Cannot read %s: the answer broke off after %,d of the %,d bytes from %,d on: ",
            object,
            got,
            range.length(),
            range.from());
    if (Thread.currentThread().isInterrupted()) {
      return new HdlException(ErrorCode.CANCELLED, what + "the thread was interrupted.", e);
    }
    return new HdlException(ErrorCode.UNAVAILABLE, what + text(e) + ".", e);
  }

  private static String text(IOException e) {
    if (e instanceof SocketTimeoutException) {
      return e.getMessage() + " (idle timeout)";
    }
    return Objects.requireNonNullElse(e.getMessage(), e.getClass().getSimpleName());
  }

  private static boolean certificate(IOException e) {
    for (@Nullable Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }

  private static Duration pause(HttpHead head) {
    Optional<Duration> asked =
        head.header("retry-after").flatMap(value -> RetryAfter.parse(value, Instant.now()));
    return asked.orElse(Duration.ZERO);
  }

  private static String page(HttpHead head) {
    return head.header("content-type").map(type -> " and content of type " + type).orElse("");
  }

  /** Where a redirect leads, without its query, which may hold secrets. */
  private static String host(String location) {
    int query = location.indexOf('?');
    return query < 0 ? location : location.substring(0, query);
  }

  private static String snippet(String body) {
    String text = body.strip().replaceAll("\\s+", " ");
    if (text.isEmpty()) {
      return "";
    }
    return " (" + (text.length() <= 200 ? text : text.substring(0, 200) + "...") + ")";
  }
}
