package io.hdl.samples;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@link TableProfile} as they were given; null where one was not. */
final class ProfileOptions {
  @Option(
      names = "--table",
      paramLabel = "PATH|URI",
      description = "Delta table to look at: a folder, or an address of a lake (abfss://...).")
  @Nullable String table;

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
      description = "Where they are kept on a disk that machines share.")
  @Nullable Path warm;

  @Option(
      names = "--version",
      paramLabel = "N",
      description = "Version of the table; default: the latest.")
  @Nullable Long version;

  @Option(
      names = "--timestamp",
      paramLabel = "T",
      description = {
        "The version that was the latest at a moment:",
        "2026-11-22, 2026-11-22T08:00:00 (both UTC) or 2026-11-22T08:00:00+01:00."
      })
  @Nullable String timestamp;

  @Option(
      names = "--columns",
      paramLabel = "A,B",
      description = {
        "The columns to read; default: all that can be read. A struct stands for",
        "what is within it; names with commas go in back quotes: '`a, b`,c'."
      })
  @Nullable String columns;

  @Option(
      names = "--where",
      paramLabel = "EXPR",
      description = {
        "Only rows for which this is true: comparisons with =, !=, <, <=, >, >=, in (...),",
        "between ... and ..., is [not] null, joined by and, or, not:",
        "\"store = 3 and date >= '2011-01-01'\"."
      })
  @Nullable String where;

  @Option(
      names = "--checksums",
      description = "Adds sums by which two readers of one table can be compared.")
  boolean checksums;

  @Option(
      names = "--series",
      paramLabel = "A,B",
      description = "Columns that tell series apart: looks for their gaps.")
  @Nullable String series;

  @Option(
      names = "--time",
      paramLabel = "C",
      description = "Column of the time of the series: date, timestamp or integer.")
  @Nullable String time;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Writes a page with distributions and gaps for people.")
  @Nullable Path html;

  @Option(
      names = "--json",
      paramLabel = "FILE|-",
      description = "Where the JSON goes; default: -, standard output.")
  String json = "-";

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads that read; default: one per processor.")
  @Nullable Integer threads;

  @Option(names = "--verbose", description = "Shows stack traces of failures.")
  boolean verbose;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Shows these options.")
  boolean help;
}
