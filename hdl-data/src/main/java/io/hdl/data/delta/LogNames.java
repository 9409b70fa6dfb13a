package io.hdl.data.delta;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which files of a log's folder its readers may see. Drafts, copies and names that only look alike
 * are left out. So are compactions beyond the newest commit: a folder is not listed at one stroke,
 * so that with a writer at work a later file may show up without its commit. And so are checksum
 * files: Kernel would take protocol and schema from them without a look at the commits, so that one
 * flipped bit in a file that is there to find damage made wrong rows.
 */
final class LogNames {
  private static final String FOLDER = "_delta_log";
  private static final String VERSION = "(\\d{20})";
  private static final Pattern COMMIT = Pattern.compile(VERSION + "\\.json");
  private static final Pattern CHECKPOINT =
      Pattern.compile(
          VERSION
              + "\\.checkpoint(\\.\\d{10}\\.\\d{10}\\.parquet|\\.parquet|\\.[^.]+\\.(json|parquet))");
  private static final Pattern COMPACTION =
      Pattern.compile("\\d{20}\\." + VERSION + "\\.compacted\\.json");

  private LogNames() {}

  /** Whether a folder is a table's log. */
  static boolean isLog(Path folder) {
    return FOLDER.equals(String.valueOf(folder.getFileName()));
  }

  /** Those names of a log's folder that belong to the log. */
  static Stream<String> visible(List<String> names) {
    long newest = names.stream().mapToLong(name -> version(COMMIT, name)).max().orElse(-1);
    return names.stream()
        .filter(
            name ->
                version(COMMIT, name) >= 0
                    || version(CHECKPOINT, name) >= 0
                    || (version(COMPACTION, name) >= 0 && version(COMPACTION, name) <= newest)
                    || name.startsWith("_"));
  }

  private static long version(Pattern pattern, String name) {
    Matcher matcher = pattern.matcher(name);
    if (!matcher.matches()) {
      return -1;
    }
    try {
      return Long.parseLong(matcher.group(1));
    } catch (NumberFormatException e) {
      return -1;
    }
  }
}
