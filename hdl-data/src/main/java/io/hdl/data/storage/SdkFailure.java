package io.hdl.data.storage;

import com.azure.core.exception.HttpResponseException;
import com.azure.core.http.HttpHeaderName;
import com.azure.core.http.HttpResponse;
import io.hdl.core.error.HdlException;
import io.hdl.core.retry.RetryAfter;
import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeoutException;

/** Finds in what the SDK throws, wrapped by Reactor or not, what went wrong below it. */
final class SdkFailure {
  private static final HttpHeaderName CODE = HttpHeaderName.fromString("x-ms-error-code");

  private SdkFailure() {}

  /** The failure in hdl's words. */
  static HdlException of(String action, StorageFailure where, Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof HdlException own) {
        return own;
      }
      if (cause instanceof HttpResponseException answer && answer.getResponse() != null) {
        return where.answered(action, answer(answer.getResponse()), e);
      }
    }
    Throwable last = e;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof TimeoutException) {
        return where.broken(action, new java.net.SocketTimeoutException(cause.getMessage()));
      }
      if (cause instanceof IOException) {
        last = cause;
      }
    }
    return where.broken(action, last);
  }

  /** The service's word for a failure; empty if there is none. */
  static String code(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof HttpResponseException answer && answer.getResponse() != null) {
        return answer(answer.getResponse()).code();
      }
    }
    return "";
  }

  private static StorageFailure.Answer answer(HttpResponse response) {
    return new StorageFailure.Answer(
        response.getStatusCode(),
        Optional.ofNullable(response.getHeaderValue(CODE)).orElse(""),
        Optional.ofNullable(response.getHeaderValue(HttpHeaderName.RETRY_AFTER))
            .flatMap(value -> RetryAfter.parse(value, Instant.now())));
  }
}
