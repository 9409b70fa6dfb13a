package io.hdl.samples;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.error.JobCancelledException;
import io.hdl.core.progress.ProgressStyle;
import picocli.CommandLine;

/** What a sample says when it fails, and its exit status. */
final class SampleFailure {
  private static final int FAILED = 1;
  private static final int WRONG_SETTINGS = 2;
  private static final int INTERRUPTED = 130;
  private static final String VERBOSE_HINT = " (--verbose shows where)";

  private final String sample;

  SampleFailure(String sample) {
    this.sample = sample;
  }

  /** Words for options that cannot be read, and the exit status. */
  int wrongOptions(CommandLine.ParameterException wrong) {
    say(String.valueOf(wrong.getMessage()));
    System.err.println("--help lists the options.");
    return WRONG_SETTINGS;
  }

  /**
   * Words for a failure, and the exit status.
   *
   * @param jobEnded whether a job has ended with it; its progress has said of what then
   */
  int of(Exception failure, boolean verbose, boolean jobEnded) {
    if (verbose) {
      failure.printStackTrace();
    }
    boolean said = jobEnded && ProgressStyle.detect() != ProgressStyle.OFF;
    if (failure instanceof JobCancelledException) {
      say((said ? "stopped" : failure.getMessage()) + "; the same command continues the run");
      return INTERRUPTED;
    }
    if (failure instanceof HdlException known) {
      if (!said) {
        say(String.valueOf(known.getMessage()));
      }
      boolean settings =
          known.code() == ErrorCode.INVALID_SETTINGS || known.code() == ErrorCode.INVALID_ARGUMENT;
      return settings ? WRONG_SETTINGS : FAILED;
    }
    say(failure + (verbose ? "" : VERBOSE_HINT));
    return FAILED;
  }

  private void say(String text) {
    System.err.println(sample + ": " + text);
  }
}
