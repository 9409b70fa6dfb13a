package io.hdl.benchmarks.lake;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;
import java.util.zip.CheckedInputStream;

/**
 * Fetches one file in each way, in turn, and writes the figures: {@code CACHE BENCHMARKS [--quick]
 * [--rounds N] [--ways A,B,...]}. Called by {@code benchmarks/lake/run}.
 */
public final class TransferComparison {
  private static final List<String> WAYS =
      List.of("hdl", "plain", "plain+crc32c", "hadoop-tuned", "hadoop", "sdk");
  private static final List<String> PROTOCOLS = List.of("http", "https");
  private static final String SERVER = "io.hdl.benchmarks.lake.LakeServer";
  private static final int REPEATS = 2;

  private final Path folder;
  private final Path source;
  private final long size;
  private final int rounds;
  private final List<String> ways;
  private final List<TransferFigure> figures = new ArrayList<>();

  private TransferComparison(Path folder, long size, int rounds, List<String> ways)
      throws IOException {
    this.folder = folder;
    this.size = size;
    this.rounds = rounds;
    this.ways = ways;
    source = folder.resolve("source-" + size + ".bin");
  }

  /** Runs it. */
  public static void main(String[] arguments) throws Exception {
    List<String> options = List.of(arguments).subList(2, arguments.length);
    boolean quick = options.contains("--quick");
    int at = options.indexOf("--rounds");
    int rounds = at >= 0 ? Integer.parseInt(options.get(at + 1)) : quick ? 1 : 5;
    int some = options.indexOf("--ways");
    List<String> ways = some >= 0 ? List.of(options.get(some + 1).split(",")) : WAYS;
    boolean keeps = !quick && ways.equals(WAYS);
    double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    if (load > 0.5) {
      say("the machine is busy (load " + load + "): the figures will not be worth much");
    }
    Path folder = Files.createDirectories(Path.of(arguments[0]));
    long size = quick ? 128L << 20 : 1L << 30;
    TransferComparison comparison = new TransferComparison(folder, size, rounds, ways);
    comparison.run();

    Path benchmarks = Path.of(arguments[1]);
    Path results = benchmarks.resolve(!keeps ? "target/lake" : "results");
    Files.createDirectories(results);
    String raw = LocalDate.now(ZoneId.systemDefault()) + "-lake.csv";
    List<String> lines = new ArrayList<>(List.of(TransferFigure.HEADER));
    comparison.figures.forEach(figure -> lines.add(figure.csv()));
    Files.writeString(results.resolve(raw), String.join("\n", lines) + "\n");
    String text = new TransferReport(comparison.figures, load).markdown(raw, size, rounds);
    if (keeps) {
      TransferReport.insert(benchmarks.resolve("RESULTS.md"), text);
      say("written: benchmarks/results/" + raw + " and benchmarks/RESULTS.md");
    }
    System.out.println(text);
  }

  private void run() throws Exception {
    long crc = makeSource();
    Map<String, Worker> workers = new LinkedHashMap<>();
    try (Worker server = new Worker(List.of("-Xmx1g"), SERVER, source.toString())) {
      Map<String, Object> about = server.answer();
      List<String> trust =
          List.of(
              "-Xmx2g",
              "-Djavax.net.ssl.trustStore=" + about.get("trustStore"),
              "-Djavax.net.ssl.trustStorePassword=" + about.get("password"));
      for (String protocol : PROTOCOLS) {
        for (String way : ways) {
          workers.put(key(protocol, way), worker(trust, about, protocol, way));
        }
      }
      for (int round = 0; round <= rounds; round++) {
        for (String protocol : PROTOCOLS) {
          List<String> turn = new ArrayList<>(ways);
          Collections.rotate(turn, round);
          for (String way : turn) {
            Worker worker = Objects.requireNonNull(workers.get(key(protocol, way)));
            measure(worker, protocol, way, round, crc);
          }
        }
        say("round " + round + " of " + rounds + (round == 0 ? " (warm-up)" : ""));
      }
    } finally {
      for (Worker worker : workers.values()) {
        worker.close();
      }
    }
  }

  private void measure(Worker worker, String protocol, String way, int round, long crc)
      throws IOException {
    Path target = target(protocol, way);
    int repeats = round == 0 ? 1 : REPEATS;
    Map<String, Object> answer = worker.ask(Integer.toString(repeats));
    if (round == 0 && checksum(target) != crc) {
      throw new IOException(way + " over " + protocol + " brought other bytes");
    }
    Files.delete(target);
    if (round > 0) {
      double wall = number(answer, "wall");
      double cpu = number(answer, "cpu");
      figures.add(new TransferFigure(protocol, way, round, repeats * size, wall, cpu));
    }
  }

  private Worker worker(
      List<String> options, Map<String, Object> about, String protocol, String way)
      throws IOException {
    return new Worker(
        options,
        TransferWorker.class.getName(),
        way,
        String.valueOf(about.get(protocol)),
        String.valueOf(about.get("account")),
        String.valueOf(about.get("key")),
        String.valueOf(about.get("container")),
        String.valueOf(about.get("name")),
        Long.toString(size),
        target(protocol, way).toString());
  }

  private Path target(String protocol, String way) {
    return folder.resolve("target-" + protocol + "-" + way + ".bin");
  }

  private static double number(Map<String, Object> answer, String name) throws IOException {
    if (answer.get(name) instanceof Number number) {
      return number.doubleValue();
    }
    throw new IOException("an answer without " + name + ": " + answer);
  }

  private static String key(String protocol, String way) {
    return protocol + " " + way;
  }

  /** Random bytes, as compressed data are. */
  private long makeSource() throws IOException {
    if (!Files.exists(source) || Files.size(source) != size) {
      say("writing " + (size >> 20) + " MiB ...");
      SplittableRandom random = new SplittableRandom(1);
      byte[] piece = new byte[1 << 20];
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(source))) {
        for (long at = 0; at < size; at += piece.length) {
          random.nextBytes(piece);
          out.write(piece);
        }
      }
    }
    return checksum(source);
  }

  private static long checksum(Path file) throws IOException {
    try (InputStream raw = Files.newInputStream(file);
        CheckedInputStream in = new CheckedInputStream(raw, new CRC32C())) {
      byte[] buffer = new byte[1 << 20];
      while (in.read(buffer) >= 0) {
        // Only the sum is wanted.
      }
      return in.getChecksum().getValue();
    }
  }

  private static void say(String text) {
    System.err.println("lake: " + text);
  }
}
