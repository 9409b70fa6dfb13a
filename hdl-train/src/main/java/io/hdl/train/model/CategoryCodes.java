package io.hdl.train.model;

import java.util.List;
import java.util.Map;

/**
 * Where a model's inputs hold codes of categories.
 *
 * @param categories number of texts of each category that is embedded, by name, in order
 * @param past columns of {@link ForecastInputs#past()}, ascending
 * @param known columns of {@link ForecastInputs#known()}, ascending
 * @param constants columns of {@link ForecastInputs#constants()}, ascending
 */
record CategoryCodes(
    Map<String, Integer> categories, List<Slot> past, List<Slot> known, List<Slot> constants) {
  private static final int MAX_WIDTH = 50;

  /** A column that holds codes from 0 on; the number of texts stands for what is missing. */
  record Slot(int column, String name) {}

  boolean isEmpty() {
    return categories.isEmpty();
  }

  /** Values that the code of a category becomes: half as many as texts, 50 at most. */
  static int width(int categories) {
    return Math.min(MAX_WIDTH, (categories + 1) / 2);
  }

  /** The sizes with vectors in place of codes. */
  WindowShape wide(WindowShape window) {
    return new WindowShape(
        window.context(),
        window.horizon(),
        window.pastFeatures() + added(past),
        window.knownFeatures() + added(known),
        window.constants() + added(constants),
        window.outputs());
  }

  private int added(List<Slot> slots) {
    return slots.stream()
        .mapToInt(slot -> width(categories.getOrDefault(slot.name(), 0)) - 1)
        .sum();
  }
}
