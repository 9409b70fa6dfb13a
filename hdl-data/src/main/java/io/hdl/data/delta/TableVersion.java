package io.hdl.data.delta;

import java.time.Instant;

/** Which version of a table is meant. Values; immutable. */
public sealed interface TableVersion {
  /** The newest version at the moment of opening. */
  static Latest latest() {
    return new Latest(WithoutLink.FAIL);
  }

  /** The version with this number. */
  static TableVersion number(long version) {
    return new Numbered(version);
  }

  /** The version that was the newest one at a moment, which may lie after the last commit. */
  static TableVersion asOf(Instant moment) {
    return new AsOf(moment);
  }

  /** What the newest version is while the lake cannot be reached. */
  enum WithoutLink {
    /** There is none: opening fails, as what is cached may be out of date. */
    FAIL,
    /** The newest version of which everything is cached; opening says that it was taken. */
    NEWEST_CACHED
  }

  /**
   * See {@link #latest}.
   *
   * @param withoutLink what is meant while the lake cannot be reached; a table on a local path can
   *     always be
   */
  record Latest(WithoutLink withoutLink) implements TableVersion {
    /**
     * The newest version, or while the lake cannot be reached the newest one of which everything is
     * cached; which one it was is recorded.
     */
    public Latest orNewestCached() {
      return new Latest(WithoutLink.NEWEST_CACHED);
    }

    @Override
    public String toString() {
      return withoutLink == WithoutLink.FAIL ? "latest" : "latest, or the newest cached";
    }
  }

  /** See {@link #number}. */
  record Numbered(long version) implements TableVersion {
    /** Checks that the version is not negative. */
    public Numbered {
      if (version < 0) {
        throw new IllegalArgumentException("version: " + version + " (expected: >= 0)");
      }
    }

    @Override
    public String toString() {
      return Long.toString(version);
    }
  }

  /** See {@link #asOf}. */
  record AsOf(Instant moment) implements TableVersion {
    @Override
    public String toString() {
      return "as of " + moment;
    }
  }
}
