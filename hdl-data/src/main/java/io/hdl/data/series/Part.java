package io.hdl.data.series;

/** One part of a {@link Split}. */
public enum Part {
  /** What models and scalers are fitted on. */
  TRAIN,
  /** What models are chosen on. */
  VALIDATION,
  /** What the chosen model is measured on, once. */
  TEST
}
