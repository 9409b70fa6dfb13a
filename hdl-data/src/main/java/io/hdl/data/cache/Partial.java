package io.hdl.data.cache;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file on its way into a tier, in the folder where it will be published. Its name tells which
 * file it will be and how long, so that its whole length counts as used from its beginning, and
 * that whoever fetches the same file after a crash finds it again.
 *
 * @param key the file that it will be
 * @param path where it is
 */
record Partial(CacheKey key, Path path) {
  private static final Pattern NAME =
      Pattern.compile("\\.hdl-([0-9a-f]{16})-(\\d{1,19})(-[0-9a-z]+)?\\.tmp(.*)");

  /**
   * What the name of an unfinished file tells.
   *
   * @param lock the lock of the file that it will be
   * @param bytes the bytes that are reserved for it; 0 for a file beside it
   * @param writer who writes it where the lock does not tell; empty on a disk of this machine
   */
  record Name(long lock, long bytes, String writer) {}

  /**
   * The unfinished file of a key.
   *
   * @param held whether its lock is held; without it nobody else may write the same file
   */
  static Partial of(CacheKey key, Path lake, Tier tier, boolean held) {
    String writer = "";
    if (!held) {
      writer = "-u" + UUID.randomUUID().toString().replace("-", "");
    } else if (tier == Tier.WARM) {
      // Where locks do not reach other machines each writes a file of its own.
      writer = "-" + Machine.ID;
    }
    String name = String.format(Locale.ROOT, ".hdl-%016x-%d%s.tmp", key.lock(), key.size(), writer);
    return new Partial(key, key.folderIn(lake).resolve(name));
  }

  static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  static Name parse(String name) {
    Matcher match = NAME.matcher(name);
    if (!match.matches()) {
      throw new IllegalArgumentException(name);
    }
    boolean beside = !match.group(4).isEmpty();
    String writer = match.group(3);
    return new Name(
        Long.parseUnsignedLong(match.group(1), 16),
        beside ? 0 : Long.parseLong(match.group(2)),
        writer == null ? "" : writer.substring(1));
  }

  /** Removes it with all that its origin has put beside it. */
  void delete() throws IOException {
    deleteBeside();
    Files.deleteIfExists(path);
  }

  /** Removes what its origin has put beside it. */
  void deleteBeside() throws IOException {
    String name = String.valueOf(path.getFileName());
    List<Path> beside = new ArrayList<>();
    try (Stream<Path> files = Files.list(path.resolveSibling(""))) {
      files
          .filter(file -> String.valueOf(file.getFileName()).startsWith(name))
          .filter(file -> !file.equals(path))
          .forEach(beside::add);
    }
    for (Path file : beside) {
      Files.deleteIfExists(file);
    }
  }
}
