package io.hdl.train.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.provenance.DataProvenance;
import io.hdl.core.provenance.RunProvenance;
import io.hdl.data.series.Part;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Split;
import io.hdl.data.series.Windows;
import io.hdl.train.evaluate.Backtest;
import io.hdl.train.evaluate.Baseline;
import io.hdl.train.evaluate.Evaluator;
import io.hdl.train.evaluate.QualityGate;
import io.hdl.train.evaluate.SeasonalSales;
import io.hdl.train.evaluate.WindowPredictor;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

class ForecastReportTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final int HORIZON = 12;
  private static final String HOSTILE = "<script>alert(\"x\")</script> & 'co'";

  @TempDir Path folder;

  @Test
  void holdsEverythingAndNothingFromOutside() throws IOException {
    String page = write(data("demand-forecast", true));
    assertThat(page)
        .contains("demand-forecast", "seasonal naive", "Quality gate: passed", "version 7")
        .contains("10.0 % to 90.0 % quantile", "Loss by epoch", "WAPE by step of the horizon")
        .contains("weekly_sales", "lowest error", "highest error", "largest volume")
        .doesNotContain("<script", "<link", "http://", "https://", "@import", "url(");
    assertThat(page.split("<svg ", -1)).hasSize(1 + 3 + 12);
  }

  @Test
  void writesEachPlotAsAFileOfItsOwn() throws Exception {
    Path plots = ForecastReport.writePlots(folder.resolve("report"), data(HOSTILE, true));
    assertThat(plots).isEqualTo(folder.resolve("report/plots"));
    assertThat(plots.toFile().list())
        .contains("loss.svg", "wape_by_step.svg", "wape_by_series.svg", "forecast_1.svg")
        .hasSize(3 + 12);
    for (Path plot : List.of(plots.resolve("loss.svg"), plots.resolve("forecast_12.svg"))) {
      Document svg = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(plot.toFile());
      assertThat(svg.getDocumentElement().getNodeName()).isEqualTo("svg");
      assertThat(svg.getDocumentElement().getAttribute("xmlns"))
          .isEqualTo("http://www.w3.org/2000/svg");
      assertThat(svg.getElementsByTagName("style").item(0).getTextContent()).contains("--model");
      assertThat(svg.getElementsByTagName("path").getLength()).isPositive();
    }
  }

  @Test
  void escapesWhateverComesFromOutside() throws IOException {
    String page = write(data(HOSTILE, false));
    assertThat(page).doesNotContain("<script", "alert(\"x\")");
    assertThat(page)
        .contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;co&#39;");
  }

  @Test
  void isWellFormed() throws Exception {
    String page = write(data(HOSTILE, true));
    String xml =
        page.replace("<!doctype html>", "")
            .replaceAll("<meta [^>]*>", "")
            .replace("<details open>", "<details>");
    Document document =
        DocumentBuilderFactory.newInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(xml)));
    assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(15);
    assertThat(page).doesNotContain("NaN", "Infinity");
  }

  @Test
  void isTheSameFileForTheSameData() throws IOException {
    assertThat(write(data("same", true))).isEqualTo(write(data("same", true)));
  }

  @Test
  void doesWithoutTheOptionalParts() throws IOException {
    ReportData whole = data("plain", false);
    ReportData bare =
        ReportData.of(
            "plain", NOW, whole.backtest(), GateDecision.notJudged("There is no baseline."));
    String page = write(bare);
    assertThat(page).contains("Quality gate: not judged", "There is no baseline.");
    assertThat(page).doesNotContain("Where this comes from", "Loss by epoch", "quantile<");
  }

  @Test
  void marksTheBestOfEachColumn() throws IOException {
    String page = write(data("best", false));
    String model = page.substring(page.indexOf("<td>Model</td>"));
    assertThat(model.substring(0, model.indexOf("</tr>"))).contains("class=\"best\"");
  }

  @Test
  void choosesTheSameSeriesEachOnce() {
    try (SeriesStore store = SeasonalSales.random(5, 80, 2)) {
      Backtest backtest = evaluator(store).backtest(model(store, false));
      Map<Integer, String> chosen = Examples.chooseSeries(backtest.test(), 12);
      assertThat(chosen).hasSize(5);
      assertThat(chosen).isEqualTo(Examples.chooseSeries(backtest.test(), 12));
      assertThat(chosen.values())
          .containsExactly(
              "largest volume", "smallest volume", "lowest error", "median error", "highest error");
      assertThat(Examples.chooseSeries(backtest.test(), 0)).isEmpty();
    }
  }

  @Test
  void saysWhereItCannotWrite() throws IOException {
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> ForecastReport.write(file, data("x", false)))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO_FAILURE))
        .hasMessageContaining("Cannot write the report to " + file.resolve("report.html"));
  }

  private String write(ReportData data) throws IOException {
    return Files.readString(ForecastReport.write(folder.resolve("report"), data));
  }

  private static ReportData data(String title, boolean quantiles) {
    try (SeriesStore store = SeasonalSales.random(60, 120, 5)) {
      WindowPredictor model = model(store, quantiles);
      Evaluator evaluator = evaluator(store);
      Backtest backtest = evaluator.backtest(model);
      Windows windows = evaluator.windows(Part.TEST);
      List<EpochLoss> losses = new ArrayList<>();
      for (int epoch = 1; epoch <= 14; epoch++) {
        losses.add(
            new EpochLoss(
                epoch,
                0.1 + Math.exp(-epoch / 3.0),
                0.16 + Math.exp(-epoch / 2.5) + 0.001 * epoch * epoch / 4));
      }
      Map<String, String> settings = new LinkedHashMap<>();
      settings.put("train.model", "nhits");
      settings.put("train.note", title);
      Map<String, String> specification = new LinkedHashMap<>();
      specification.put("series.key", "store, dept");
      DataProvenance table =
          new DataProvenance(
              "sales",
              "/lake/sales",
              7,
              NOW,
              "0c3e",
              List.of("store", "weekly_sales"),
              specification,
              7200,
              3);
      return ReportData.of(title, NOW, backtest, QualityGate.beats().judge(backtest.evaluation()))
          .subtitle("N-HiTS · context 24 · horizon 12")
          .losses(losses)
          .examples(Examples.choose(store, windows, backtest.test(), model, 48, 12))
          .facts(Map.of("best epoch", "11 of 14"))
          .provenance(
              new RunProvenance(
                  java.util.Optional.of(table),
                  settings,
                  42,
                  Map.of("java", "17"),
                  Map.of("cpus", "2")));
    }
  }

  private static Evaluator evaluator(SeriesStore store) {
    return Evaluator.of(store, Split.last(HORIZON, HORIZON), 24, HORIZON).season(12);
  }

  /** The mean of the last two seasons: better than either baseline on these series. */
  private static WindowPredictor model(SeriesStore store, boolean quantiles) {
    Baseline last = Baseline.seasonalNaive(store, 12);
    Baseline before = Baseline.seasonalNaive(store, 24);
    return new WindowPredictor() {
      @Override
      public void predict(Windows windows, long from, int count, float[] out) {
        float[] other = new float[out.length];
        last.predict(windows, from, count, out);
        before.predict(windows, from, count, other);
        for (int i = 0; i < count * HORIZON; i++) {
          out[i] = (out[i] + other[i]) / 2 * 1.05f;
        }
      }

      @Override
      public List<Double> quantiles() {
        return quantiles ? List.of(0.1, 0.5, 0.9) : List.of();
      }

      @Override
      public void predictQuantiles(Windows windows, long from, int count, float[] out) {
        float[] point = new float[count * HORIZON];
        predict(windows, from, count, point);
        float[] factors = {0.85f, 1, 1.18f};
        for (int i = 0; i < count; i++) {
          for (int q = 0; q < 3; q++) {
            for (int step = 0; step < HORIZON; step++) {
              out[(i * 3 + q) * HORIZON + step] = point[i * HORIZON + step] * factors[q];
            }
          }
        }
      }
    };
  }
}
