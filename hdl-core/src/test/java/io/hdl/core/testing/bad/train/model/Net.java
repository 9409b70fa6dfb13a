package io.hdl.core.testing.bad.train.model;

import io.hdl.core.testing.bad.samples.Program;

/** Knows a program that uses it. */
public class Net {
  /** The wrong way round, twice. */
  public Object program(Program program) {
    return new io.hdl.core.testing.bad.tracking.Runs();
  }
}
