package io.hdl.core.error;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Collects every problem of a set of settings, so that a user sees all of them at once. Not
 * thread-safe.
 */
public final class Problems {
  private final List<String> found = new ArrayList<>();

  /**
   * Adds one problem: what is wrong and what is expected, as in {@code horizon: 0 (expected: >=
   * 1)}.
   */
  public void add(String problem) {
    found.add(problem);
  }

  /** Adds the problem that the supplier words, unless the condition holds. */
  public void require(boolean condition, Supplier<String> problem) {
    if (!condition) {
      found.add(problem.get());
    }
  }

  /** All problems so far, in the order in which they were found. */
  public List<String> all() {
    return List.copyOf(found);
  }

  /** Whether no problem was found. */
  public boolean isEmpty() {
    return found.isEmpty();
  }

  /**
   * Throws one exception that lists all problems, if there are any.
   *
   * @param what what was checked, the subject of the message's first line
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS}
   */
  public void throwIfAny(String what) {
    if (found.isEmpty()) {
      return;
    }
    StringBuilder message =
        new StringBuilder(what)
            .append(found.size() == 1 ? " has a problem:" : " has " + found.size() + " problems:");
    for (String problem : found) {
      message.append(System.lineSeparator()).append("  - ").append(problem);
    }
    throw new HdlException(ErrorCode.INVALID_SETTINGS, message.toString());
  }
}
