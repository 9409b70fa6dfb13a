package io.hdl.tracking.client;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import javax.net.ssl.SSLException;

/** Says what it means that there is no answer, and what to do about it. */
final class Failures {
  private final TrackingServer server;
  private final Duration connectLimit;

  Failures(TrackingServer server, Duration connectLimit) {
    this.server = server;
    this.connectLimit = connectLimit;
  }

  HdlException late(Call call, Duration limit, Progress progress) {
    return new HdlException(
        ErrorCode.UNAVAILABLE,
        unavailable(
            call,
            progress.any()
                ? "no byte moved for " + seconds(limit)
                : "no answer within " + seconds(limit)));
  }

  HdlException interrupted(Call call, InterruptedException e) {
    return new HdlException(
        ErrorCode.CANCELLED,
        "Cannot " + call.what() + " at " + place(call) + ": the thread was interrupted.",
        e);
  }

  HdlException of(Call call, Throwable cause) {
    for (Throwable deep = cause; deep != null; deep = deep.getCause()) {
      if (deep instanceof UnresolvedAddressException) {
        return away(call, "the host name is not known", cause);
      }
      if (deep instanceof Bodies.LocalFailure local) {
        return new HdlException(
            ErrorCode.IO_FAILURE,
            "Cannot " + call.what() + ": writing it here failed: " + local.getMessage(),
            local);
      }
    }
    if (cause instanceof HttpConnectTimeoutException) {
      return away(call, "no connection within " + seconds(connectLimit), cause);
    }
    if (cause instanceof ConnectException) {
      return away(call, "connection refused", cause);
    }
    if (cause instanceof HttpTimeoutException) {
      return away(call, "no answer in time", cause);
    }
    if (cause instanceof SSLException) {
      return new HdlException(
          ErrorCode.REFUSED_BY_SERVICE,
          "Cannot %s at %s: no secure connection (%s). Check the scheme of MLFLOW_TRACKING_URI and that Java's trust store holds the server's certificate authority."
              .formatted(call.what(), place(call), cause.getMessage()),
          cause);
    }
    if (cause instanceof IOException) {
      String why =
          cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
      return away(call, "the connection broke (" + why + ")", cause);
    }
    return new HdlException(
        ErrorCode.INTERNAL, "Cannot " + call.what() + " at " + place(call) + ": " + cause, cause);
  }

  private HdlException away(Call call, String why, Throwable cause) {
    return new HdlException(ErrorCode.UNAVAILABLE, unavailable(call, why), cause);
  }

  private String unavailable(Call call, String why) {
    return call.identity() == Call.Identity.SIGNED_ADDRESS
        ? "Cannot %s at %s: %s. Check that this machine reaches the store of %s's artifacts."
            .formatted(call.what(), place(call), why, server)
        : "Cannot %s at %s: %s. Check that the server runs and that MLFLOW_TRACKING_URI is its address."
            .formatted(call.what(), place(call), why);
  }

  /** The server, or another host without anything that may be a secret. */
  private String place(Call call) {
    return Answers.place(server, call);
  }

  private static String seconds(Duration limit) {
    return limit.toMillis() / 1000.0 + " s";
  }
}
