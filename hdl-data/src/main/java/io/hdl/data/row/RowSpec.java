package io.hdl.data.row;

import io.hdl.core.error.Problems;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Says which columns of a table's rows are features, which are labels, and which rows belong to
 * which part. A value; immutable.
 *
 * <pre>{@code
 * RowSpec spec = RowSpec.features("amount", "country", "is_foreign")
 *     .label("is_fraud")
 *     .key("customer_id")                  // all rows of a customer are in one part
 *     .split(RowSplit.hash(0.1, 0.1));
 * }</pre>
 *
 * <p>Features and labels hold numbers, booleans (0 and 1), dates (days since 1970-01-01) or
 * strings, which become codes: the index of the text in a sorted vocabulary, the training part's
 * for a feature, all parts' for a label. Missing is NaN; so is what is not finite, and a text that
 * is not in the vocabulary. A row with a missing label belongs to no part. Key columns hold
 * integers, booleans, strings, dates or timestamps.
 *
 * @param features columns that a model sees
 * @param labels columns that it learns
 * @param keys columns whose values decide the part of a row, for {@link RowSplit#hash}
 * @param split which rows are for training, validation and test
 * @param vocabularies texts in the order of their codes, for columns whose codes are given
 * @param shuffleRows most rows that are shuffled together
 */
public record RowSpec(
    List<String> features,
    List<String> labels,
    List<String> keys,
    RowSplit split,
    Map<String, List<String>> vocabularies,
    int shuffleRows) {
  private static final int SHUFFLE_ROWS = 1 << 20;

  /** Copies the collections. */
  public RowSpec {
    features = List.copyOf(features);
    labels = List.copyOf(labels);
    keys = List.copyOf(keys);
    Map<String, List<String>> copied = new LinkedHashMap<>();
    vocabularies.forEach((column, texts) -> copied.put(column, List.copyOf(texts)));
    vocabularies = Collections.unmodifiableMap(copied);
    if (shuffleRows < 1) {
      throw new IllegalArgumentException("shuffleRows: " + shuffleRows + " (expected: >= 1)");
    }
  }

  /** Begins with the columns that a model sees. */
  public static Featured features(String... columns) {
    return new Featured(List.of(columns));
  }

  /** A specification with its features. */
  public record Featured(List<String> features) {
    /** Names the columns that a model learns. */
    public RowSpec label(String... columns) {
      return new RowSpec(
          features, List.of(columns), List.of(), RowSplit.hash(0.1, 0.1), Map.of(), SHUFFLE_ROWS);
    }
  }

  /** With columns whose values decide the part of a row; by default features and labels do. */
  public RowSpec key(String... columns) {
    return new RowSpec(features, labels, List.of(columns), split, vocabularies, shuffleRows);
  }

  /** With other parts; by default a tenth of the keys each for validation and test. */
  public RowSpec split(RowSplit parts) {
    return new RowSpec(features, labels, keys, parts, vocabularies, shuffleRows);
  }

  /**
   * With given codes for the texts of a column, for instance those that a model was trained with:
   * the code of a text is its index here. Other texts count as missing.
   */
  public RowSpec vocabulary(String column, List<String> texts) {
    Map<String, List<String>> more = new LinkedHashMap<>(vocabularies);
    more.put(column, texts);
    return new RowSpec(features, labels, keys, split, more, shuffleRows);
  }

  /**
   * With another number of rows that are shuffled together, by default 1,048,576. Ranges of the
   * table, 65,536 rows each, are put in a seeded order; as many of them as fit are shuffled
   * together. A part with no more rows than this is shuffled as a whole and kept in memory. Memory
   * while batches are fed is at most this many rows twice, and once for each part that is kept.
   */
  public RowSpec shuffleRows(int rows) {
    return new RowSpec(features, labels, keys, split, vocabularies, rows);
  }

  /** The columns that it reads, each once: features, labels, keys, the time of the split. */
  public List<String> columns() {
    Set<String> columns = new LinkedHashSet<>(features);
    columns.addAll(labels);
    columns.addAll(keys);
    if (split instanceof RowSplit.At at) {
      columns.add(at.column());
    }
    return List.copyOf(columns);
  }

  /** Adds every problem that can be found without the table. */
  public void check(Problems problems) {
    problems.require(!features.isEmpty(), () -> "row features: [] (expected: at least one)");
    problems.require(!labels.isEmpty(), () -> "row labels: [] (expected: at least one)");
    Set<String> seen = new LinkedHashSet<>();
    List<String> values = new ArrayList<>(features);
    values.addAll(labels);
    for (String column : values) {
      if (column.isBlank()) {
        problems.add("row column: \"" + column + "\" (expected: not blank)");
      } else if (!seen.add(column)) {
        problems.add(
            "row column: \"" + column + "\" occurs twice (expected: once, as feature or label)");
      }
    }
    for (String column : vocabularies.keySet()) {
      if (!seen.contains(column)) {
        problems.add("vocabulary: \"" + column + "\" (expected: a feature or label)");
      }
    }
    if (!keys.isEmpty() && split instanceof RowSplit.At) {
      problems.add("row key: " + keys + " (expected: none, as the split is by time)");
    }
  }

  /** What identifies the specification, by dotted name. */
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("rows.features", String.join(",", features));
    settings.put("rows.labels", String.join(",", labels));
    settings.put("rows.key", String.join(",", keys));
    settings.put("rows.split", split.toString());
    vocabularies.forEach(
        (column, texts) -> settings.put("rows.vocabulary." + column, texts.toString()));
    settings.put("rows.shuffle_rows", Integer.toString(shuffleRows));
    return settings;
  }
}
