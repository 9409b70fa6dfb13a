package io.hdl.data.series;

import java.util.List;

/**
 * One value per series.
 *
 * @param name name of the column that it comes from
 * @param kind what its numbers stand for
 * @param categories the texts that codes 0, 1, ... stand for: sorted, behind those of a {@link
 *     Vocabulary} if the specification gives one; empty unless the kind is {@link
 *     Channel.Kind#CATEGORY}
 */
public record Constant(String name, Channel.Kind kind, List<String> categories) {
  /** Copies the categories. */
  public Constant {
    categories = List.copyOf(categories);
    Categories.check(name, kind, categories);
  }
}
