package io.hdl.tracking.outbox;

import java.util.Optional;

/**
 * How a run begins.
 *
 * @param key 32 hexadecimal digits, unique to the run; by it the run is found again
 * @param parentKey the key of the run that this one is a part of
 * @param experiment name of the experiment
 * @param name the run's name for people
 * @param user who runs it
 * @param start milliseconds since 1970
 */
public record RunStart(
    String key,
    Optional<String> parentKey,
    String experiment,
    String name,
    String user,
    long start) {
  /** Checks the keys, which become a part of searches and names of folders. */
  public RunStart {
    check("key", key);
    parentKey.ifPresent(parent -> check("parentKey", parent));
  }

  private static void check(String what, String key) {
    if (!key.matches("[0-9a-f]{32}")) {
      throw new IllegalArgumentException(
          what + ": \"" + key + "\" (expected: 32 hexadecimal digits)");
    }
  }
}
