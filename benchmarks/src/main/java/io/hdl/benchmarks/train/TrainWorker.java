package io.hdl.benchmarks.train;

import com.sun.management.OperatingSystemMXBean;
import io.hdl.core.json.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Trains by one method, {@code hdl} or {@code djl}, as it is told on standard input, a command a
 * line, and answers each with one JSON object on a line: {@code describe CASE} or {@code steps CASE
 * COUNT}. CPU time is that of the whole process, compiler and collector included.
 */
public final class TrainWorker {
  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final Function<StepCase, Steps> method;
  private final Map<String, Steps> cases = new HashMap<>();

  private TrainWorker(String method) {
    this.method =
        switch (method) {
          case "hdl" -> HdlSteps::new;
          case "djl" -> DjlSteps::new;
          default -> throw new IllegalArgumentException("no method " + method);
        };
  }

  /** Works until the end of standard input. */
  public static void main(String[] arguments) throws IOException {
    TrainWorker worker = new TrainWorker(arguments[0]);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      Steps steps = worker.cases.computeIfAbsent(words[1], worker::make);
      Map<String, Object> answer =
          switch (words[0]) {
            case "describe" -> Map.of("weights", steps.weights(), "loss", steps.loss());
            case "steps" -> worker.timed(steps, Integer.parseInt(words[2]));
            default -> throw new IllegalArgumentException("no command " + line);
          };
      System.out.println(Json.write(answer));
    }
    worker.cases.values().forEach(Steps::close);
  }

  private Steps make(String name) {
    return method.apply(StepCase.of(name));
  }

  private Map<String, Object> timed(Steps steps, int count) {
    long cpu = system.getProcessCpuTime();
    long wall = System.nanoTime();
    steps.run(count);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("wall", (System.nanoTime() - wall) / 1e9);
    answer.put("cpu", (system.getProcessCpuTime() - cpu) / 1e9);
    return answer;
  }
}
