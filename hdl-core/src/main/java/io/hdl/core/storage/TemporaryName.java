package io.hdl.core.storage;

import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;

/**
 * Names of files that are not published yet: {@code .hdl-<name>-<random>.tmp}. Whoever lists files
 * leaves them out.
 */
public final class TemporaryName {
  private static final String PREFIX = ".hdl-";
  private static final String SUFFIX = ".tmp";
  private static final String OLD = ".old";

  /** File systems allow 255 bytes; the random part and the marks take 50. */
  private static final int KEPT = 40;

  private TemporaryName() {}

  /** A name of its own for what is to be published under a name, in the same folder. */
  public static String of(String name) {
    String kept = name.length() <= KEPT ? name : name.substring(0, KEPT);
    return PREFIX + kept + "-" + UUID.randomUUID() + SUFFIX;
  }

  /** Whether it is such a name. */
  public static boolean matches(String name) {
    return name.startsWith(PREFIX) && (name.endsWith(SUFFIX) || name.endsWith(OLD));
  }

  static Path beside(Path target) {
    return target.resolveSibling(
        of(Objects.requireNonNullElse(target.getFileName(), target).toString()));
  }

  /** The name under which what is replaced lies until it is removed. */
  static Path old(Path temporary) {
    String name = String.valueOf(temporary.getFileName());
    return temporary.resolveSibling(name.substring(0, name.length() - SUFFIX.length()) + OLD);
  }

  static boolean matches(Path path) {
    return matches(String.valueOf(path.getFileName()));
  }
}
