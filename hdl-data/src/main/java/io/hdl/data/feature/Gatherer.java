package io.hdl.data.feature;

import java.util.List;

/**
 * Reads the training values of one column, in one pass or two, and makes a fitted step of them. The
 * step's bits depend on the values and their order alone, never on threads.
 */
interface Gatherer {
  /** What was read of some of the values. Belongs to one thread at a time. */
  interface Part {
    /** Takes the first values of an array; NaN is missing and passed over. */
    void add(float[] values, int count);
  }

  /**
   * Whether parts must be small and joined in order; else each thread has one, for all it reads.
   */
  boolean ordered();

  int passes();

  Part part(int pass);

  /** Joins the parts of a pass, which are in order if that matters. */
  void end(int pass, List<Part> parts);

  /** The step, after the last pass. */
  FittedStep fitted();
}
