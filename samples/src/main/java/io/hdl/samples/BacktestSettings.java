package io.hdl.samples;

import io.hdl.core.error.Problems;
import io.hdl.data.series.Split;
import io.hdl.data.series.WindowSelection;
import io.hdl.samples.BacktestOptions.ComparisonOptions;
import io.hdl.samples.BacktestOptions.Report;
import io.hdl.samples.BacktestOptions.WhichWindows;
import io.hdl.train.evaluate.Baseline;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
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
 * @param reuse where trained members are noted down
 */
record BacktestSettings(
    List<Candidate> candidates,
    ForecastSettings common,
    Report report,
    WindowSelection selection,
    int history,
    List<String> baselines,
    String fallback,
    String metric,
    Optional<Path> select,
    Optional<Path> choice,
    Optional<Path> reuse,
    boolean refit) {
  BacktestSettings {
    candidates = List.copyOf(candidates);
    baselines = List.copyOf(baselines);
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
    if (comparison.reuse != null) {
      ForecastSettings.writable(problems, "--reuse", comparison.reuse);
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
    String fallback = comparison.fallback == null ? Baseline.SEASONAL_NAIVE : comparison.fallback;
    List<String> baselines =
        comparison.baselines == null
            ? List.of(Baseline.NAIVE, Baseline.SEASONAL_NAIVE)
            : comparison.baselines;
    if (comparison.metric.equals("owa") && !baselines.contains(Baseline.NAIVE2)) {
      baselines = Stream.concat(baselines.stream(), Stream.of(Baseline.NAIVE2)).toList();
    }
    baselines.forEach(name -> isBaseline(problems, "--baselines", name));
    isBaseline(problems, "--fallback", fallback);
    problems.throwIfAny("The command line");
    return new BacktestSettings(
        candidates,
        candidates.stream().flatMap(c -> c.training().stream()).findFirst().orElseThrow(),
        comparison.report,
        selection,
        history,
        baselines,
        fallback,
        comparison.metric,
        Optional.ofNullable(comparison.select).map(Path::of),
        Optional.ofNullable(comparison.choice),
        Optional.ofNullable(comparison.reuse).map(Path::of),
        comparison.refit);
  }

  private static void isBaseline(Problems problems, String option, String name) {
    problems.require(
        Baseline.names().contains(name),
        () -> option + ": " + name + " (expected: of " + Baseline.names() + ")");
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
