package io.hdl.benchmarks.train;

import ai.djl.Device;
import com.sun.management.OperatingSystemMXBean;
import io.hdl.core.environment.HybridEnvironment;
import io.hdl.core.json.Json;
import io.hdl.train.parallel.Determinism;
import io.hdl.train.parallel.Devices;
import io.hdl.train.parallel.Precision;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Trains by one method as it is told on standard input, a command a line, and answers each with one
 * JSON object on a line: {@code describe CASE} or {@code steps CASE COUNT}. The method is {@code
 * djl}, or {@code hdl} or {@code hdl-bfloat16} with the devices ({@code cpu} or {@code gpu} and the
 * number of replicas) and the micro-batches per step, 0 for one per replica: {@code hdl cpu 1 0};
 * the latter also takes {@code exchange BYTES COUNT}, so many all-reduces between its devices. CPU
 * time is that of the whole process, compiler and collector included.
 */
public final class TrainWorker {
  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private final Devices devices;
  private final Determinism determinism;
  private final Function<StepCase, Steps> method;
  private final Map<String, Steps> cases = new HashMap<>();

  private TrainWorker(String... words) {
    int replicas = words.length > 2 ? Integer.parseInt(words[2]) : 1;
    devices =
        words.length > 1 && words[1].equals("gpu")
            ? Devices.gpus(IntStream.range(0, replicas).toArray())
            : Devices.cpu(replicas);
    int microBatches = words.length > 3 ? Integer.parseInt(words[3]) : 0;
    determinism = microBatches == 0 ? Determinism.fastest() : Determinism.portable(microBatches);
    method =
        switch (words[0]) {
          case "hdl" -> sizes -> new HdlSteps(sizes, devices, determinism, Precision.FLOAT32);
          case "hdl-bfloat16" ->
              sizes -> new HdlSteps(sizes, devices, determinism, Precision.BFLOAT16);
          case "djl" -> DjlSteps::new;
          default -> throw new IllegalArgumentException("no method " + words[0]);
        };
  }

  /** Works until the end of standard input. */
  public static void main(String[] arguments) throws IOException {
    TrainWorker worker = new TrainWorker(arguments);
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ", -1);
      Map<String, Object> answer =
          switch (words[0]) {
            case "describe" -> worker.describe(words[1]);
            case "steps" -> worker.timed(worker.steps(words[1]), Integer.parseInt(words[2]));
            case "exchange" ->
                worker.exchange(Long.parseLong(words[1]), Integer.parseInt(words[2]));
            default -> throw new IllegalArgumentException("no command " + line);
          };
      System.out.println(Json.write(answer));
    }
    worker.cases.values().forEach(Steps::close);
  }

  private Steps steps(String name) {
    return cases.computeIfAbsent(name, one -> method.apply(StepCase.of(one)));
  }

  private Map<String, Object> describe(String name) {
    Steps steps = steps(name);
    return Map.of("weights", steps.weights(), "loss", steps.loss());
  }

  private Map<String, Object> exchange(long bytes, int count) {
    List<Device> resolved = devices.resolve(HybridEnvironment.Kind.GENERIC_HOST);
    return Map.of("wall", Exchange.seconds(resolved, determinism, bytes, count));
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
