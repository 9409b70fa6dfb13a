package io.hdl.samples;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** The options of {@link DemandForecast} as they were given; null where one was not. */
final class DemandOptions {
  @ArgGroup(exclusive = false, heading = "%nThe table (without --table a made-up one is used):%n")
  TableOptions table = new TableOptions();

  @ArgGroup(exclusive = false, heading = "%nThe model and its training:%n")
  OneModel training = new OneModel();

  @ArgGroup(exclusive = false, heading = "%nThe run:%n")
  RunOptions run = new RunOptions();

  /** The training of one model. */
  static final class OneModel extends TrainingOptions {
    @Option(
        names = "--model",
        paramLabel = "NAME",
        converter = Choices.ModelOf.class,
        description = "One of " + Choices.MODELS + "; default: nhits.")
    @Nullable String model;
  }
}
