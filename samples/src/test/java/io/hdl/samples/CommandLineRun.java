package io.hdl.samples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.ToIntFunction;

/** What one run of a sample's command line came to. */
record CommandLineRun(int status, String out, String err) {
  /** Runs the demand forecast within this process. */
  static CommandLineRun demandForecast(String... arguments) {
    return of(DemandForecast::run, arguments);
  }

  /** Runs the comparison of models within this process. */
  static CommandLineRun backtest(String... arguments) {
    return of(Backtest::run, arguments);
  }

  /** Runs the table profile within this process. */
  static CommandLineRun tableProfile(String... arguments) {
    return of(TableProfile::run, arguments);
  }

  /** Runs the lake of this machine within this process, its command in another. */
  static CommandLineRun localLake(String... arguments) {
    return of(LocalLake::run, arguments);
  }

  /** Warms a cache within this process. */
  static CommandLineRun warmCache(String... arguments) {
    return of(WarmCache::run, arguments);
  }

  /** Delivers what runs left within this process. */
  static CommandLineRun syncRuns(String... arguments) {
    return of(SyncRuns::run, arguments);
  }

  /** Trains on several replicas within this process. */
  static CommandLineRun multiReplica(String... arguments) {
    return of(MultiReplica::run, arguments);
  }

  /** Runs a sample within this process, its two streams apart. */
  private static CommandLineRun of(ToIntFunction<String[]> sample, String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream takenOut = new ByteArrayOutputStream();
    ByteArrayOutputStream takenErr = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(takenOut, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(takenErr, true, StandardCharsets.UTF_8));
      int status = sample.applyAsInt(arguments);
      return new CommandLineRun(
          status,
          takenOut.toString(StandardCharsets.UTF_8),
          takenErr.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }
}
