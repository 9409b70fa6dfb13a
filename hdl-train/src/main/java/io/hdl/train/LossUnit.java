package io.hdl.train;

/** In which unit the loss counts errors. */
public enum LossUnit {
  /** On the scaled target: every series counts alike. */
  SCALED,
  /** In the target's own unit: a large series counts more, as it does in WAPE and MAE. */
  ORIGINAL
}
