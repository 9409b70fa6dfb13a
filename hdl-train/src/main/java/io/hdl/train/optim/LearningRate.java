package io.hdl.train.optim;

/** How the learning rate changes over a training, as a factor of the optimizer's own. */
public enum LearningRate {
  /** The same rate throughout. */
  CONSTANT {
    @Override
    public double factor(long step, long steps) {
      return 1.0;
    }
  },
  /** Half a cosine from 1 at the first step down to almost 0 at the last planned one. */
  COSINE {
    @Override
    public double factor(long step, long steps) {
      double progress = Math.min(1.0, (double) step / Math.max(1, steps));
      return 0.5 * (1.0 + Math.cos(Math.PI * progress));
    }
  };

  /**
   * The factor of a step.
   *
   * @param step number of the step, from 0
   * @param steps planned steps of the whole training
   */
  public abstract double factor(long step, long steps);
}
