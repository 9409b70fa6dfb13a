package io.hdl.data.parquet;

/** Conversions to doubles; each is exact. */
final class ToDoubles {
  private ToDoubles() {}

  static Converter<double[]> ofDoubles() {
    return Values::doubles;
  }

  static Converter<double[]> ofFloats() {
    float[] block = new float[Values.BLOCK];
    return (values, into, at, count) -> {
      values.floats(block, 0, count);
      for (int i = 0; i < count; i++) {
        into[at + i] = block[i];
      }
    };
  }

  /** Integers of 32 bits, signed or not. */
  static Converter<double[]> ofInts(Converter<long[]> ints) {
    long[] block = new long[Values.BLOCK];
    return (values, into, at, count) -> {
      ints.read(values, block, 0, count);
      for (int i = 0; i < count; i++) {
        into[at + i] = block[i];
      }
    };
  }
}
