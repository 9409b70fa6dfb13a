package io.hdl.samples;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.Problems;
import io.hdl.samples.BacktestOptions.ComparisonOptions;
import io.hdl.train.evaluate.Baseline;
import io.hdl.train.evaluate.Combination;
import io.hdl.train.model.Models;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParseResult;

/** Reads what a {@link Backtest} compares, from its options or from a file. */
final class Candidates {
  /** Stands for all models of a command line together. */
  static final String ENSEMBLE = "ensemble";

  /** What {@code --model ensemble} alone is made of. */
  private static final List<String> USUAL_MEMBERS = List.of("nhits", "nbeats");

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,59}");

  private final BacktestOptions options;
  private final ParseResult given;

  Candidates(BacktestOptions options, ParseResult given) {
    this.options = options;
    this.given = given;
  }

  /** The candidates, at least one, ensembles after their members. */
  List<Candidate> read() {
    Path file = options.comparison.candidates;
    List<Candidate> candidates = file == null ? ofOptions() : ofFile(file);
    check(candidates);
    return candidates;
  }

  private List<Candidate> ofOptions() {
    ComparisonOptions comparison = options.comparison;
    List<String> names = comparison.models == null ? List.of("nhits") : comparison.models;
    List<String> models =
        names.equals(List.of(ENSEMBLE))
            ? USUAL_MEMBERS
            : names.stream().filter(name -> !name.equals(ENSEMBLE)).toList();
    List<Candidate> candidates = new ArrayList<>();
    for (String model : models) {
      if (!Models.names().contains(model)) {
        throw new HdlException(
            ErrorCode.INVALID_SETTINGS,
            "--model: " + model + " (expected: of " + Models.names() + ", or ensemble)");
      }
      candidates.add(
          Candidate.trained(
              model,
              "--model " + model,
              settings(options.training, model),
              seeds(null),
              combination(null)));
    }
    if (names.contains(ENSEMBLE)) {
      candidates.add(
          Candidate.ensemble(
              ENSEMBLE, "--members " + String.join(",", models), models, combination(null)));
    }
    return candidates;
  }

  private List<Candidate> ofFile(Path file) {
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS,
          "--candidates: " + file + " cannot be read: " + e + " (expected: a text file)",
          e);
    }
    List<Candidate> candidates = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("(^|\\s)#.*", "").strip();
      if (!line.isEmpty()) {
        candidates.add(ofLine(line, file + " line " + (i + 1)));
      }
    }
    if (candidates.isEmpty()) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS,
          "--candidates: "
              + file
              + " has no candidate (expected: lines such as"
              + " short: --model nhits --context 28)");
    }
    return candidates;
  }

  private Candidate ofLine(String line, String where) {
    int colon = line.indexOf(':');
    String name = colon < 0 ? "" : line.substring(0, colon).strip();
    if (!NAME.matcher(name).matches()) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS,
          where + ": \"" + line + "\" (expected: a name, a colon, options)");
    }
    String definition = line.substring(colon + 1).strip();
    CandidateOptions own = new CandidateOptions();
    try {
      new CommandLine(own)
          .setCaseInsensitiveEnumValuesAllowed(true)
          .setDefaultValueProvider(this::givenForAll)
          .parseArgs(definition.split("\\s+"));
      return own.members == null
          ? Candidate.trained(
              name,
              definition,
              settings(own, own.model),
              seeds(own.seeds),
              combination(own.combine))
          : Candidate.ensemble(name, definition, own.members, combination(own.combine));
    } catch (CommandLine.ParameterException | HdlException e) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS, where + ", " + name + ": " + e.getMessage(), e);
    }
  }

  /** What the command line says of an option, for candidates whose line does not. */
  private @Nullable String givenForAll(ArgSpec option) {
    if (!(option instanceof OptionSpec named) || named.longestName().equals("--model")) {
      return null;
    }
    OptionSpec matched = given.matchedOption(named.longestName());
    return matched == null || (matched.isMultiValue() && matched.splitRegex().isEmpty())
        ? null
        : String.join(",", matched.originalStringValues());
  }

  private ForecastSettings settings(TrainingOptions training, @Nullable String model) {
    return ForecastSettings.of(options.table, training, model, options.run);
  }

  private List<Long> seeds(@Nullable List<Long> own) {
    if (own != null) {
      return own;
    }
    if (options.comparison.seeds != null) {
      return options.comparison.seeds;
    }
    return List.of(options.training.seed == null ? 1L : options.training.seed);
  }

  private Combination combination(@Nullable Combination own) {
    if (own != null) {
      return own;
    }
    return options.comparison.combine == null ? Combination.MEDIAN : options.comparison.combine;
  }

  private static void check(List<Candidate> candidates) {
    Problems problems = new Problems();
    Set<String> seen = new LinkedHashSet<>();
    for (Candidate candidate : candidates) {
      problems.require(
          seen.add(candidate.name()),
          () -> "candidate: " + candidate.name() + " (expected: each name once)");
      problems.require(
          candidate.seeds().stream().distinct().count() == candidate.seeds().size(),
          () -> "--seeds: " + candidate.seeds() + " (expected: each once)");
    }
    Set<String> trained =
        candidates.stream()
            .filter(candidate -> candidate.training().isPresent())
            .map(Candidate::name)
            .collect(Collectors.toCollection(LinkedHashSet::new));
    candidates.stream()
        .flatMap(candidate -> candidate.members().stream())
        .filter(member -> !trained.contains(member) && !Baseline.names().contains(member))
        .forEach(
            member ->
                problems.add(
                    "--members: "
                        + member
                        + " (expected: of "
                        + trained
                        + " or the baselines "
                        + Baseline.names()
                        + ")"));
    List<ForecastSettings> trainings =
        candidates.stream().flatMap(candidate -> candidate.training().stream()).toList();
    problems.require(
        !trainings.isEmpty(), () -> "candidates: none is trained (expected: at least one)");
    oneValue(problems, "--horizon", trainings.stream().map(ForecastSettings::horizon).toList());
    oneValue(problems, "--season", trainings.stream().map(ForecastSettings::season).toList());
    oneValue(problems, "--split", trainings.stream().map(ForecastSettings::split).toList());
    problems.throwIfAny("The command line");
  }

  private static void oneValue(Problems problems, String option, List<?> values) {
    problems.require(
        values.stream().distinct().count() <= 1,
        () ->
            option
                + ": "
                + values.stream().distinct().map(String::valueOf).collect(Collectors.joining(", "))
                + " (expected: one for all candidates)");
  }
}
