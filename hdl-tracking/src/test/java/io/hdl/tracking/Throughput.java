package io.hdl.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Values through an outbox and by plain calls of {@code log-batch}, each in a process with a heap
 * of 64 MB, in turn.
 */
final class Throughput {
  private static final String HEAP = "-Xmx64m";

  private Throughput() {}

  /** The outbox's rate as a part of that of plain calls: medians of interleaved runs. */
  static double ratio(Path folder, URI server, int values, int rounds) throws Exception {
    double[] plain = new double[rounds];
    double[] outbox = new double[rounds];
    for (int round = 0; round < rounds; round++) {
      plain[round] = seconds(folder, server, values, "plain");
      outbox[round] = seconds(folder, server, values, "outbox");
    }
    Arrays.sort(plain);
    Arrays.sort(outbox);
    double ratio = plain[rounds / 2] / outbox[rounds / 2];
    System.err.printf(
        Locale.ROOT,
        "%,d values: by plain calls %.2f s (%,.0f/s), through the outbox %.2f s: %.2f of the rate%n",
        values,
        plain[rounds / 2],
        values / plain[rounds / 2],
        outbox[rounds / 2],
        ratio);
    return ratio;
  }

  private static double seconds(Path folder, URI server, int values, String way) throws Exception {
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                HEAP,
                "-cp",
                System.getProperty("java.class.path"),
                SmallHeapTrainer.class.getName(),
                way,
                server.toString(),
                Integer.toString(values),
                folder.resolve("log").toString())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(9, TimeUnit.MINUTES)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(err)).isZero();
    List<String> fields = List.of(Files.readString(out).strip().split(" ", -1));
    assertThat(fields.get(1)).as("thinned").isEqualTo("0");
    assertThat(fields.get(2)).as("delivered").isEqualTo("true");
    if (way.equals("outbox")) {
      System.err.println("put in " + fields.get(3) + " s");
    }
    return Double.parseDouble(fields.get(0));
  }
}
