package io.hdl.data.delta;

import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.data.column.ColumnBounds;
import io.hdl.data.column.ColumnType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The statistics that a log keeps of a data file (Delta protocol, "Per-file Statistics"). They are
 * kept as text and parsed when a column is asked for. What is missing or malformed is unknown: it
 * makes pruning weaker, never wrong, and fails no read. Immutable and thread-safe.
 */
public final class FileStatistics {
  /** Nothing is known. */
  public static final FileStatistics NONE = new FileStatistics("");

  private static final Pattern ROWS_FIRST =
      Pattern.compile("\\s*\\{\\s*\"numRecords\"\\s*:\\s*(\\d{1,18})\\s*[,}]");

  private final String text;
  private volatile @Nullable Map<String, Object> parsed;

  private FileStatistics(String text) {
    this.text = text;
  }

  /** Statistics as a log writes them, JSON; null where it has none. */
  static FileStatistics of(@Nullable String json) {
    return json == null || json.isBlank() ? NONE : new FileStatistics(json);
  }

  /** Number of rows in the file, deleted ones included. */
  public OptionalLong rows() {
    Matcher first = ROWS_FIRST.matcher(text);
    return first.lookingAt()
        ? OptionalLong.of(Long.parseLong(first.group(1)))
        : count(content().get("numRecords"));
  }

  /**
   * Whether bounds and null counts are those of the rows that are left; if not, a deletion vector
   * has made them loose: the bounds still hold all values, a null count between none and all does
   * not count.
   */
  public boolean tightBounds() {
    return !Boolean.FALSE.equals(content().get("tightBounds"));
  }

  /**
   * What the statistics tell of a column. Bounds are widened where the log does not keep them
   * exactly: timestamps are cut to milliseconds, long texts to a prefix, decimals and doubles may
   * have been rounded or come from a narrower type. Of booleans, bytes and {@code char(n)} texts
   * only nulls are counted.
   *
   * @param path the column's physical name, preceded by the physical names of the structs around it
   */
  public ColumnBounds bounds(List<String> path, ColumnType type) {
    OptionalLong rows = rows();
    OptionalLong nulls = count(find("nullCount", path));
    if (nulls.isPresent() && rows.isPresent() && nulls.getAsLong() > rows.getAsLong()) {
      nulls = OptionalLong.empty();
    }
    boolean countsAsItIs =
        tightBounds()
            || nulls.equals(OptionalLong.of(0))
            || (nulls.isPresent() && nulls.equals(rows));
    Optional<Object> min = StatisticsValue.lower(find("minValues", path), type);
    Optional<Object> max = StatisticsValue.upper(find("maxValues", path), type);
    return new ColumnBounds(rows, countsAsItIs ? nulls : OptionalLong.empty(), min, max);
  }

  private @Nullable Object find(String kind, List<String> path) {
    Object found = content().get(kind);
    for (String name : path) {
      found = found instanceof Map<?, ?> fields ? fields.get(name) : null;
    }
    return found;
  }

  private static OptionalLong count(@Nullable Object value) {
    return (value instanceof Integer || value instanceof Long) && ((Number) value).longValue() >= 0
        ? OptionalLong.of(((Number) value).longValue())
        : OptionalLong.empty();
  }

  private Map<String, Object> content() {
    Map<String, Object> known = parsed;
    if (known == null) {
      known = parse();
      parsed = known;
    }
    return known;
  }

  private Map<String, Object> parse() {
    if (text.isEmpty()) {
      return Map.of();
    }
    try {
      return Json.readExactObject(text, "file statistics");
    } catch (HdlException e) {
      return Map.of();
    }
  }

  /** The statistics as the log has them. */
  @Override
  public String toString() {
    return text;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FileStatistics statistics && statistics.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }
}
