package io.hdl.train.report;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.evaluation.Evaluation;
import io.hdl.core.evaluation.GateDecision;
import io.hdl.core.evaluation.Scores;
import io.hdl.train.evaluate.Baseline;
import io.hdl.train.evaluate.PartErrors;
import io.hdl.train.evaluate.RollingResult;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * Writes the report of a rolling-origin backtest: one HTML file with everything inside, made as
 * {@link ForecastReport}'s, with the errors by fold, by step of the horizon and by series.
 * Thread-safe.
 */
public final class RollingReport {
  /** Name of the file in the report's directory. */
  public static final String FILE = "backtest.html";

  private final Data data;
  private final Html page = new Html();
  private final PageParts parts = new PageParts(page);

  private RollingReport(Data data) {
    this.data = data;
  }

  /**
   * What the report shows.
   *
   * @param title name of the job
   * @param subtitle what was trained, in a few words
   * @param created when the report was made
   * @param result the folds and their sum
   * @param gate the quality gate's decision
   * @param settings the settings of training and backtest by name
   */
  public record Data(
      String title,
      String subtitle,
      Instant created,
      RollingResult result,
      GateDecision gate,
      Map<String, String> settings) {
    /** Copies the settings and keeps their order. */
    public Data {
      settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }
  }

  /**
   * Writes {@value #FILE} into a directory, which is created if need be, and replaces an earlier
   * one.
   *
   * @return the file
   * @throws HdlException with {@link ErrorCode#IO_FAILURE} if it cannot be written
   */
  public static Path write(Path directory, Data data) {
    return PageFile.write(directory.resolve(FILE), new RollingReport(data).html(PageFile.style()));
  }

  private String html(String style) {
    RollingResult result = data.result();
    PartErrors seasonal = result.baselines().get(Baseline.SEASONAL_NAIVE);
    parts.begin(data.title() + " · rolling backtest", style);
    int folds = result.folds().size();
    String counted = folds + (folds == 1 ? " fold" : " folds");
    parts.header(
        data.title(),
        data.subtitle().isBlank() ? List.of(counted) : List.of(data.subtitle(), counted),
        data.gate());
    parts.tiles(result.evaluation(), result.errors(), seasonal);
    parts.accuracy(result.evaluation(), data.gate());
    page.raw("<section class=\"pair\">");
    if (folds > 0) {
      parts.chart("WAPE by fold", Charts.folds(result.folds()));
    }
    parts.steps(result.errors(), seasonal);
    parts.distribution(result.errors(), seasonal);
    table(seasonal);
    page.raw("</section><section class=\"card columns\">").element("h2", "", "Settings");
    parts.facts(data.settings());
    page.raw("</section>");
    parts.end(data.created().toString());
    return page.toString();
  }

  /** One row per fold. */
  private void table(@Nullable PartErrors seasonal) {
    page.raw("<div class=\"card\">")
        .element("h2", "", "Folds, in the order of time")
        .raw("<div class=\"scroll\"><table><thead><tr><th>Fold</th><th>Series</th>")
        .raw("<th>Windows</th><th>WAPE</th><th>MASE</th>")
        .raw(seasonal == null ? "" : "<th>WAPE, seasonal naive</th>")
        .raw("</tr></thead><tbody>");
    for (RollingResult.FoldResult fold : data.result().folds()) {
      Evaluation evaluation = fold.evaluation();
      page.raw("<tr>")
          .element("td", "", Integer.toString(fold.number()))
          .element("td", "", String.format(Locale.ROOT, "%,d", evaluation.series()))
          .element("td", "", String.format(Locale.ROOT, "%,d", evaluation.windows()))
          .element("td", "", PageParts.percent(evaluation.model().value("wape")))
          .element("td", "", PageParts.number(evaluation.model().value("mase")));
      if (seasonal != null) {
        OptionalDouble theirs =
            evaluation.baselines().getOrDefault(Baseline.SEASONAL_NAIVE, Scores.NONE).value("wape");
        page.element("td", "", PageParts.percent(theirs));
      }
      page.raw("</tr>");
    }
    RollingResult.Spread spread = data.result().spread("wape");
    page.raw("</tbody></table></div>")
        .element(
            "p",
            "note",
            "The mean over folds is "
                + Numbers.percent(spread.mean())
                + ", the standard deviation "
                + Numbers.percent(spread.deviation())
                + ".")
        .raw("</div>");
  }
}
