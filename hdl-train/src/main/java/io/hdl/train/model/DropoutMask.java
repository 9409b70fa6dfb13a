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
      mask[i] = kept * keeps((int) bits & 0xffff, dropped);
      mask[i + 1] = kept * keeps((int) (bits >>> 16) & 0xffff, dropped);
      mask[i + 2] = kept * keeps((int) (bits >>> 32) & 0xffff, dropped);
      mask[i + 3] = kept * keeps((int) (bits >>> 48), dropped);
    }
    long bits = mixed(state + GOLDEN);
    for (int i = whole; i < mask.length; i++) {
      mask[i] = kept * keeps((int) bits & 0xffff, dropped);
      bits >>>= 16;
    }
  }

  /** 0 if a number is below a limit, else 1; a branch on random numbers would cost more. */
  private static int keeps(int number, int limit) {
    return 1 + ((number - limit) >> 31);
  }

  private static long mixed(long value) {
    long z = (value ^ value >>> 30) * 0xbf58476d1ce4e5b9L;
    z = (z ^ z >>> 27) * 0x94d049bb133111ebL;
    return z ^ z >>> 31;
  }
}
