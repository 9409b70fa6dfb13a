package io.hdl.data.series;

import io.hdl.core.error.Problems;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Says how the rows of a table become time series: which columns name a series, which one orders
 * its steps, what is forecast, and what else is known. A value; immutable.
 *
 * <pre>{@code
 * SeriesSpec spec = SeriesSpec.keyedBy("store", "dept")
 *     .orderedBy("date", Frequency.WEEKLY)
 *     .target("weekly_sales")
 *     .known("is_holiday")
 *     .past("temperature", "fuel_price")
 *     .constant("store_type")
 *     .gaps(Gaps.MISSING);
 * }</pre>
 *
 * <p>Key columns hold integers or strings; the time column dates, timestamps or integers; the
 * target numbers; covariates and constants numbers, booleans or strings, which become categories. A
 * column has one role, except that a key column may be a constant as well. A column of a struct is
 * named by its path, {@code price.net}.
 *
 * @param keys columns that name a series
 * @param time column that orders its rows
 * @param frequency how far neighbouring steps lie apart
 * @param target column that is forecast
 * @param known covariates that are known ahead
 * @param past covariates that are known up to the forecast's origin
 * @param constants covariates with one value per series
 * @param gaps what a step without a row means
 * @param filter which series are kept
 * @param vocabularies texts with known codes, by column
 */
public record SeriesSpec(
    List<String> keys,
    String time,
    Frequency frequency,
    String target,
    List<String> known,
    List<String> past,
    List<String> constants,
    Gaps gaps,
    SeriesFilter filter,
    Map<String, Vocabulary> vocabularies) {
  /** Copies the collections. */
  public SeriesSpec {
    keys = List.copyOf(keys);
    known = List.copyOf(known);
    past = List.copyOf(past);
    constants = List.copyOf(constants);
    vocabularies = Collections.unmodifiableMap(new TreeMap<>(vocabularies));
  }

  /** Begins with the columns whose values name a series. */
  public static Keyed keyedBy(String... columns) {
    return new Keyed(List.of(columns));
  }

  /** A specification with its key columns. */
  public record Keyed(List<String> keys) {
    /** Names the column that orders a series' rows, and how far its steps lie apart. */
    public Ordered orderedBy(String column, Frequency frequency) {
      return new Ordered(keys, column, frequency);
    }
  }

  /** A specification with its key and time columns. */
  public record Ordered(List<String> keys, String time, Frequency frequency) {
    /** Names the column that is forecast. */
    public SeriesSpec target(String column) {
      return new SeriesSpec(
          keys,
          time,
          frequency,
          column,
          List.of(),
          List.of(),
          List.of(),
          Gaps.MISSING,
          SeriesFilter.ALL,
          Map.of());
    }
  }

  /** Adds covariates that are known ahead: calendars, planned prices and promotions. */
  public SeriesSpec known(String... columns) {
    return with(joined(known, columns), past, constants, gaps, filter, vocabularies);
  }

  /** Adds covariates that are known up to the forecast's origin only. */
  public SeriesSpec past(String... columns) {
    return with(known, joined(past, columns), constants, gaps, filter, vocabularies);
  }

  /** Adds covariates with one value per series. */
  public SeriesSpec constant(String... columns) {
    return with(known, past, joined(constants, columns), gaps, filter, vocabularies);
  }

  /** Says what a step without a row means; by default {@link Gaps#MISSING}. */
  public SeriesSpec gaps(Gaps policy) {
    return with(known, past, constants, policy, filter, vocabularies);
  }

  /** Says which series are kept; by default {@link SeriesFilter#ALL}. */
  public SeriesSpec keep(SeriesFilter kept) {
    return with(known, past, constants, gaps, kept, vocabularies);
  }

  /**
   * Gives the texts of a covariate or constant codes that do not depend on the table's version; by
   * default texts are numbered in their order, so that a new text moves the codes of others.
   *
   * @param column a column of strings among the covariates or constants
   */
  public SeriesSpec vocabulary(String column, Vocabulary vocabulary) {
    Map<String, Vocabulary> all = new TreeMap<>(vocabularies);
    all.put(column, vocabulary);
    return with(known, past, constants, gaps, filter, all);
  }

  /** Gives these texts the codes 0, 1, ...; others are appended in their order. */
  public SeriesSpec vocabulary(String column, String... texts) {
    return vocabulary(column, Vocabulary.of(List.of(texts)));
  }

  private SeriesSpec with(
      List<String> newKnown,
      List<String> newPast,
      List<String> newConstants,
      Gaps newGaps,
      SeriesFilter newFilter,
      Map<String, Vocabulary> newVocabularies) {
    return new SeriesSpec(
        keys,
        time,
        frequency,
        target,
        newKnown,
        newPast,
        newConstants,
        newGaps,
        newFilter,
        newVocabularies);
  }

  private static List<String> joined(List<String> present, String... added) {
    List<String> all = new ArrayList<>(present);
    all.addAll(List.of(added));
    return all;
  }

  /** The columns that it reads: keys, time, target, known, past, constants. */
  public List<String> columns() {
    List<String> columns = new ArrayList<>(keys);
    columns.add(time);
    columns.add(target);
    columns.addAll(known);
    columns.addAll(past);
    columns.addAll(constants);
    return columns;
  }

  /** Adds every problem that can be found without the table. */
  public void check(Problems problems) {
    if (keys.isEmpty()) {
      problems.add("series keys: [] (expected: at least one key column)");
    }
    Set<String> seen = new LinkedHashSet<>();
    Set<String> reported = new LinkedHashSet<>();
    for (String column : columns()) {
      if (column.isBlank()) {
        problems.add("series column: \"" + column + "\" (expected: not blank)");
      } else if (!seen.add(column) && !keyAndConstant(column) && reported.add(column)) {
        problems.add("series column: \"" + column + "\" has two roles (expected: one role each)");
      }
    }
    for (String column : vocabularies.keySet()) {
      if (!known.contains(column) && !past.contains(column) && !constants.contains(column)) {
        problems.add(
            "vocabulary of \""
                + column
                + "\": no such covariate (expected: a known, past or constant column)");
      }
    }
  }

  /** A key column may be a constant as well, and nothing else. */
  private boolean keyAndConstant(String column) {
    return keys.contains(column)
        && constants.contains(column)
        && columns().stream().filter(column::equals).count() == 2;
  }

  /** What identifies the specification, by dotted name. */
  public Map<String, String> settings() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("series.key", String.join(",", keys));
    settings.put("series.time", time);
    settings.put("series.frequency", frequency.name());
    settings.put("series.target", target);
    settings.put("series.known", String.join(",", known));
    settings.put("series.past", String.join(",", past));
    settings.put("series.constant", String.join(",", constants));
    settings.put("series.gaps", gaps.name());
    settings.put("series.keep", filter.name());
    vocabularies.forEach(
        (column, vocabulary) -> settings.put("series.vocabulary." + column, vocabulary.identity()));
    return settings;
  }
}
