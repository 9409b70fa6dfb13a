package io.hdl.data.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.testing.Fault;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every fault of the proxy, once and for ever, has the outcome that {@code docs/faults.md} gives.
 * {@code -Dhdl.faults.write=true} writes the table anew, times and bytes included.
 */
class FaultTableTest {
  private static final Path PAGE = Path.of("..", "docs", "faults.md");
  private static final String BEGIN = "<!-- table:begin, written by FaultTableTest -->";
  private static final String END = "<!-- table:end -->";

  @TempDir private Path folder;

  private interface Trial {
    FaultTrial.Result run() throws IOException;
  }

  private record Row(
      String name, FaultTrial.Result once, FaultTrial.Result forEver, String remark) {
    String line() {
      return String.format(
          Locale.ROOT,
          "| %s | %s | %.1f | %,d | %s | %.1f | %,d | %s |",
          name,
          once.outcome(),
          once.seconds(),
          once.bytesAgain(),
          forEver.outcome(),
          forEver.seconds(),
          forEver.bytesAgain(),
          remark);
    }

    String outcomes() {
      return name + ": " + once.outcome() + "; " + forEver.outcome();
    }
  }

  private final boolean writes = Boolean.getBoolean("hdl.faults.write");

  /** The trials mostly wait; those whose times are written run one by one. */
  private final ExecutorService threads = Executors.newFixedThreadPool(writes ? 1 : 4);

  private final List<Future<Row>> trials = new ArrayList<>();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  private void add(String name, Fault fault, String remark) {
    add(
        name,
        () -> FaultTrial.once(folder, fault),
        () -> FaultTrial.forEver(folder, fault),
        remark);
  }

  private void add(String name, Trial once, Trial forEver, String remark) {
    trials.add(threads.submit(() -> new Row(name, once.run(), forEver.run(), remark)));
  }

  @Test
  void everyFaultHasTheOutcomeThatThePageGives() throws Exception {
    add("none", Fault.delay(Duration.ZERO), "for comparison");
    add("answers come 200 ms late", Fault.delay(Duration.ofMillis(200)), "");
    add("503", Fault.status(503), "four tries");
    add("503 with `Retry-After: 1`", Fault.status(503, "1"), "pauses at least as long");
    add("429 with `Retry-After: 1`", Fault.status(429, "1"), "as 503");
    add("500", Fault.status(500), "");
    add("401", Fault.status(401), "this signer has no fresh credential");
    add("403", Fault.status(403), "");
    add("404", Fault.status(404), "");
    add(
        "connection refused (once: for 50 ms)",
        () -> FaultTrial.refusedForAMoment(folder),
        () -> FaultTrial.refused(folder),
        "");
    add("reset before the answer", Fault.reset(), "");
    add("closed (FIN) before the answer", Fault.fin(), "");
    add("reset after 300,000 bytes of a body", Fault.resetWithin(300_000), "goes on from there");
    add("closed after 300,000 bytes of a body", Fault.truncate(300_000), "goes on from there");
    add("closed after 1,000 bytes of a body", Fault.truncate(1000), "too little for a fresh try");
    add(
        "no length, closed after 300,000 bytes",
        Fault.truncateWithoutLength(300_000),
        "the range tells the length");
    add("no answer, connection open", Fault.stall(), "idle timeout");
    add("stalls after 300,000 bytes of a body", Fault.stallWithin(300_000), "idle timeout");
    add("1 MB/s for each connection", Fault.slow(1_000_000), "");
    add("100 kB/s for each connection", Fault.slow(100_000), "deadline of the file, 3 s");
    add("another range than asked for", Fault.otherRange(7), "not taken");
    add("range ignored: 200, whole object", Fault.ignoredRange(), "not taken, not tried again");
    add("200 bytes more than the range", Fault.longer(200), "not taken");
    add("another ETag", Fault.changedEtag("\"other\""), "once: begun anew");
    add("login page (200, HTML)", Fault.page(200, "<html>log in"), "not taken, not tried again");
    add("redirect to a login page", Fault.redirect(URI.create("https://login.example.org/")), "");

    List<Row> rows = new ArrayList<>();
    for (Future<Row> trial : trials) {
      rows.add(trial.get());
    }
    if (writes) {
      write(rows);
    }
    assertThat(rows).extracting(Row::outcomes).containsExactlyElementsOf(outcomesOfThePage());
    assertThat(rows)
        .allSatisfy(
            row -> {
              assertThat(row.once().seconds()).as(row.name()).isLessThan(9);
              assertThat(row.forEver().seconds()).as(row.name()).isLessThan(9);
            });
    assertThat(row(rows, "closed after 300,000 bytes of a body"))
        .satisfies(row -> assertThat(row.once().bytesAgain()).isZero())
        .satisfies(row -> assertThat(row.forEver().bytesAgain()).isZero());
    assertThat(row(rows, "503").forEver().message()).contains("gave up after 4 tries");
  }

  private static Row row(List<Row> rows, String name) {
    return rows.stream().filter(row -> row.name().equals(name)).findFirst().orElseThrow();
  }

  private static void write(List<Row> rows) throws IOException {
    String page = Files.readString(PAGE, StandardCharsets.UTF_8);
    StringBuilder table =
        new StringBuilder("| fault | once | s | bytes again | for ever | s | bytes again | |\n")
            .append("|---|---|---|---|---|---|---|---|\n");
    rows.forEach(row -> table.append(row.line()).append('\n'));
    int from = page.indexOf(BEGIN) + BEGIN.length();
    int to = page.indexOf(END);
    Files.writeString(PAGE, page.substring(0, from) + "\n" + table + page.substring(to));
  }

  private static List<String> outcomesOfThePage() throws IOException {
    String page = Files.readString(PAGE, StandardCharsets.UTF_8);
    List<String> outcomes = new ArrayList<>();
    page.substring(page.indexOf(BEGIN), page.indexOf(END))
        .lines()
        .filter(line -> line.startsWith("| "))
        .skip(1)
        .map(line -> line.split(" \\| "))
        .forEach(
            cells -> {
              String name = cells[0].substring(2);
              assertThat(List.of(cells[1], cells[4]))
                  .as(name)
                  .allMatch(cell -> cell.equals(FaultTrial.WHOLE) || isCode(cell));
              outcomes.add(name + ": " + cells[1] + "; " + cells[4]);
            });
    return outcomes;
  }

  private static boolean isCode(String cell) {
    return ErrorCode.valueOf(cell).name().equals(cell);
  }
}
