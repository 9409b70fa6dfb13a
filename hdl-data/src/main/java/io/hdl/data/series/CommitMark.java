package io.hdl.data.series;

import java.io.File;
import java.nio.file.Path;

/**
 * Size and time of the file that committed a version of a table: what can be seen of a table
 * without reading its log. A table that was written anew at the same path has, all but surely,
 * another one at the same version.
 *
 * @param bytes its length, 0 where there is no such file
 * @param modified when it was written, in milliseconds since 1970; 0 where there is no such file
 */
public record CommitMark(long bytes, long modified) {
  /** Looks at the commit of a version; tells of no error where it cannot be reached. */
  public static CommitMark of(Path table, long version) {
    String digits = Long.toString(version);
    String name = "0".repeat(20 - digits.length()).concat(digits).concat(".json");
    File file = table.resolve("_delta_log").resolve(name).toFile();
    return new CommitMark(file.length(), file.lastModified());
  }

  /** Whether a version that looked like this is, as far as can be seen now, still the same. */
  public boolean allows(CommitMark now) {
    return !now.seen() || (bytes == now.bytes && modified == now.modified);
  }

  /** Whether there was such a file. */
  public boolean seen() {
    return bytes > 0;
  }
}
