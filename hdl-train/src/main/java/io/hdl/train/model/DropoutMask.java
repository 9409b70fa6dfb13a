package io.hdl.train.model;

/**
 * Masks for dropout from a generator that counts instead of remembering (SplitMix64's output
 * function, Steele et al., "Fast splittable pseudorandom number generators", 2014): one number
 * decides over four values, with 16 bits each.
 */
final class DropoutMask {
  private static final int LEVELS = 1 << 16;
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private DropoutMask() {}

  /**
   * Fills a mask with 0 for what is dropped, else with what keeps the mean.
   *
   * @param probability of 0; rounded to a multiple of 1 / 65536
   * @param seed the same seed gives the same mask
   */
  static void fill(float[] mask, double probability, long seed) {
    int dropped = (int) Math.min(LEVELS - 1, Math.round(probability * LEVELS));
    float kept = (float) LEVELS / (LEVELS - dropped);
    long state = seed;
    int whole = mask.length & ~3;
    for (int i = 0; i < whole; i += 4) {
      state += GOLDEN;
      long bits = mixed(state);
      mask[i] = (bits & 0xffff) < dropped ? 0 : kept;
      mask[i + 1] = (bits >>> 16 & 0xffff) < dropped ? 0 : kept;
      mask[i + 2] = (bits >>> 32 & 0xffff) < dropped ? 0 : kept;
      mask[i + 3] = bits >>> 48 < dropped ? 0 : kept;
    }
    long bits = mixed(state + GOLDEN);
    for (int i = whole; i < mask.length; i++) {
      mask[i] = (bits & 0xffff) < dropped ? 0 : kept;
      bits >>>= 16;
    }
  }

  private static long mixed(long value) {
    long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
