package io.hdl.benchmarks.peers;

import com.sun.management.OperatingSystemMXBean;
import io.hdl.core.json.Json;
import io.hdl.data.delta.DataFile;
import io.hdl.data.delta.TableSnapshot;
import io.hdl.data.delta.TableVersion;
import io.hdl.data.scan.FloatColumns;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.FloatBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Does what it is told on standard input, a command a line, and answers each with one JSON object
 * on a line: {@code files FOLDER}, {@code read READER FOLDER ROWS THREADS check|time REPEATS} or
 * {@code gather BATCHES SERIES STEPS CHANNELS WINDOW BATCH}. CPU time is that of the whole process,
 * compiler and collector included.
 */
public final class PeerWorker {
  private static final float UNREAD = 7;
  private static final Map<String, TableReader> READERS =
      Map.of(
          "hdl", HdlReader::read,
          "hdl-fresh", HdlReader::readFresh,
          "decompression", Decompression::read,
          "delta-kernel", KernelReader::read,
          "delta-standalone", StandaloneReader::read);

  private final OperatingSystemMXBean system =
      (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
  private @Nullable FloatColumns columns;
  private @Nullable WindowStore windows;

  private PeerWorker() {}

  /** Works until the end of standard input. */
  public static void main(String[] arguments) throws IOException {
    PeerWorker worker = new PeerWorker();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String[] words = line.split(" ");
      Map<String, Object> answer =
          switch (words[0]) {
            case "files" -> files(Path.of(words[1]));
            case "read" -> worker.read(words);
            case "gather" -> worker.gather(words);
            default -> throw new IllegalArgumentException("no command " + line);
          };
      System.out.println(Json.write(answer));
    }
  }

  private static Map<String, Object> files(Path table) {
    TableSnapshot snapshot = TableSnapshot.open(table, TableVersion.latest());
    return Map.of("files", snapshot.files().stream().map(DataFile::address).toList());
  }

  private Map<String, Object> read(String[] words) throws IOException {
    TableReader reader = READERS.get(words[1]);
    if (reader == null) {
      throw new IllegalArgumentException("no reader " + words[1]);
    }
    Path table = Path.of(words[2]);
    FloatColumns into = columns(Integer.parseInt(words[3]));
    int threads = Integer.parseInt(words[4]);
    long cpu = system.getProcessCpuTime();
    long wall = System.nanoTime();
    int repeats = Integer.parseInt(words[6]);
    long rows = 0;
    for (int i = 0; i < repeats; i++) {
      rows = reader.read(table, threads, into);
    }
    Map<String, Object> answer = timed(wall, cpu, repeats);
    answer.put("rows", rows);
    if (words[5].equals("check")) {
      Map<String, Object> checksums = new LinkedHashMap<>();
      for (int c = 0; c < into.columns(); c++) {
        checksums.put(SalesColumns.NUMBERS.get(c), checksum(into.column(c)));
      }
      answer.put("checksums", checksums);
      fill(into);
    }
    return answer;
  }

  /** Seconds of each of so many repetitions. */
  private Map<String, Object> timed(long wallBefore, long cpuBefore, int repeats) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("wall", (System.nanoTime() - wallBefore) / 1e9 / repeats);
    answer.put("cpu", (system.getProcessCpuTime() - cpuBefore) / 1e9 / repeats);
    return answer;
  }

  /** Touched before the clock runs. */
  private FloatColumns columns(int rows) {
    FloatColumns ready = columns;
    if (ready == null || ready.rows() != rows) {
      if (ready != null) {
        ready.close();
      }
      ready = FloatColumns.allocate(rows, SalesColumns.NUMBERS.size());
      fill(ready);
      columns = ready;
    }
    return ready;
  }

  private static void fill(FloatColumns columns) {
    for (int c = 0; c < columns.columns(); c++) {
      FloatBuffer column = columns.column(c);
      for (int row = 0; row < columns.rows(); row++) {
        column.put(row, UNREAD);
      }
    }
  }

  /** Of bits and order; all NaN are one value. The Python side computes the same. */
  private static String checksum(FloatBuffer column) {
    long sum = 0;
    for (int row = 0; row < column.limit(); row++) {
      long bits = Float.floatToIntBits(column.get(row)) & 0xffff_ffffL;
      sum += bits * (2L * (row + 1) + 1);
    }
    return Long.toUnsignedString(sum);
  }

  private Map<String, Object> gather(String[] words) {
    int batches = Integer.parseInt(words[1]);
    int batchSize = Integer.parseInt(words[6]);
    WindowStore store = windows;
    if (store == null) {
      store =
          new WindowStore(
              Integer.parseInt(words[2]),
              Integer.parseInt(words[3]),
              Integer.parseInt(words[4]),
              Integer.parseInt(words[5]),
              batchSize);
      windows = store;
    }
    long cpu = system.getProcessCpuTime();
    long wall = System.nanoTime();
    store.gather(batches);
    Map<String, Object> answer = timed(wall, cpu, 1);
    answer.put("windows", (long) batches * batchSize);
    return answer;
  }
}
