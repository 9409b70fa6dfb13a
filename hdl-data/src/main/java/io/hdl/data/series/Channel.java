package io.hdl.data.series;

import java.util.List;

/**
 * One value per step of every series.
 *
 * @param name name of the column that it comes from
 * @param role what a model may know of it
 * @param kind what its numbers stand for
 * @param categories the texts that codes 0, 1, ... stand for: sorted, behind those of a {@link
 *     Vocabulary} if the specification gives one; empty unless the kind is {@link Kind#CATEGORY}
 */
public record Channel(String name, Role role, Kind kind, List<String> categories) {
  /** What a model may know of a channel. */
  public enum Role {
    /** What is forecast; known up to the forecast's origin. */
    TARGET,
    /** Known ahead: a calendar, a planned price. */
    KNOWN,
    /** Known up to the forecast's origin. */
    PAST
  }

  /** What the numbers of a channel or constant stand for. */
  public enum Kind {
    /** A quantity. */
    NUMBER,
    /** 0 for false, 1 for true. */
    BOOLEAN,
    /** A code, the index of a text in the list of categories. */
    CATEGORY
  }

  /** Copies the categories. */
  public Channel {
    categories = List.copyOf(categories);
    Categories.check(name, kind, categories);
  }

  /** A channel of quantities. */
  public static Channel number(String name, Role role) {
    return new Channel(name, role, Kind.NUMBER, List.of());
  }
}
