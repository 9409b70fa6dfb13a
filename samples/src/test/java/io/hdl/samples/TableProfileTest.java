package io.hdl.samples;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.json.Json;
import io.hdl.data.column.Column;
import io.hdl.data.column.ColumnType;
import io.hdl.data.delta.DeltaTableWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@NullUnmarked
class TableProfileTest {
  @TempDir Path folder;
  private String table;

  @BeforeEach
  void writeTable() {
    DeltaTableWriter writer =
        DeltaTableWriter.create(
            folder.resolve("shops"),
            List.of(
                Column.of("shop", ColumnType.STRING),
                Column.of("day", ColumnType.DATE),
                Column.of("units_sold", ColumnType.INTEGER),
                Column.of("price", ColumnType.DOUBLE)));
    List<Object[]> rows = new ArrayList<>();
    for (int day = 1; day <= 28; day++) {
      rows.add(new Object[] {"<b>north</b>", LocalDate.of(2026, 2, day), day, day / 4.0});
      if (day % 9 != 5) {
        rows.add(new Object[] {"süd", LocalDate.of(2026, 2, day), null, Double.NaN});
      }
    }
    writer.append(rows);
    table = writer.table().toString();
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> column(CommandLineRun run, String name) {
    assertThat(run.status()).as(run.err()).isZero();
    Map<String, Object> json = Json.readObject(run.out(), "standard output");
    return (Map<String, Object>) ((Map<String, Object>) json.get("columns")).get(name);
  }

  @Test
  void printsOneJsonObject() {
    CommandLineRun run = CommandLineRun.tableProfile("--table", table);
    Map<String, Object> json = Json.readObject(run.out(), "standard output");
    assertThat(json).containsEntry("version", 1).containsEntry("rows", 53);
    assertThat(column(run, "shop"))
        .containsEntry("type", "string")
        .containsEntry("nulls", 0)
        .containsEntry("min", "<b>north</b>")
        .containsEntry("max", "süd")
        .containsEntry("mean", null)
        .containsEntry("distinct", 2)
        .doesNotContainKey("sumCrc32Utf8");
    assertThat(column(run, "units_sold")).containsEntry("nulls", 25).containsEntry("mean", 14.5);
    assertThat(column(run, "price")).containsEntry("nan", 25).containsEntry("max", 7.0);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void addsChecksums() {
    CommandLineRun run = CommandLineRun.tableProfile("--table", table, "--checksums");
    assertThat(column(run, "units_sold"))
        .containsEntry("sum", "406")
        .containsEntry("min", 1)
        .containsEntry("max", 28);
    assertThat(column(run, "price"))
        .containsEntry("sumAbsBelow1e300", "101.5")
        .containsEntry("minFinite", "0.25")
        .containsEntry("maxFinite", "7.0");
    assertThat(column(run, "day")).containsEntry("minEpochDay", 20485);
    assertThat(column(run, "shop"))
        .containsEntry("sumCodePoints", 12 * 28 + 3 * 25)
        .containsEntry("sumUtf8Bytes", 12 * 28 + 4 * 25);
  }

  @Test
  void readsAnEarlierVersionAndSomeColumnsAlone() {
    CommandLineRun first = CommandLineRun.tableProfile("--table", table, "--version", "0");
    assertThat(Json.readObject(first.out(), "standard output"))
        .containsEntry("version", 0)
        .containsEntry("rows", 0);
    CommandLineRun late =
        CommandLineRun.tableProfile(
            "--table", table, "--timestamp", "2100-01-01", "--columns", "`units_sold`,price");
    Map<String, Object> json = Json.readObject(late.out(), "standard output");
    assertThat(json).containsEntry("version", 1);
    assertThat(((Map<?, ?>) json.get("columns")).keySet()).hasToString("[units_sold, price]");
  }

  @Test
  void countsTheRowsForWhichAConditionIsTrue() {
    CommandLineRun run =
        CommandLineRun.tableProfile(
            "--table", table, "--checksums", "--where", "units_sold > 10 and day < '2026-02-20'");
    Map<String, Object> json = Json.readObject(run.out(), "standard output");
    assertThat(json).containsEntry("rows", 9).containsKey("where");
    assertThat(column(run, "units_sold")).containsEntry("sum", "135").containsEntry("nulls", 0);
    assertThat(((Map<?, ?>) json.get("scan")).get("rowsFiltered")).isEqualTo(44);
  }

  @Test
  void writesAPageForPeople() throws IOException {
    Path page = folder.resolve("page.html");
    Path json = folder.resolve("profile.json");
    CommandLineRun run =
        CommandLineRun.tableProfile(
            "--table",
            table,
            "--series",
            "shop",
            "--time",
            "day",
            "--html",
            page.toString(),
            "--json",
            json.toString());
    assertThat(run.status()).as(run.err()).isZero();
    assertThat(run.out()).isEmpty();
    Map<?, ?> series =
        (Map<?, ?>) Json.readObject(Files.readString(json), "the file").get("series");
    assertThat(series.get("missingTimes")).isEqualTo(3);
    String html = Files.readString(page);
    assertThat(html)
        .startsWith("<!doctype html>")
        .endsWith("</html>\n")
        .contains("&lt;b&gt;north", "3 missing", "complete", "47.2 % null", "2026-02-05: 0 of 1")
        .doesNotContain("<b>", "http:", "https:", "<script", "src=");
    assertThat(html.split("<svg", -1).length).isEqualTo(html.split("</svg>", -1).length);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--version=-1 | --version: -1 (expected: >= 0)",
        "--version=x | is not a long",
        "--version=1 --timestamp=2026-01-01 | both given (expected: one of them)",
        "--timestamp=yesterday | --timestamp: \"yesterday\" (expected: 2026-11-22",
        "--columns=a,,b | an empty name",
        "--columns=`a | a back quote stays open",
        "--series=shop | --series and --time: one without the other",
        "--threads=0 | --threads: 0 (expected: >= 1)",
        "--where=units_sold<>=3 | --where: Cannot ",
        "--html=none/p.html | --html: none/p.html (expected: a file in an existing",
        "--colour=red | Unknown option"
      })
  void tellsWrongSettingsByStatusTwo(String given, String message) {
    List<String> arguments = new ArrayList<>(List.of("--table", table));
    arguments.addAll(List.of(given.split(" ")));
    CommandLineRun run = CommandLineRun.tableProfile(arguments.toArray(String[]::new));
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err()).contains(message).doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void asksForATable() {
    CommandLineRun run = CommandLineRun.tableProfile();
    assertThat(run.status()).isEqualTo(2);
    assertThat(run.err())
        .contains("--table: not given (expected: the folder of a Delta table, or its address)");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--columns=prise | no such column (known: shop, day, units_sold, price)",
        "--version=7 | version 7",
        "--where=prise=3 | \"prise\"",
        "--series=shop --time=price | Cannot take column \"price\" of type double"
      })
  void tellsWhatCannotBeReadByStatusOne(String given, String message) {
    List<String> arguments = new ArrayList<>(List.of("--table", table));
    arguments.addAll(List.of(given.split(" ")));
    CommandLineRun run = CommandLineRun.tableProfile(arguments.toArray(String[]::new));
    assertThat(run.status()).isEqualTo(1);
    assertThat(run.err())
        .startsWith("TableProfile: Cannot ")
        .contains(message)
        .doesNotContain("\tat ");
    assertThat(run.out()).isEmpty();
    CommandLineRun nowhere = CommandLineRun.tableProfile("--table", table + "-gone");
    assertThat(nowhere.status()).isEqualTo(1);
  }
}
