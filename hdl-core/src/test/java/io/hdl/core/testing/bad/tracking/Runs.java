package io.hdl.core.testing.bad.tracking;

import io.hdl.core.testing.bad.train.model.Net;

/** Knows what it tracks. */
public class Runs {
  /** The wrong way round. */
  public Net net() {
    return new Net();
  }
}
