package io.hdl.data.series;

/**
 * Reads count, mean and spread of a store's target and numeric channels over the first steps of a
 * series. Goes on from the moments that the store keeps of every 64 steps, and so gives the same
 * bits as all steps would. Belongs to one thread.
 */
final class MomentsReader {
  private final SeriesStore store;
  private final StoreLayout layout;
  private final StoreIndex index;
  private final Moments[] moments;
  // Steps behind the last block, [step][channel], and the moments after it.
  private final float[] values;
  private final double[] state;

  MomentsReader(SeriesStore store, StoreLayout layout, StoreIndex index) {
    this.store = store;
    this.layout = layout;
    this.index = index;
    this.moments = new Moments[layout.numbers().length];
    for (int i = 0; i < moments.length; i++) {
      moments[i] = new Moments();
    }
    this.values = new float[StoreLayout.BLOCK_STEPS * layout.stepBytes() / Float.BYTES];
    this.state = new double[moments.length * Moments.DOUBLES];
  }

  /** The channels that there are moments of, ascending; the target is the first. */
  int[] channels() {
    return layout.numbers();
  }

  /** The moments of each of these channels; they are valid until the next call. */
  Moments[] read(int series, int steps) {
    int kept = steps / StoreLayout.BLOCK_STEPS;
    long address = index.address(series);
    Segments memory = store.memory(series);
    int at = Segments.position(address);
    int channels = layout.stepBytes() / Float.BYTES;
    int done = kept * StoreLayout.BLOCK_STEPS;
    int left = (steps - done) * channels;
    memory.floats(address).get(at / Float.BYTES + done * channels, values, 0, left);
    if (kept > 0) {
      int block = at + layout.momentsAt(store.length(series), kept - 1);
      memory.doubles(address).get(block / Double.BYTES, state);
    }
    for (int i = 0; i < moments.length; i++) {
      moments[i].clear();
      if (kept > 0) {
        moments[i].read(state, i * Moments.DOUBLES);
      }
      moments[i].addBlock(values, layout.numbers()[i], channels, left);
    }
    return moments;
  }
}
