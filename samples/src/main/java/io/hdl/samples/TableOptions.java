package io.hdl.samples;

import io.hdl.data.series.Frequency;
import io.hdl.samples.Choices.GapChoice;
import io.hdl.samples.Choices.SeriesChoice;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a forecast reads, as options; null where one was not given. */
final class TableOptions {
  @Option(
      names = "--table",
      paramLabel = "PATH|URI",
      description = "Delta table to train on: a folder, or an address of a lake (abfss://...).")
  @Nullable String table;

  @Option(
      names = "--key",
      paramLabel = "A,B",
      split = ",",
      hideParamSyntax = true,
      description = "Columns that tell the series apart.")
  @Nullable List<String> key;

  @Option(
      names = "--time",
      paramLabel = "C",
      description = "Column of the time: date, timestamp or integer.")
  @Nullable String time;

  @Option(
      names = "--frequency",
      paramLabel = "F",
      converter = Choices.FrequencyOf.class,
      description = "Step of the series: D, W, M, H or integer.")
  @Nullable Frequency frequency;

  @Option(names = "--target", paramLabel = "Y", description = "Column to forecast.")
  @Nullable String target;

  @Option(
      names = "--known",
      paramLabel = "A,B",
      split = ",",
      hideParamSyntax = true,
      description = "Covariates that are known ahead.")
  @Nullable List<String> known;

  @Option(
      names = "--past",
      paramLabel = "A,B",
      split = ",",
      hideParamSyntax = true,
      description = "Covariates that are known up to now only.")
  @Nullable List<String> past;

  @Option(
      names = "--constant",
      paramLabel = "A,B",
      split = ",",
      hideParamSyntax = true,
      description = "Columns with one value per series.")
  @Nullable List<String> constant;

  @Option(
      names = "--gaps",
      paramLabel = "zero|missing",
      description = "What a missing row means; default: missing.")
  @Nullable GapChoice gaps;

  @Option(
      names = "--series",
      paramLabel = "all|complete",
      description = "Which series to keep; default: all.")
  @Nullable SeriesChoice series;

  @Option(
      names = "--version",
      paramLabel = "N",
      description = "Version of the table; default: the latest.")
  @Nullable Long version;

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
      description = {
        "Where they are kept on a disk that machines share;",
        "default: HDL_WARM on an NVIDIA host, else nowhere."
      })
  @Nullable Path warm;
}
