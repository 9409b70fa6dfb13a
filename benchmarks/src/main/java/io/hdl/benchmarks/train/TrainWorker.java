package io.hdl.benchmarks.train;

import com.sun.management.OperatingSystemMXBean;
import io.hdl.core.json.Json;
import io.hdl.train.parallel.Determinism;
import io.hdl.train.parallel.Devices;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Trains by one method as it is told on standard input, a command a line, and answers each with one
 * JSON object on a line: {@code describe CASE} or {@code steps CASE COUNT}. The method is {@code
 * djl}, or {@code hdl} with the devices ({@code cpu} or {@code gpu} and the number of replicas) and
 * the micro-batches per step, 0 for one per replica: {@code hdl cpu 1 0}. CPU time is that of the
 * whole process, compiler and collector included.
 */
public final class TrainWorker {
  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final Function<StepCase, Steps> method;
  private final Map<String, Steps> cases = new HashMap<>();

  private TrainWorker(String... method) {
    this.method =
        switch (method[0]) {
          case "hdl" -> hdl(method[1], Integer.parseInt(method[2]), Integer.parseInt(method[3]));
          case "djl" -> DjlSteps::new;
          default -> throw new IllegalArgumentException("no method " + method[0]);
        };
  }

  private static Function<StepCase, Steps> hdl(String kind, int replicas, int microBatches) {
    Devices devices =
        kind.equals("gpu")
            ? Devices.gpus(IntStream.range(0, replicas).toArray())
            : Devices.cpu(replicas);
    Determinism determinism =
        microBatches == 0 ? Determinism.fastest() : Determinism.portable(microBatches);
    return sizes -> new HdlSteps(sizes, devices, determinism);
  }

  /** Works until the end of standard input. */
  public static void main(String[] arguments) throws IOException {
    TrainWorker worker = new TrainWorker(arguments);
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
