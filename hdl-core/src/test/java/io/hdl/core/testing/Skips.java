package io.hdl.core.testing;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.opentest4j.TestAbortedException;

/** Says in the build's output which tests are skipped and why, each reason once per test run. */
final class Skips {
  private static final Set<String> TOLD = ConcurrentHashMap.newKeySet();

  private Skips() {}

  /** What a test throws that has to be skipped; the line is printed, too. */
  static TestAbortedException because(String line) {
    if (TOLD.add(line)) {
      System.out.println(line);
    }
    return new TestAbortedException(line);
  }
}
