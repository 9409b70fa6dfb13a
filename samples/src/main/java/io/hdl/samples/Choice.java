package io.hdl.samples;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.evaluation.Scores;
import io.hdl.core.json.Json;
import io.hdl.train.Forecaster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * What was chosen on validation alone, and out of what: a file that {@code --select} writes and
 * {@code --choice} reads.
 *
 * @param chosen name of the best candidate
 * @param metric what it is the best by, lower being better
 * @param table where the data lies
 * @param version the version that was trained on
 * @param split the split whose test part nobody has looked at
 * @param windows number of windows of the validation part that were scored
 * @param baselines the baselines' scores on the validation part
 * @param candidates all that were compared
 */
record Choice(
    String chosen,
    String metric,
    String table,
    long version,
    Map<String, String> split,
    long windows,
    Map<String, Map<String, Double>> baselines,
    List<Entry> candidates) {
  /**
   * A candidate.
   *
   * @param definition its options, as text
   * @param validation its scores on the validation part
   * @param members the models that were trained for it
   */
  record Entry(
      String name, String definition, Map<String, Double> validation, List<SavedMember> members) {}

  /** A trained model of a candidate, as {@link TrainedMember} with its place. */
  record SavedMember(
      long seed, String savedModel, String weightsSha256, int bestEpoch, double trainingSeconds) {
    static SavedMember of(TrainedMember member) {
      return new SavedMember(
          member.seed(),
          member.folder().toString(),
          member.forecaster().weightsSha256(),
          member.bestEpoch(),
          member.took().toMillis() / 1000.0);
    }

    /** The member with its model, which was loaded. */
    TrainedMember member(String candidate, Forecaster forecaster) {
      Duration took = Duration.ofMillis(Math.round(trainingSeconds * 1000));
      return new TrainedMember(candidate, seed, Path.of(savedModel), bestEpoch, took, forecaster);
    }
  }

  /** The name of the candidate with the lowest value of a metric. */
  static String best(String metric, Map<String, Scores> candidates) {
    Optional<String> best = Optional.empty();
    double lowest = Double.POSITIVE_INFINITY;
    for (Map.Entry<String, Scores> candidate : candidates.entrySet()) {
      double value = candidate.getValue().value(metric).orElse(Double.NaN);
      if (value < lowest) {
        lowest = value;
        best = Optional.of(candidate.getKey());
      }
    }
    return best.orElseThrow(
        () ->
            new HdlException(
                ErrorCode.INVALID_SETTINGS,
                "--metric: "
                    + metric
                    + " (expected: one that is known of the validation part, such as "
                    + candidates.values().stream()
                        .findFirst()
                        .map(scores -> scores.values().keySet().toString())
                        .orElse("wape")
                    + ")"));
  }

  static Choice read(Path file) {
    try {
      return Json.read(Files.readString(file), Choice.class, file.toString());
    } catch (IOException e) {
      throw new HdlException(
          ErrorCode.IO_FAILURE,
          "Cannot read the choice of " + file + ": " + e + ". Name a file that --select wrote.",
          e);
    }
  }

  /**
   * Opens the models that were trained; the caller closes them.
   *
   * @param now the candidates of the command line, which must be those of the choice
   */
  List<TrainedMember> open(List<Candidate> now) {
    List<String> before = candidates.stream().map(e -> e.name() + ": " + e.definition()).toList();
    List<String> given = now.stream().map(c -> c.name() + ": " + c.definition()).toList();
    if (!before.equals(given)) {
      throw new HdlException(
          ErrorCode.INVALID_SETTINGS,
          "--choice: it was made among "
              + before
              + ", the command line has "
              + given
              + " (expected: the candidates of the choice)");
    }
    List<TrainedMember> members = new ArrayList<>();
    for (Entry candidate : candidates) {
      for (SavedMember saved : candidate.members()) {
        Forecaster forecaster = Forecaster.load(Path.of(saved.savedModel()));
        members.add(saved.member(candidate.name(), forecaster));
        if (!forecaster.weightsSha256().equals(saved.weightsSha256())) {
          members.forEach(TrainedMember::close);
          throw new HdlException(
              ErrorCode.CORRUPT_DATA,
              "Cannot score the choice: "
                  + saved.savedModel()
                  + " has other weights than it had when the choice was made. Choose again.");
        }
      }
    }
    return members;
  }

  /** The scores on validation of a candidate. */
  Scores validation(String name) {
    return candidates.stream()
        .filter(candidate -> candidate.name().equals(name))
        .map(candidate -> new Scores(Objects.requireNonNull(candidate.validation())))
        .findFirst()
        .orElse(Scores.NONE);
  }
}
