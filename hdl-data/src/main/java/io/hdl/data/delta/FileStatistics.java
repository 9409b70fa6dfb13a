package io.hdl.data.delta;

import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The statistics that a log keeps of a data file. */
final class FileStatistics {
  private static final Pattern ROWS = Pattern.compile("\"numRecords\"\\s*:\\s*(\\d{1,18})");

  private FileStatistics() {}

  /** The number of rows in a file, if its statistics hold one. */
  static OptionalLong rows(@Nullable String statistics) {
    if (statistics == null) {
      return OptionalLong.empty();
    }
    Matcher matcher = ROWS.matcher(statistics);
    return matcher.find()
        ? OptionalLong.of(Long.parseLong(matcher.group(1)))
        : OptionalLong.empty();
  }
}
