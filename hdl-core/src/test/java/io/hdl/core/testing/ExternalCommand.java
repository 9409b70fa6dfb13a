package io.hdl.core.testing;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Runs a program to its end and keeps what it prints. */
final class ExternalCommand {
  /** What a program left behind. */
  record Result(int exit, String out, String err) {
    /** The last lines of both streams, for messages. */
    String tail() {
      return lastLines(out + System.lineSeparator() + err, 15);
    }
  }

  private ExternalCommand() {}

  /**
   * Runs it in a temporary folder, where what it leaves behind is removed; an exit of 124 means
   * that it was ended at the limit.
   */
  static Result run(List<String> command, Map<String, String> variables, Duration limit)
      throws IOException {
    Path folder = Files.createTempDirectory("hdl-command");
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    try {
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.directory(Files.createDirectory(folder.resolve("work")).toFile());
      builder.environment().putAll(variables);
      builder.redirectInput(ProcessBuilder.Redirect.from(nothing()));
      builder.redirectOutput(out.toFile()).redirectError(err.toFile());
      Process process = builder.start();
      int exit = 124;
      try {
        if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
          exit = process.exitValue();
        } else {
          end(process.toHandle());
        }
      } catch (InterruptedException e) {
        end(process.toHandle());
        Thread.currentThread().interrupt();
      }
      return new Result(
          exit,
          Files.readString(out, StandardCharsets.UTF_8),
          Files.readString(err, StandardCharsets.UTF_8));
    } finally {
      MoreFiles.deleteRecursively(folder, RecursiveDeleteOption.ALLOW_INSECURE);
    }
  }

  /** Ends a process that this one started, and what that one started. */
  static void end(ProcessHandle process) {
    List<ProcessHandle> below = process.descendants().toList();
    process.destroy();
    below.forEach(ProcessHandle::destroy);
    for (ProcessHandle each : below) {
      endForGood(each);
    }
    endForGood(process);
  }

  static String lastLines(String text, int count) {
    List<String> lines = text.lines().filter(line -> !line.isBlank()).toList();
    return String.join(
        System.lineSeparator(), lines.subList(Math.max(0, lines.size() - count), lines.size()));
  }

  private static void endForGood(ProcessHandle process) {
    try {
      process.onExit().get(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      process.destroyForcibly();
    }
  }

  private static File nothing() {
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    return new File(windows ? "NUL" : "/dev/null");
  }
}
