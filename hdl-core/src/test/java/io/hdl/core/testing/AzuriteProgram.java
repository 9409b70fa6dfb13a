package io.hdl.core.testing;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The program of Azurite, installed from npm once per machine and user. */
final class AzuriteProgram {
  /** The release that the tests are written against. */
  static final String RELEASE = "3.37.0";

  private static final String NAME = "azurite-" + RELEASE;
  private static final Duration INSTALL_LIMIT = Duration.ofMinutes(10);
  private static final Duration ASK_LIMIT = Duration.ofMinutes(1);
  private static final boolean WINDOWS =
      System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows");

  private AzuriteProgram() {}

  /**
   * The command that starts it, its options left out; installs it first if it is not there yet.
   *
   * @throws HdlException with {@code ENVIRONMENT_MISMATCH} and the reason in one line where there
   *     is no Node.js or npm does not get it
   */
  static List<String> command() {
    InstallOnce.fill(NAME, AzuriteProgram::install);
    Path main = InstallOnce.folder(NAME).resolve("node_modules/azurite/dist/src/blob/main.js");
    return List.of("node", main.toString());
  }

  private static String install(Path folder) throws IOException {
    String npm = WINDOWS ? "npm.cmd" : "npm";
    for (String program : List.of("node", npm)) {
      if (!runs(program)) {
        throw missing(
            "there is no " + program + ", which Azurite needs. Install Node.js 20 or later.");
      }
    }
    Files.createDirectories(folder);
    ExternalCommand.Result installed =
        ExternalCommand.run(
            List.of(
                npm,
                "install",
                "--prefix",
                folder.toString(),
                "--no-audit",
                "--no-fund",
                "--no-update-notifier",
                "--ignore-scripts",
                "--omit=dev",
                "azurite@" + RELEASE),
            Map.of(),
            INSTALL_LIMIT);
    if (installed.exit() != 0) {
      throw missing(
          "npm cannot install azurite@"
              + RELEASE
              + " ("
              + ExternalCommand.lastLines(installed.tail(), 1)
              + ").");
    }
    return RELEASE;
  }

  private static boolean runs(String program) {
    try {
      return ExternalCommand.run(List.of(program, "--version"), Map.of(), ASK_LIMIT).exit() == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  private static HdlException missing(String reason) {
    return new HdlException(ErrorCode.ENVIRONMENT_MISMATCH, reason);
  }
}
