package io.hdl.benchmarks.lake;

import io.hdl.core.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A Java process with this class path that answers each line with a JSON object on a line. */
final class Worker implements AutoCloseable {
  private final Process process;
  private final PrintStream in;
  private final BufferedReader out;

  Worker(List<String> options, String mainClass, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.addAll(options);
    command.add("-Dorg.slf4j.simpleLogger.defaultLogLevel=error");
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), mainClass));
    command.addAll(List.of(arguments));
    process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    in = new PrintStream(process.getOutputStream(), true, StandardCharsets.UTF_8);
    out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  Map<String, Object> ask(String line) throws IOException {
    in.println(line);
    return answer();
  }

  Map<String, Object> answer() throws IOException {
    String line = out.readLine();
    if (line == null) {
      throw new IOException("a worker ended without an answer");
    }
    return Json.readObject(line, "the worker's answer");
  }

  @Override
  public void close() throws InterruptedException {
    in.close();
    if (!process.waitFor(20, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
  }
}
