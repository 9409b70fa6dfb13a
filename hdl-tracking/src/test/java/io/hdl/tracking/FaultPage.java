package io.hdl.tracking;

import io.hdl.tracking.FaultedRun.Result;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The tables of {@code docs/faults.md} about tracking. */
final class FaultPage {
  /** Where there is nothing to be tried. */
  static final String NONE = "-";

  private static final Path PAGE = Path.of("..", "docs", "faults.md");

  /** A table of the page. */
  enum Table {
    /** Faults of the link. */
    LINK("| fault | once | s | for ever | s | |\n|---|---|---|---|---|---|\n"),
    /** Answers that were lost. */
    LOST("| answer lost | twice | s | for ever | s | |\n|---|---|---|---|---|---|\n"),
    /** What else happens. */
    SCENES("| what happens | outcome | |\n|---|---|---|\n");

    private final String head;

    Table(String head) {
      this.head = head;
    }

    private String begin() {
      return "<!-- tracking-" + word() + ":begin, written by TrackingFaultsIT -->\n";
    }

    private String end() {
      return "<!-- tracking-" + word() + ":end -->";
    }

    private String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** A line of a table. */
  record Line(Table table, String name, Result once, Result forEver, String note) {
    private String text() {
      return table == Table.SCENES
          ? "| %s | %s | %s |\n".formatted(name, once.outcome(), note)
          : "| %s | %s | %s | %s | %s | %s |\n"
              .formatted(
                  name, once.outcome(), seconds(once), forEver.outcome(), seconds(forEver), note);
    }

    private static String seconds(Result result) {
      return result.outcome().equals(NONE)
          ? ""
          : String.format(Locale.ROOT, "%.1f", result.seconds());
    }

    /** What the page says of the fault that happens once. */
    String outcomeOnce() {
      return name + ": " + once.outcome();
    }

    /** What the page says of it, times aside. */
    String outcomes() {
      return outcomeOnce() + "; " + forEver.outcome();
    }
  }

  private FaultPage() {}

  static void write(List<Line> lines) throws IOException {
    String page = Files.readString(PAGE, StandardCharsets.UTF_8);
    for (Table table : Table.values()) {
      StringBuilder text = new StringBuilder(table.head);
      lines.stream()
          .filter(line -> line.table() == table)
          .forEach(line -> text.append(line.text()));
      int from = page.indexOf(table.begin()) + table.begin().length();
      page = page.substring(0, from) + text + page.substring(page.indexOf(table.end()));
    }
    Files.writeString(PAGE, page, StandardCharsets.UTF_8);
  }

  /** What the page says of all faults. */
  static List<String> outcomes() throws IOException {
    String page = Files.readString(PAGE, StandardCharsets.UTF_8);
    List<String> outcomes = new ArrayList<>();
    for (Table table : Table.values()) {
      page.substring(
              page.indexOf(table.begin()) + table.begin().length(), page.indexOf(table.end()))
          .lines()
          .skip(2)
          .map(line -> List.of(line.substring(2).split(" \\| ", -1)))
          .map(
              cells ->
                  cells.get(0)
                      + ": "
                      + cells.get(1)
                      + "; "
                      + (table == Table.SCENES ? NONE : cells.get(3)))
          .forEach(outcomes::add);
    }
    return outcomes;
  }
}
