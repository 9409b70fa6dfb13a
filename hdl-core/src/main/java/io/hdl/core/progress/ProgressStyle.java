package io.hdl.core.progress;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.Console;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** How progress is shown. */
public enum ProgressStyle {
  /** One line that is drawn anew, for terminals. */
  BAR,
  /** Lines that stay, for logs: one for each epoch, and for steps one every ten seconds. */
  PLAIN,
  /** Nothing. */
  OFF;

  /**
   * The style for this process: what the system property {@code hdl.progress} says ({@code bar},
   * {@code plain} or {@code off}); else {@link #PLAIN} if the variable {@code CI} is set or {@code
   * TERM=dumb}; else {@link #BAR} if the process has a terminal. Up to JDK 21 that means that both
   * standard input and standard output are one; from JDK 22 on {@code Console.isTerminal()} is
   * asked. Whether the error stream is a terminal cannot be asked in Java, so output that is sent
   * to a file gives {@link #PLAIN}.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS} if the property has another value
   */
  public static ProgressStyle detect() {
    return detect(
        Optional.ofNullable(System.getProperty("hdl.progress")), System.getenv(), hasTerminal());
  }

  static ProgressStyle detect(
      Optional<String> property, Map<String, String> variables, boolean terminal) {
    if (property.isPresent() && !property.get().isBlank()) {
      String value = property.get();
      return switch (value.strip().toLowerCase(Locale.ROOT)) {
        case "bar" -> BAR;
        case "plain" -> PLAIN;
        case "off" -> OFF;
        default ->
            throw new HdlException(
                ErrorCode.INVALID_SETTINGS,
                "hdl.progress: \"" + value + "\" (expected: bar, plain or off)");
      };
    }
    boolean log =
        !variables.getOrDefault("CI", "").isBlank() || "dumb".equals(variables.get("TERM"));
    return terminal && !log ? BAR : PLAIN;
  }

  // Up to JDK 21 there is no console without a terminal.
  @SuppressWarnings("SystemConsoleNull")
  private static boolean hasTerminal() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return Boolean.TRUE.equals(Console.class.getMethod("isTerminal").invoke(console));
    } catch (NoSuchMethodException beforeJdk22) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }
}
