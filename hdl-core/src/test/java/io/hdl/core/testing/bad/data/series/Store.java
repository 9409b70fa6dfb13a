package io.hdl.core.testing.bad.data.series;

import io.hdl.core.testing.bad.tracking.Runs;

/** Knows who tracks it. */
public class Store {
  /** The wrong way round. */
  public Runs runs() {
    return new Runs();
  }
}
