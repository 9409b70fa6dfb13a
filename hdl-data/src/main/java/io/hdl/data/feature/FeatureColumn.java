package io.hdl.data.feature;

import io.hdl.data.series.Channel;
import java.util.List;

/**
 * One column of rows.
 *
 * @param kind what its numbers stand for
 * @param categories the texts that codes 0, 1, ... stand for; empty unless it is a category
 */
public record FeatureColumn(String name, Channel.Kind kind, List<String> categories) {
  /** Copies the categories. */
  public FeatureColumn {
    categories = List.copyOf(categories);
    if (name.isBlank()) {
      throw new IllegalArgumentException("name: \"" + name + "\" (expected: not blank)");
    }
  }

  /** A column of quantities. */
  public static FeatureColumn number(String name) {
    return new FeatureColumn(name, Channel.Kind.NUMBER, List.of());
  }
}
