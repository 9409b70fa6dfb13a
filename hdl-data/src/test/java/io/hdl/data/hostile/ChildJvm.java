package io.hdl.data.hostile;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A JVM with this one's class path. Closing it ends it, if it has not ended by itself. */
public final class ChildJvm implements AutoCloseable {
  private final Process process;
  private final Path output;

  private ChildJvm(Process process, Path output) {
    this.process = process;
    this.output = output;
  }

  /**
   * Starts a class's {@code main}.
   *
   * @param folder where its output goes
   * @param options of the JVM
   */
  public static ChildJvm start(
      Path folder, List<String> options, Class<?> main, String... arguments) throws IOException {
    return start(folder, List.of(), options, main, arguments);
  }

  /**
   * Starts a class's {@code main} below another program.
   *
   * @param prefix the program and its arguments, before those that start the JVM
   */
  public static ChildJvm start(
      Path folder, List<String> prefix, List<String> options, Class<?> main, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=off");
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=" + folder.resolve("crash-%p.log"));
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(main.getName());
    command.addAll(List.of(arguments));
    Path output = Files.createTempFile(folder, main.getSimpleName(), ".out");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .redirectInput(
                new File(System.getProperty("os.name").startsWith("Windows") ? "NUL" : "/dev/null"))
            .start();
    return new ChildJvm(process, output);
  }

  /** Waits for its end and gives its exit status, or 124 where it did not end in time. */
  public int join(Duration limit) throws InterruptedException {
    return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS) ? process.exitValue() : 124;
  }

  public boolean isRunning() {
    return process.isAlive();
  }

  /** What it has printed so far. */
  public String output() throws IOException {
    return Files.readString(output);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
