package io.hdl.benchmarks.train;

/** One model in training, its data in memory. */
interface Steps extends AutoCloseable {
  /** Takes so many steps, and waits until the last has changed the weights. */
  void run(int steps);

  /** The loss on the first batch, the mean over its labels. */
  double loss();

  /** How many numbers are trained. */
  long weights();

  @Override
  void close();
}
