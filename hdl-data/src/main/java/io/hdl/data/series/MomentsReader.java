package io.hdl.data.series;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

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
  // Steps behind the last block, [step][channel].
  private final ByteBuffer rest;
  private final float[] values;

  MomentsReader(SeriesStore store, StoreLayout layout, StoreIndex index) {
    this.store = store;
    this.layout = layout;
    this.index = index;
    this.moments = new Moments[layout.numbers().length];
    for (int i = 0; i < moments.length; i++) {
      moments[i] = new Moments();
    }
    this.values = new float[StoreLayout.BLOCK_STEPS * layout.stepBytes() / Float.BYTES];
    this.rest =
        ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
  }

  /** The channels that there are moments of, ascending; the target is the first. */
  int[] channels() {
    return layout.numbers();
  }

  /** The moments of each of these channels; they are valid until the next call. */
  Moments[] read(int series, int steps) {
    int kept = steps / StoreLayout.BLOCK_STEPS;
    long address = index.address(series);
    ByteBuffer memory = store.memory(series).buffer(address);
    int at = Segments.position(address);
    int done = kept * StoreLayout.BLOCK_STEPS;
    int channels = layout.stepBytes() / Float.BYTES;
    int left = (steps - done) * channels;
    rest.put(0, memory, at + done * layout.stepBytes(), left * Float.BYTES);
    rest.asFloatBuffer().get(0, values, 0, left);
    for (int i = 0; i < moments.length; i++) {
      moments[i].clear();
      if (kept > 0) {
        int block = layout.momentsAt(store.length(series), kept - 1);
        moments[i].read(memory, at + block + i * Moments.BYTES);
      }
      moments[i].addBlock(values, layout.numbers()[i], channels, left);
    }
    return moments;
  }
}
