package io.hdl.core.evaluation;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What a trained model scored, beside the baselines on the same windows.
 *
 * @param part the part of the data that was scored, for instance {@code test}
 * @param model the model's scores on that part
 * @param validation the model's scores on the part it was chosen by; {@link Scores#NONE} if there
 *     is none
 * @param baselines the scores of each baseline on the same windows, by name
 * @param series number of series scored
 * @param windows number of windows scored
 */
public record Evaluation(
    String part,
    Scores model,
    Scores validation,
    Map<String, Scores> baselines,
    long series,
    long windows) {
  /** Copies the baselines and keeps their order. */
  public Evaluation {
    baselines = Collections.unmodifiableMap(new LinkedHashMap<>(baselines));
  }

  /** A table for people: one row per model and baseline, one column per metric. */
  @Override
  public String toString() {
    Map<String, Scores> rows = new LinkedHashMap<>();
    rows.put("model", model);
    rows.putAll(baselines);
    Set<String> metrics = new LinkedHashSet<>();
    rows.values().forEach(scores -> metrics.addAll(scores.values().keySet()));
    int width = rows.keySet().stream().mapToInt(String::length).max().orElse(0);
    StringBuilder table = new StringBuilder(String.format(Locale.ROOT, "%-" + width + "s", part));
    metrics.forEach(metric -> table.append(String.format(Locale.ROOT, "  %12s", metric)));
    rows.forEach(
        (name, scores) -> {
          table.append(System.lineSeparator());
          table.append(String.format(Locale.ROOT, "%-" + width + "s", name));
          for (String metric : metrics) {
            Double value = scores.values().get(metric);
            table.append(
                value == null
                    ? String.format(Locale.ROOT, "  %12s", "-")
                    : String.format(Locale.ROOT, "  %12.4f", value));
          }
        });
    return table
        .append(System.lineSeparator())
        .append(String.format(Locale.ROOT, "%,d series, %,d windows", series, windows))
        .toString();
  }
}
