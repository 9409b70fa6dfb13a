package io.hdl.core.identity;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.retry.TryLaterException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Copies of failures whose messages hold secrets. */
final class FailureCopy {
  /** Deeper causes are left out of a copy. */
  private static final int DEEPEST = 32;

  private FailureCopy() {}

  /** A cause as it was told, less its secrets; a stack trace shows it under its own type. */
  @SuppressWarnings("OverrideThrowableToString")
  private static final class Cause extends Throwable {
    private static final long serialVersionUID = 1L;

    private final String type;

    Cause(String type, @Nullable String message, @Nullable Throwable cause) {
      super(message, cause);
      this.type = type;
    }

    @Override
    public String toString() {
      String message = getLocalizedMessage();
      return message == null ? type : type + ": " + message;
    }
  }

  /** A copy without secrets, empty if there are none in the failure and all behind it. */
  static Optional<RuntimeException> of(Throwable failure) {
    if (!holdsSecrets(failure)) {
      return Optional.empty();
    }
    Throwable cause = copyOfCause(failure.getCause(), 1);
    RuntimeException copy = top(failure, cause);
    copyTrace(failure, copy, 0);
    return Optional.of(copy);
  }

  private static RuntimeException top(Throwable failure, @Nullable Throwable cause) {
    String message = Redaction.text(String.valueOf(failure.getMessage()));
    if (failure instanceof JobCancelledException) {
      return new JobCancelledException(message);
    }
    if (failure instanceof TryLaterException later) {
      return new TryLaterException(message, later.retryAfter(), cause);
    }
    if (failure instanceof HdlException known) {
      return new HdlException(known.code(), message, cause);
    }
    return new HdlException(
        ErrorCode.INTERNAL, failure.getClass().getName() + ": " + message, cause);
  }

  private static @Nullable Throwable copyOfCause(@Nullable Throwable failure, int depth) {
    if (failure == null || depth > DEEPEST) {
      return null;
    }
    String message = failure.getMessage();
    Cause copy =
        new Cause(
            failure instanceof Cause copied ? copied.type : failure.getClass().getName(),
            message == null ? null : Redaction.text(message),
            copyOfCause(failure.getCause(), depth + 1));
    copyTrace(failure, copy, depth);
    return copy;
  }

  private static void copyTrace(Throwable failure, Throwable copy, int depth) {
    copy.setStackTrace(failure.getStackTrace());
    for (Throwable suppressed : failure.getSuppressed()) {
      Throwable other = copyOfCause(suppressed, depth + 1);
      if (other != null) {
        copy.addSuppressed(other);
      }
    }
  }

  private static boolean holdsSecrets(Throwable failure) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> open = new ArrayDeque<>();
    open.add(failure);
    while (!open.isEmpty()) {
      Throwable next = open.remove();
      if (!seen.add(next)) {
        continue;
      }
      // What a stack trace prints: some exceptions word it from more than their message.
      String told = next.toString();
      if (!Redaction.text(told).equals(told)) {
        return true;
      }
      if (next.getCause() != null) {
        open.add(next.getCause());
      }
      Collections.addAll(open, next.getSuppressed());
    }
    return false;
  }
}
