package io.hdl.data.cache;

import java.util.Locale;

/** A place that files are read from, the nearest first. */
public enum Tier {
  /** A disk of this machine. */
  HOT,
  /** A disk that several machines share. Its files are read through channels and never mapped. */
  WARM,
  /**
   * A temporary folder of this process, for files that no tier can take; they are gone when nobody
   * holds them any more.
   */
  SCRATCH,
  /** The lake itself. No file is held there; it stands in statistics alone. */
  LAKE;

  /** The name for people and metrics: {@code hot}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
