package io.hdl.benchmarks.lake;

import com.sun.management.OperatingSystemMXBean;
import io.hdl.core.json.Json;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * Fetches a file in one way as often as a line on standard input says, and answers with one JSON
 * object on a line. CPU time is that of the whole process, compiler and collector included.
 */
public final class TransferWorker {
  private TransferWorker() {}

  /** {@code WAY ENDPOINT ACCOUNT KEY CONTAINER NAME SIZE TARGET}. */
  public static void main(String[] arguments) throws Exception {
    LakeFile file =
        new LakeFile(
            URI.create(arguments[1]),
            arguments[2],
            arguments[3],
            arguments[4],
            arguments[5],
            Long.parseLong(arguments[6]));
    Path target = Path.of(arguments[7]);
    OperatingSystemMXBean system =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Transfer transfer = Transfer.of(arguments[0], file)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        long cpu = 0;
        long wall = 0;
        for (int repeat = Integer.parseInt(line); repeat > 0; repeat--) {
          Files.deleteIfExists(target);
          cpu -= system.getProcessCpuTime();
          wall -= System.nanoTime();
          transfer.fetch(target);
          cpu += system.getProcessCpuTime();
          wall += System.nanoTime();
        }
        System.out.println(Json.write(Map.of("cpu", cpu / 1e9, "wall", wall / 1e9)));
      }
    }
  }
}
