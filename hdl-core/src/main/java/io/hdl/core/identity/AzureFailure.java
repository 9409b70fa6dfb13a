package io.hdl.core.identity;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryAfter;
import io.hdl.core.retry.TryLaterException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Failures of the Azure libraries in hdl's words. */
final class AzureFailure {
  private static final int LONGEST = 300;
  private static final Pattern CODE = Pattern.compile("AADSTS\\d+");

  /** Microsoft Entra ID's codes that a user can do something about. */
  private static final Map<String, String> ADVICE =
      Map.of(
          "AADSTS7000215", "Use the secret's value, not its id, of this very application.",
          "AADSTS7000222",
              "The client secret has expired: make a new one, or use an identity without secrets.",
          "AADSTS700016", "Check the client id and the tenant.",
          "AADSTS90002", "Check the tenant id.",
          "AADSTS900023", "Check the tenant id.",
          "AADSTS700027", "Register this certificate with the application, or use the one that is.",
          "AADSTS700024",
              "The federated token is outside its validity: check this machine's clock and who renews the token file.",
          "AADSTS70021",
              "Add a federated credential with this issuer and subject to the application.",
          "AADSTS700213", "Add a federated credential with this subject to the application.");

  private AzureFailure() {}

  /** Whether a call may succeed when it is repeated, judging by the last answer. */
  private static boolean passing(int status) {
    return status == 408 || status == 429 || status >= 500;
  }

  /**
   * A failure of a call.
   *
   * @param what what could not be done, after "Cannot"
   * @param advice what to do if the service names nothing better
   * @param e what the library threw
   */
  static HdlException of(String what, String advice, ObservedHttp http, RuntimeException e) {
    return of(what, advice, http, e, false);
  }

  /** The same of a call to an endpoint of this machine, which says 404 and 410 while renewed. */
  static HdlException ofLocal(String what, String advice, ObservedHttp http, RuntimeException e) {
    return of(what, advice, http, e, true);
  }

  private static HdlException of(
      String what, String advice, ObservedHttp http, RuntimeException e, boolean local) {
    Optional<ObservedHttp.Outcome> last = http.last();
    if (last.isPresent() && last.get().failure().isPresent()) {
      return unreachable(what, last.get().host(), last.get().failure().get(), e);
    }
    Optional<Integer> status = last.flatMap(ObservedHttp.Outcome::status);
    boolean renewed = local && status.filter(s -> s == 404 || s == 410).isPresent();
    if (status.isPresent() && (renewed || passing(status.get()))) {
      return later(what, last.get(), status.get(), e);
    }
    String told = told(e);
    String at =
        status.isPresent() && status.get() >= 400
            ? last.get().host() + " answers " + status.get() + ": "
            : "";
    ErrorCode code =
        status.isPresent() && status.get() == 403
            ? ErrorCode.PERMISSION_DENIED
            : ErrorCode.UNAUTHENTICATED;
    return new HdlException(
        code, "Cannot " + what + ": " + at + told + " " + adviceFor(e, advice), e);
  }

  /** A service that asks to be left alone for a while. */
  static TryLaterException later(
      String what, ObservedHttp.Outcome outcome, int status, @Nullable RuntimeException e) {
    Duration wait =
        outcome
            .retryAfter()
            .flatMap(header -> RetryAfter.parse(header, Instant.now()))
            .orElse(Duration.ZERO);
    return new TryLaterException(
        "Cannot " + what + ": " + outcome.host() + " answers " + status + ".", wait, e);
  }

  private static HdlException unreachable(
      String what, String host, Throwable failure, RuntimeException e) {
    Throwable root = root(failure);
    String why;
    if (has(failure, UnknownHostException.class)
        || has(failure, UnresolvedAddressException.class)) {
      why = "no such host in DNS";
    } else if (has(failure, SSLException.class)) {
      why = "TLS failed: " + root.getMessage();
    } else {
      why =
          root.getMessage() == null || root.getMessage().isBlank()
              ? root.getClass().getSimpleName()
              : root.getMessage();
    }
    return new HdlException(
        ErrorCode.UNAVAILABLE,
        "Cannot "
            + what
            + ": "
            + host
            + " does not answer ("
            + shortened(why)
            + "). Check network, proxy and firewall.",
        e);
  }

  /** Whether nothing could be connected to: no route, refused, or no answer in time. */
  static boolean isNobodyThere(ObservedHttp http) {
    return http.last()
        .flatMap(ObservedHttp.Outcome::failure)
        .map(
            failure ->
                has(failure, java.net.ConnectException.class)
                    || has(failure, java.net.NoRouteToHostException.class)
                    || has(failure, java.net.http.HttpConnectTimeoutException.class))
        .orElse(false);
  }

  /** What the library says, in one line and without its links. */
  private static String told(RuntimeException e) {
    String message = null;
    for (Throwable t = e; t != null && t.getCause() != t; t = t.getCause()) {
      String text = t.getMessage();
      // The deepest tells most, unless one above it has the service's own words.
      boolean ofService = message != null && message.contains("AADSTS");
      if (text != null && !text.isBlank() && (!ofService || text.contains("AADSTS"))) {
        message = text;
      }
    }
    if (message == null) {
      return e.getClass().getSimpleName() + ".";
    }
    String line = message.strip().lines().findFirst().orElse("").strip();
    int links = line.indexOf("To mitigate this issue");
    line = shortened((links > 0 ? line.substring(0, links) : line).strip());
    return line.endsWith(".") ? line : line + ".";
  }

  private static String adviceFor(RuntimeException e, String otherwise) {
    for (Throwable t = e; t != null && t.getCause() != t; t = t.getCause()) {
      Matcher code = CODE.matcher(String.valueOf(t.getMessage()));
      while (code.find()) {
        String advice = ADVICE.get(code.group());
        if (advice != null) {
          return advice;
        }
      }
    }
    return otherwise;
  }

  private static String shortened(@Nullable String text) {
    String clean = Redaction.text(String.valueOf(text));
    return clean.length() <= LONGEST ? clean : clean.substring(0, LONGEST) + "...";
  }

  private static Throwable root(Throwable failure) {
    Throwable root = failure;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }

  private static boolean has(Throwable failure, Class<? extends Throwable> type) {
    for (Throwable t = failure; t != null; t = t.getCause()) {
      if (type.isInstance(t)) {
        return true;
      }
    }
    return false;
  }
}
