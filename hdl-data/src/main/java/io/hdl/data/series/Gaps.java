package io.hdl.data.series;

/** What a step without a row means for the target. Covariates of such a step are missing. */
public enum Gaps {
  /** Nothing is known of the step: its target is missing. */
  MISSING,
  /**
   * Nothing happened at the step, as in retail, where a day without a row is a day without a sale:
   * its target is 0, between the first and the last row of its series. A row that is there with a
   * null target stays missing.
   */
  ZERO
}
