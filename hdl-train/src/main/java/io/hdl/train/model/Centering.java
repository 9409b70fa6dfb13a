package io.hdl.train.model;

/**
 * What a model takes off the target's window before it looks at it, and adds to its forecast
 * (instance normalisation of the level, after Kim et al., "Reversible Instance Normalization",
 * 2022).
 */
public enum Centering {
  /** Nothing. */
  NONE,
  /** The last value of the context. */
  LAST,
  /** The mean of the context. */
  MEAN
}
