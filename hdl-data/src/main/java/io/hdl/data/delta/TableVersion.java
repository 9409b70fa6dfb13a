package io.hdl.data.delta;

import java.time.Instant;

/** Which version of a table is meant. Values; immutable. */
public sealed interface TableVersion {
  /** The newest version at the moment of opening. */
  static TableVersion latest() {
    return new Latest();
  }

  /** The version with this number. */
  static TableVersion number(long version) {
    return new Numbered(version);
  }

  /** The version that was the newest one at a moment, which may lie after the last commit. */
  static TableVersion asOf(Instant moment) {
    return new AsOf(moment);
  }

  /** See {@link #latest}. */
  record Latest() implements TableVersion {
    @Override
    public String toString() {
      return "latest";
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
