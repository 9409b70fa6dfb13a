package io.hdl.data.hostile;

import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import shaded.parquet.org.apache.thrift.TException;

/**
 * Runs fuzz cases in a JVM of its own, so that a crash, an endless loop or memory without a bound
 * is seen for what it is. Prints each case that breaks its rule; ends with 0 if none does.
 *
 * <p>Arguments: area, first seed, number of cases, folder.
 */
final class FuzzChild {
  private static final long LIMIT_SECONDS = 20;
  private static final int MOST_FAILURES = 25;

  // What shows that the message is a defect's, not a reader's.
  private static final Pattern UNCLEAR =
      Pattern.compile(": null\\b(?!,)|because \"|Exception\\b|^\\s*$");

  private static final AtomicLong STARTED = new AtomicLong();
  private static final AtomicReference<String> CASE = new AtomicReference<>("none");

  private FuzzChild() {}

  /** See the class. */
  public static void main(String[] args) throws IOException {
    long firstSeed = Long.parseLong(args[1]);
    int count = Integer.parseInt(args[2]);
    FuzzTarget target = target(args[0], Path.of(args[3]));
    watch(Thread.currentThread());
    Map<String, Integer> outcomes = new TreeMap<>();
    int failures = 0;
    long slowest = 0;
    for (long seed = firstSeed; seed < firstSeed + count && failures < MOST_FAILURES; seed++) {
      FuzzCase damaged = damage(target, seed);
      CASE.set("seed " + seed + ", " + damaged.what());
      long start = System.nanoTime();
      STARTED.set(start);
      String outcome = outcome(target, damaged.rule());
      STARTED.set(0);
      slowest = Math.max(slowest, System.nanoTime() - start);
      if (outcome.startsWith("FAILED")) {
        failures++;
        System.out.println(CASE.get() + " [" + damaged.rule() + "]: " + outcome);
      }
      if (outcome.equals("other values") && Boolean.getBoolean("hdl.fuzz.tell")) {
        System.out.println(CASE.get() + ": " + outcome);
      }
      outcomes.merge(
          outcome.startsWith("FAILED") ? "FAILED" : damaged.rule() + " " + outcome,
          1,
          Integer::sum);
    }
    System.out.println(outcomes + ", slowest " + TimeUnit.NANOSECONDS.toMillis(slowest) + " ms");
    System.exit(failures == 0 ? 0 : 1);
  }

  private static FuzzTarget target(String area, Path folder) throws IOException {
    return switch (area) {
      case "data" -> new DataFileTarget(folder);
      case "log" -> new LogTarget(folder);
      default -> throw new IllegalArgumentException(area);
    };
  }

  /** Some damage cannot be written down, such as a required field that is gone: then other one. */
  private static FuzzCase damage(FuzzTarget target, long seed) throws IOException {
    for (int attempt = 0; ; attempt++) {
      try {
        return target.damage(new Random(seed * 1_000_003 + attempt));
      } catch (IOException e) {
        if (!(e.getCause() instanceof TException)) {
          throw e;
        }
      } catch (NullPointerException e) {
        // A structure whose required enumeration is gone writes itself no further.
        if (attempt > 100) {
          throw e;
        }
      }
    }
  }

  private static String outcome(FuzzTarget target, FuzzCase.Rule rule) {
    CanonicalRows.Sums found;
    try {
      found = target.read();
    } catch (HdlException e) {
      String message = e.getMessage();
      return message == null || message.lines().count() > 3 || UNCLEAR.matcher(message).find()
          ? "FAILED unclear: " + e.code() + ": " + message
          : "refused " + e.code();
    } catch (Throwable e) {
      StringBuilder text = new StringBuilder("FAILED " + e);
      for (int i = 0; i < Math.min(12, e.getStackTrace().length); i++) {
        text.append("\n    at ").append(e.getStackTrace()[i]);
      }
      return text.toString();
    }
    if (found.equals(target.expected())) {
      return "right";
    }
    if (rule == FuzzCase.Rule.ANY_TABLE_OR_REFUSED) {
      return "another table";
    }
    if (rule == FuzzCase.Rule.RIGHT_COUNT_OR_REFUSED && found.rows() == target.expected().rows()) {
      return "other values";
    }
    return "FAILED wrong rows: " + found + ", expected " + target.expected();
  }

  private static void watch(Thread worker) {
    Thread watchdog =
        new Thread(
            () -> {
              try {
                while (true) {
                  TimeUnit.MILLISECONDS.sleep(200);
                  long started = STARTED.get();
                  long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started);
                  if (started != 0 && seconds > LIMIT_SECONDS) {
                    System.out.println(CASE.get() + ": FAILED, takes more than " + seconds + " s");
                    Thread.getAllStackTraces()
                        .forEach(
                            (thread, stack) -> {
                              if (thread == worker || thread.getName().startsWith("hdl-")) {
                                System.out.println(thread.getName());
                                for (StackTraceElement each : stack) {
                                  System.out.println("    at " + each);
                                }
                              }
                            });
                    Runtime.getRuntime().halt(3);
                  }
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            "fuzz-watchdog");
    watchdog.setDaemon(true);
    watchdog.start();
  }
}
