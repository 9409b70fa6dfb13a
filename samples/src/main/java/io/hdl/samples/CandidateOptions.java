package io.hdl.samples;

import io.hdl.train.evaluate.Combination;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** One candidate of a {@link Backtest} as its line gives it; null where an option was not. */
final class CandidateOptions extends TrainingOptions {
  @Option(names = "--model", converter = Choices.ModelOf.class)
  @Nullable String model;

  @Option(names = "--seeds", split = ",")
  @Nullable List<Long> seeds;

  @Option(names = "--members", split = ",")
  @Nullable List<String> members;

  @Option(names = "--combine")
  @Nullable Combination combine;
}
