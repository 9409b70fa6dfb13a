package io.hdl.data.parquet;

/**
 * Takes values from a page and gives them as an array of the type that is wanted. Belongs to one
 * thread.
 *
 * @param <A> the type of the array
 */
interface Converter<A> {
  /**
   * Takes values.
   *
   * @param count how many, at most {@link Values#BLOCK}
   */
  void read(Values values, A into, int at, int count);
}
