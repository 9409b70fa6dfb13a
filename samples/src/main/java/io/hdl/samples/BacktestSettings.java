package io.hdl.samples;

import io.hdl.core.error.Problems;
import io.hdl.data.series.Split;
import io.hdl.data.series.WindowSelection;
import io.hdl.samples.BacktestOptions.ComparisonOptions;
import io.hdl.samples.BacktestOptions.Report;
import io.hdl.samples.BacktestOptions.WhichWindows;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ParseResult;

/**
 * What a {@link Backtest} shall do, with every default filled in.
 *
 * @param candidates what is compared
 * @param common what is the same for all that is trained: table, horizon, split, season
 * @param selection which windows of a part are scored
 * @param history fewest steps before a scored window
 * @param select where a choice is written
 * @param choice the choice that is scored on test
 */
record BacktestSettings(
    List<Candidate> candidates,
    ForecastSettings common,
    Report report,
    WindowSelection selection,
    int history,
    String fallback,
    String metric,
    Optional<Path> select,
    Optional<Path> choice,
    boolean refit) {
  BacktestSettings {
    candidates = List.copyOf(candidates);
  }

  /** Fills in the defaults and checks all options together. */
  static BacktestSettings of(BacktestOptions options, ParseResult given) {
    ComparisonOptions comparison = options.comparison;
    List<Candidate> candidates = new Candidates(options, given).read();
    Problems problems = new Problems();
    WindowSelection selection = WindowSelection.all();
    if (comparison.windows == WhichWindows.last) {
      selection = selection.last();
    }
    if (comparison.stride != null) {
      int stride = comparison.stride;
      problems.require(stride >= 1, () -> "--stride: " + stride + " (expected: >= 1)");
      selection = selection.stride(Math.max(1, stride));
    }
    int history = comparison.history != null ? comparison.history : shortestContext(candidates);
    problems.require(history >= 1, () -> "--history: " + history + " (expected: >= 1)");
    problems.require(
        BacktestResult.metrics().contains(comparison.metric),
        () ->
            "--metric: "
                + comparison.metric
                + " (expected: one of "
                + BacktestResult.metrics()
                + ")");
    if (comparison.select != null) {
      ForecastSettings.writable(problems, "--select", comparison.select);
    }
    problems.require(
        comparison.select == null || comparison.choice == null,
        () -> "--choice: given with --select (expected: one of them)");
    problems.require(
        comparison.choice == null || Files.isRegularFile(comparison.choice),
        () -> "--choice: " + comparison.choice + " (expected: a file that --select wrote)");
    problems.require(
        !comparison.refit || comparison.choice != null,
        () -> "--refit: given without --choice (expected: --choice with it)");
    problems.throwIfAny("The command line");
    return new BacktestSettings(
        candidates,
        candidates.stream().flatMap(c -> c.training().stream()).findFirst().orElseThrow(),
        comparison.report,
        selection,
        history,
        comparison.fallback == null ? "seasonal_naive" : comparison.fallback,
        comparison.metric,
        Optional.ofNullable(comparison.select).map(Path::of),
        Optional.ofNullable(comparison.choice),
        comparison.refit);
  }

  private static int shortestContext(List<Candidate> candidates) {
    return candidates.stream()
        .flatMap(candidate -> candidate.training().stream())
        .mapToInt(ForecastSettings::context)
        .min()
        .orElseThrow();
  }

  /** The split that the parts scored come from. */
  Split split() {
    return common.split();
  }
}
