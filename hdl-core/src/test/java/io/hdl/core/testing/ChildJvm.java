package io.hdl.core.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a main class of the tests in a JVM of its own, for what depends on the environment of a
 * process: variables, mounts, its death.
 */
public final class ChildJvm {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /**
   * What it left behind.
   *
   * @param exit its exit status, 124 if it was ended at the limit
   * @param out what it printed on standard output
   * @param err what it printed on standard error
   */
  public record Result(int exit, String out, String err) {}

  private ChildJvm() {}

  /** Runs it with this process's variables and further ones; an empty value takes one away. */
  public static Result run(Class<?> main, Map<String, String> variables, String... arguments) {
    return run(List.of(), main, variables, arguments);
  }

  /**
   * Runs it in a mount namespace of its own with an empty {@code tmpfs} on a folder, so that files
   * there are seen by nobody else. Skips the test in one line where that is not allowed.
   *
   * @param folder a folder that exists
   */
  public static Result runWithPrivate(
      Path folder, Class<?> main, Map<String, String> variables, String... arguments) {
    requirePrivateMounts(folder);
    return run(mounted(folder, ""), main, variables, arguments);
  }

  /** The same with a file system that takes no more than a number of bytes. */
  public static Result runWithSmallDisk(
      Path folder, long bytes, Class<?> main, Map<String, String> variables, String... arguments) {
    requirePrivateMounts(folder);
    return run(mounted(folder, "-o size=" + bytes), main, variables, arguments);
  }

  private static List<String> mounted(Path folder, String options) {
    return List.of(
        "unshare",
        "-m",
        "sh",
        "-c",
        "mount -t tmpfs " + options + " none \"$0\" && exec \"$@\"",
        folder.toString());
  }

  private static void requirePrivateMounts(Path folder) {
    List<String> probe = new ArrayList<>(mounted(folder, ""));
    probe.add("true");
    try {
      if (Files.isDirectory(folder)
          && ExternalCommand.run(probe, Map.of(), Duration.ofSeconds(10)).exit() == 0) {
        return;
      }
    } catch (IOException noSuchProgram) {
      // Told below.
    }
    throw Servers.skip("a private mount namespace (unshare -m) is not allowed here.");
  }

  private static Result run(
      List<String> prefix, Class<?> main, Map<String, String> variables, String... arguments) {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"));
    System.getProperties().stringPropertyNames().stream()
        .filter(name -> name.startsWith("org.slf4j.simpleLogger."))
        .filter(name -> !variables.containsKey(name))
        .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
    variables.forEach(
        (name, value) -> {
          if (name.startsWith("org.slf4j.simpleLogger.")) {
            command.add("-D" + name + "=" + value);
          }
        });
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    try {
      Path out = Files.createTempFile("hdl-child", ".out");
      Path err = Files.createTempFile("hdl-child", ".err");
      try {
        ProcessBuilder builder = new ProcessBuilder(command);
        variables.forEach(
            (name, value) -> {
              if (value.isEmpty()) {
                builder.environment().remove(name);
              } else if (!name.contains(".")) {
                builder.environment().put(name, value);
              }
            });
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        Process process = builder.start();
        process.getOutputStream().close();
        boolean ended = process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS);
        if (!ended) {
          ExternalCommand.end(process.toHandle());
        }
        return new Result(
            ended ? process.exitValue() : 124, Files.readString(out), Files.readString(err));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException(e);
      } finally {
        Files.deleteIfExists(out);
        Files.deleteIfExists(err);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
