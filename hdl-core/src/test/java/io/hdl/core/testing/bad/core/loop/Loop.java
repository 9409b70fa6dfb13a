package io.hdl.core.testing.bad.core.loop;

import io.hdl.core.testing.bad.core.job.Leaky;

/** The other half of a cycle. */
public class Loop {
  /** Back to where it came from. */
  public Leaky leaky() {
    return new Leaky();
  }
}
