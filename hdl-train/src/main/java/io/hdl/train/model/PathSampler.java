package io.hdl.train.model;

/**
 * Draws sample paths step by step, for a model that sees what it drew before (ancestral sampling):
 * what it gives for a step becomes the parameters of that step's distribution. Belongs to one
 * forward pass and its thread.
 */
public interface PathSampler {
  /** Number of paths of each window. */
  int paths();

  /**
   * Draws the next step of all paths. The draws of a path come from the values of its window and
   * its own number, so that they are the same in any batch.
   *
   * @param outputs what the model gave for the step, {@code [batch, paths, outputs]} row by row
   * @return scaled values of the target, {@code [batch, paths]}
   */
  float[] next(float[] outputs);
}
