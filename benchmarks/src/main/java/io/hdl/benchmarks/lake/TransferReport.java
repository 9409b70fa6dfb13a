package io.hdl.benchmarks.lake;

import io.hdl.benchmarks.ResultsPage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The section of RESULTS.md about transfers. */
final class TransferReport {
  private static final String BEGIN = "<!-- lake:begin, written by benchmarks/lake/run -->";
  private static final String END = "<!-- lake:end -->";
  private static final Map<String, String> NAMES = new LinkedHashMap<>();

  static {
    NAMES.put("hdl", "**hdl** `Fetcher`: CRC-32C, journal, version pinned");
    NAMES.put("plain", "plain loop over `HttpURLConnection`, nothing checked");
    NAMES.put("plain+crc32c", "the same with a CRC-32C of each range");
    NAMES.put("hadoop-tuned", "hadoop-azure, requests of 8 MiB, read-ahead of 4");
    NAMES.put("hadoop", "hadoop-azure as it comes");
    NAMES.put("sdk", "DataLake SDK `readToFile`, blocks of 8 MiB, 4 at a time");
  }

  private final List<TransferFigure> figures;
  private final double load;

  TransferReport(List<TransferFigure> figures, double load) {
    this.figures = figures;
    this.load = load;
  }

  String markdown(String raw, long size, int rounds) throws IOException {
    StringBuilder text = new StringBuilder();
    text.append("## Fetching a file of the lake\n\n");
    text.append(
        String.format(
            Locale.ROOT,
            "%s; %d cores of %s, load before the run %.1f; Java %s, hadoop-azure %s, DataLake SDK"
                + " %s.%n%n",
            LocalDate.now(ZoneId.systemDefault()),
            Runtime.getRuntime().availableProcessors(),
            processor(),
            load,
            System.getProperty("java.version"),
            version("hadoop-azure-"),
            version("azure-storage-file-datalake-")));
    text.append(
        String.format(
            Locale.ROOT,
            "A file of %,d MiB from a server on this machine (another process, not counted) into a"
                + " file, four ranges of 8 MiB at a time; medians of %d rounds after a warm-up, all"
                + " ways in turn within each, each in a process of its own. CPU seconds of the"
                + " client for each GiB, kernel included.%n%n",
            size >> 20,
            rounds));
    text.append("| | HTTP: CPU s/GiB | best | against plain | TLS: CPU s/GiB | best |");
    text.append(" against plain | wall s/GiB, HTTP, TLS |\n|---|---|---|---|---|---|---|---|\n");
    for (Map.Entry<String, String> name : NAMES.entrySet()) {
      if (figures.stream().noneMatch(figure -> figure.way().equals(name.getKey()))) {
        continue;
      }
      text.append("| ").append(name.getValue());
      for (String protocol : List.of("http", "https")) {
        double cpu = median(protocol, name.getKey(), TransferFigure::cpuPerGib);
        double plain = median(protocol, "plain", TransferFigure::cpuPerGib);
        text.append(
            String.format(
                Locale.ROOT,
                " | %.2f | %.2f | %.2f",
                cpu,
                sorted(protocol, name.getKey(), TransferFigure::cpuPerGib)[0],
                cpu / plain));
      }
      text.append(
          String.format(
              Locale.ROOT,
              " | %.2f, %.2f |%n",
              median("http", name.getKey(), TransferFigure::wallPerGib),
              median("https", name.getKey(), TransferFigure::wallPerGib)));
    }
    text.append("\nRepeat: `benchmarks/lake/run` (all figures: `results/").append(raw);
    return text.append("`).\n").toString();
  }

  static void insert(Path page, String text) throws IOException {
    ResultsPage.insert(page, BEGIN, END, text);
  }

  private double median(String protocol, String way, ToDoubleFunction<TransferFigure> of) {
    double[] sorted = sorted(protocol, way, of);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private double[] sorted(String protocol, String way, ToDoubleFunction<TransferFigure> of) {
    return figures.stream()
        .filter(figure -> figure.protocol().equals(protocol) && figure.way().equals(way))
        .mapToDouble(of)
        .sorted()
        .toArray();
  }

  private static String processor() throws IOException {
    Path facts = Path.of("/proc/cpuinfo");
    if (!Files.exists(facts)) {
      return System.getProperty("os.arch");
    }
    return Files.readAllLines(facts).stream()
        .filter(line -> line.startsWith("model name"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse(System.getProperty("os.arch"));
  }

  private static String version(String jar) {
    String path = System.getProperty("java.class.path");
    int at = path.indexOf("/" + jar);
    return at < 0 ? "?" : path.substring(at + 1 + jar.length(), path.indexOf(".jar", at));
  }
}
