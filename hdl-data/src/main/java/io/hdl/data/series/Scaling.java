package io.hdl.data.series;

/** How the target of a series is brought to a common scale; each series has figures of its own. */
public enum Scaling {
  /** As it is. */
  NONE,
  /** Less its mean, divided by its standard deviation. */
  STANDARD,
  /** Divided by its mean absolute value; zero stays zero. */
  MEAN
}
