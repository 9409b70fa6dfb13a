package io.hdl.data.series;

import io.hdl.core.provenance.DataProvenance;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Opens stores in a process of its own, for tests of what processes share. */
public final class StoreProcess {
  /** What a process printed, and how it ended. */
  record Ended(int exit, List<String> lines) {}

  private StoreProcess() {}

  static StoreKey key(String name) {
    return new StoreKey("/tables/" + name, 3, Map.of("rows", name));
  }

  /** Opens a store as a source does. */
  static StoredSeries open(
      Path home,
      StoreKey key,
      SeriesSpec spec,
      Map<String, io.hdl.data.column.ColumnType> types,
      RowReader rows,
      Runnable built) {
    return StoreCache.below(home, 2)
        .findOrBuild(
            key,
            store -> true,
            () -> {},
            target -> {
              built.run();
              return made(target, spec, types, rows);
            });
  }

  static StoreTarget.Made made(
      StoreTarget target,
      SeriesSpec spec,
      Map<String, io.hdl.data.column.ColumnType> types,
      RowReader rows) {
    SeriesAssembler assembler = new SeriesAssembler(spec, types, "rows", 2);
    target.assemble(assembler, rows);
    return made(assembler);
  }

  static StoreTarget.Made made(SeriesAssembler assembler) {
    DataProvenance provenance =
        new DataProvenance(
            "rows",
            "/tables/rows",
            3,
            Instant.parse("2024-05-06T07:08:09.123456789Z"),
            "id-1",
            List.of("a", "b"),
            Map.of("x", "y"),
            12,
            34);
    return new StoreTarget.Made(
        provenance, assembler.facts(), assembler.warnings(), new CommitMark(5, 6));
  }

  /** {@code sample HOME SEED} or {@code generated HOME SERIES STEPS}. */
  public static void main(String[] args) {
    Path home = Path.of(args[1]);
    boolean[] built = new boolean[1];
    if (args[0].equals("sample")) {
      SampleRows rows = SampleRows.of(Long.parseLong(args[2]), SampleRows.Order.SHUFFLED);
      try (SeriesStore store =
          open(home, key(args[2]), SampleRows.SPEC, SampleRows.TYPES, rows, () -> built[0] = true)
              .store()) {
        print((built[0] ? "built " : "mapped ") + StoreContents.of(store).digest());
      }
      return;
    }
    GeneratedRows rows = new GeneratedRows(Integer.parseInt(args[2]), Integer.parseInt(args[3]));
    try (SeriesStore store =
        open(home, key("generated"), GeneratedRows.SPEC, GeneratedRows.TYPES, rows, () -> {})
            .store()) {
      print("wrong: " + rows.wrong(store));
      print("bytes: " + store.bytes());
    }
  }

  private static void print(String line) {
    System.out.println(line);
  }

  /** Starts a Java process with this class path; its output goes to a file in the folder. */
  static Process start(Path folder, List<String> options, String... args) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(StoreProcess.class.getName());
    command.addAll(Arrays.asList(args));
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(Files.createTempFile(folder, "child", ".out").toFile())
        .start();
  }

  /** Waits for processes that were started in a folder of their own, and gives what they print. */
  static Ended end(Path folder, Process process) throws IOException, InterruptedException {
    boolean done = process.waitFor(2, TimeUnit.MINUTES);
    if (!done) {
      process.destroyForcibly();
    }
    List<String> lines = new ArrayList<>();
    try (var files = Files.list(folder)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".out")).sorted().toList()) {
        lines.addAll(Files.readAllLines(file, StandardCharsets.UTF_8));
      }
    }
    return new Ended(done ? process.exitValue() : 124, lines);
  }
}
