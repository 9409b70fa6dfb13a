package io.hdl.core.job;

import java.nio.file.Path;

/**
 * A file or folder that belongs to a run's result.
 *
 * @param kind what it is
 * @param name path under which a tracker keeps it, relative, with forward slashes
 * @param file where it lies on this machine
 */
public record Artifact(Kind kind, String name, Path file) {
  /** What an artifact is. */
  public enum Kind {
    /** A folder that a model is loaded from. */
    MODEL,
    /** A page for people. */
    REPORT,
    /** Anything else. */
    OTHER
  }

  /** Checks that the name stays below the artifact root. */
  public Artifact {
    if (name.isBlank()
        || name.startsWith("/")
        || java.util.Arrays.asList(name.split("/", -1)).contains("..")) {
      throw new IllegalArgumentException(
          "artifact name: \"" + name + "\" (expected: a relative path without \"..\")");
    }
  }
}
