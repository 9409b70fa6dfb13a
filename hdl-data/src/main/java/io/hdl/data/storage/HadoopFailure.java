package io.hdl.data.storage;

import io.hdl.core.error.HdlException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.azurebfs.contracts.exceptions.AbfsRestOperationException;
import org.jspecify.annotations.Nullable;

/** Finds in what Hadoop throws what went wrong below it. */
final class HadoopFailure {
  private static final Pattern CODE = Pattern.compile("rId: [^,]*, (\\w+)");

  private HadoopFailure() {}

  /** The failure in hdl's words. */
  static HdlException of(String action, StorageFailure where, Exception e) {
    Optional<HdlException> noToken = HadoopTokens.takeFailure();
    if (noToken.isPresent()) {
      return noToken.get();
    }
    HdlException own = cause(e, HdlException.class);
    if (own != null) {
      return own;
    }
    AbfsRestOperationException answer = answer(e);
    if (answer != null) {
      return where.answered(
          action,
          new StorageFailure.Answer(answer.getStatusCode(), code(answer), Optional.empty()),
          e);
    }
    return where.broken(action, innermost(e));
  }

  /** Whether nothing is there: no file and no folder, though the container is. */
  static boolean isAbsent(Exception e) {
    AbfsRestOperationException answer = answer(e);
    if (answer == null) {
      return e instanceof FileNotFoundException;
    }
    return answer.getStatusCode() == 404 && !StorageFailure.isContainer(code(answer));
  }

  private static String code(AbfsRestOperationException e) {
    // Hadoop knows but some of the codes; it puts all into its message.
    Matcher code = CODE.matcher(String.valueOf(e.getMessage()));
    if (code.find()) {
      return code.group(1);
    }
    String known = e.getErrorCode() == null ? null : e.getErrorCode().getErrorCode();
    return known == null ? "" : known;
  }

  /** The service's answer, if one came. */
  private static @Nullable AbfsRestOperationException answer(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof AbfsRestOperationException found && found.getStatusCode() >= 300) {
        return found;
      }
    }
    return null;
  }

  /** The last failure of a chain that says something of the network or a file. */
  private static Throwable innermost(Throwable e) {
    Throwable last = e;
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException) {
        last = cause;
      }
    }
    return last;
  }

  private static <E extends Throwable> @Nullable E cause(Throwable e, Class<E> type) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return type.cast(cause);
      }
    }
    return null;
  }
}
