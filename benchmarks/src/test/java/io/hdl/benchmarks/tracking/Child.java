package io.hdl.benchmarks.tracking;

import io.hdl.core.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A process with this class path that prints JSON objects, one on a line. */
final class Child implements AutoCloseable {
  private final Process process;
  private final BufferedReader out;

  Child(String heap, Class<?> main, String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                heap,
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                "-Dai.djl.pytorch.num_threads=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  /** What it prints next. */
  Map<String, Object> answer() throws IOException {
    return next().orElseThrow(() -> new IOException("a process ended without an answer"));
  }

  /** What it prints next; empty if it has ended well. */
  Optional<Map<String, Object>> next() throws IOException {
    String line = out.readLine();
    if (line != null) {
      return Optional.of(Json.readObject(line, "the answer"));
    }
    try {
      int status = process.waitFor();
      if (status != 0) {
        throw new IOException("a process ended with status " + status);
      }
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  @Override
  public void close() throws Exception {
    process.getOutputStream().close();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
