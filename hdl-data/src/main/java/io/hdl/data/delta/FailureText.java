package io.hdl.data.delta;

import java.io.EOFException;
import java.util.regex.Pattern;

/**
 * What went wrong, out of the exceptions of the log libraries: they wrap each other, tell their own
 * class names, and where a file is damaged they may be of any type.
 */
final class FailureText {
  private static final Pattern CLASS_NAME =
      Pattern.compile("^((\\w+\\.)+\\w+(\\$\\w+)*(Exception|Error)(: )?)+");
  private static final String OF_THE_KERNEL =
      "Encountered an error from the underlying engine implementation while trying to ";
  private static final Pattern OF_THE_COMPILER = Pattern.compile("because (\"|the return)");

  private FailureText() {}

  /** The first line of what the innermost cause with a text says, without a full stop. */
  static String of(Throwable failure) {
    String found = "";
    boolean ended = false;
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 20; depth++) {
      String text = text(cause);
      found = text.isEmpty() ? found : text;
      ended |= cause instanceof EOFException;
      cause = cause.getCause() == cause ? null : cause.getCause();
    }
    if (!found.isEmpty()) {
      return found;
    }
    return ended ? "a file ends too early" : "its parts contradict each other";
  }

  private static String text(Throwable cause) {
    String message = cause.getMessage();
    if (message == null || OF_THE_COMPILER.matcher(message).find()) {
      return "";
    }
    String line = message.lines().findFirst().orElse("").strip();
    return CLASS_NAME
        .matcher(line)
        .replaceFirst("")
        .replace(OF_THE_KERNEL, "")
        .replaceAll("(: null)?[.]*$", "");
  }
}
