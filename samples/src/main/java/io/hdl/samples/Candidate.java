package io.hdl.samples;

import io.hdl.train.evaluate.Combination;
import java.util.List;
import java.util.Optional;

/**
 * One of those that a {@link Backtest} compares: a model with its training, once per seed, or an
 * ensemble of others.
 *
 * @param name what it is called
 * @param definition the options that tell it from the others, as text
 * @param training how it is trained; empty for an ensemble
 * @param seeds one member per seed; empty for an ensemble
 * @param members names of candidates and baselines that an ensemble is made of
 * @param combination how forecasts become one
 */
record Candidate(
    String name,
    String definition,
    Optional<ForecastSettings> training,
    List<Long> seeds,
    List<String> members,
    Combination combination) {
  Candidate {
    seeds = List.copyOf(seeds);
    members = List.copyOf(members);
  }

  /** A model that is trained. */
  static Candidate trained(
      String name,
      String definition,
      ForecastSettings training,
      List<Long> seeds,
      Combination combination) {
    return new Candidate(name, definition, Optional.of(training), seeds, List.of(), combination);
  }

  /** An ensemble of others. */
  static Candidate ensemble(
      String name, String definition, List<String> members, Combination combination) {
    return new Candidate(name, definition, Optional.empty(), List.of(), members, combination);
  }
}
