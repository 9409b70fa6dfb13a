package io.hdl.samples;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@link WarmCache} as they were given; null where one was not. */
final class WarmOptions {
  @Option(
      names = "--table",
      paramLabel = "URI",
      description = {
        "Table of a lake (abfss://...), several times for several;",
        "default: that of HDL_LAKE_TABLE, which LocalLake sets for a command."
      })
  List<String> tables = new ArrayList<>();

  @Option(
      names = "--version",
      paramLabel = "N",
      description = "Version of the one table; default: the latest.")
  @Nullable Long version;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "Home directory, with the hot tier unless another one is named.")
  @Nullable Path home;

  @Option(
      names = "--hot",
      paramLabel = "DIR",
      description = {
        "Where files of a lake are kept on a disk of this machine;",
        "default: HDL_HOT on an NVIDIA host, else cache in the home directory."
      })
  @Nullable Path hot;

  @Option(
      names = "--warm",
      paramLabel = "DIR",
      description = "Where they are kept on a disk that machines share; files come there alone.")
  @Nullable Path warm;

  @Option(
      names = "--windows",
      paramLabel = "TIMES",
      description = {
        "When files may be fetched, by this machine's clock: 22:00-06:00, or",
        "\"Mon-Fri 20:00-06:00; Sat-Sun 00:00-00:00\"; default: always."
      })
  @Nullable String windows;

  @Option(
      names = "--bandwidth",
      paramLabel = "MB/S",
      description = "The share of the link to keep to, in millions of bytes per second.")
  @Nullable Double bandwidth;

  @Option(
      names = "--link-rate",
      paramLabel = "MB/S",
      description = "What the link gives, to judge a deadline where there is no --bandwidth.")
  @Nullable Double linkRate;

  @Option(
      names = "--deadline",
      paramLabel = "T",
      description = {
        "When all must be there: 2026-11-23T06:00:00 (this machine's clock) or",
        "2026-11-23T06:00:00Z. One that cannot be met is refused at once."
      })
  @Nullable String deadline;

  @Option(
      names = "--keep",
      paramLabel = "DAYS",
      description = "How long nothing may push the files out; default: 2.")
  double keep = 2;

  @Option(
      names = "--follow",
      paramLabel = "MINUTES",
      description = "Looks again and again for newer versions, so long after each round.")
  @Nullable Double follow;

  @Option(names = "--json", description = "Prints JSON, one line for each round.")
  boolean json;

  @Option(names = "--verbose", description = "Shows stack traces of failures.")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows these options.")
  boolean help;
}
