package io.hdl.data.parquet;

import java.nio.channels.FileChannel;

/** A column of numbers, decimals or byte strings. */
final class LaneColumn<A> extends PagedColumn<A> {
  private final Converter<A> converter;
  private A dictionary;

  LaneColumn(Chunk chunk, FileChannel channel, Lanes<A> lanes, Converter<A> converter) {
    super(chunk, channel, lanes);
    this.converter = converter;
    this.dictionary = lanes.make(0);
  }

  /** Whether floats of the file are wanted as they are. */
  boolean isIdentity() {
    return converter == ToFloats.IDENTITY;
  }

  @Override
  void dictionary(Values plain, int count) {
    dictionary = lanes().make(0);
    A made = lanes().make(count);
    for (int done = 0; done < count; done += Values.BLOCK) {
      converter.read(plain, made, done, Math.min(Values.BLOCK, count - done));
    }
    dictionary = made;
  }

  @Override
  void plain(Values from, A into, int at, int count) {
    converter.read(from, into, at, count);
  }

  @Override
  void indexed(int[] indices, A into, int at, int count) {
    lanes().gather(dictionary, indices, into, at, count);
  }

  @Override
  void repeated(int index, A into, int at, int count) {
    lanes().repeat(dictionary, index, into, at, count);
  }
}
