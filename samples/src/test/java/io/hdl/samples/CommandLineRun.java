package io.hdl.samples;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** What one run of a sample's command line came to. */
record CommandLineRun(int status, String out, String err) {
  /** Runs the demand forecast within this process, its two streams apart. */
  static CommandLineRun demandForecast(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream takenOut = new ByteArrayOutputStream();
    ByteArrayOutputStream takenErr = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(takenOut, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(takenErr, true, StandardCharsets.UTF_8));
      int status = DemandForecast.run(arguments);
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
