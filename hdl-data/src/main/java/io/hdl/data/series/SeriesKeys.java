package io.hdl.data.series;

import java.util.AbstractList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.RandomAccess;
import org.jspecify.annotations.Nullable;

/** The keys of a store, made when they are asked for. Immutable and thread-safe. */
final class SeriesKeys extends AbstractList<SeriesKey> implements RandomAccess {
  private final StoreIndex index;
  private final List<KeyBytes.Part> parts;
  // Only where the keys do not ascend.
  private final @Nullable Map<SeriesKey, Integer> places;

  private SeriesKeys(
      StoreIndex index, List<KeyBytes.Part> parts, @Nullable Map<SeriesKey, Integer> places) {
    this.index = index;
    this.parts = List.copyOf(parts);
    this.places = places;
  }

  /**
   * Keys that ascend.
   *
   * @param parts what the key columns hold
   */
  static SeriesKeys sorted(StoreIndex index, List<KeyBytes.Part> parts) {
    return new SeriesKeys(index, parts, null);
  }

  /** Whether a column of the key holds integers. */
  boolean isInteger(int column) {
    return column < parts.size() && parts.get(column) == KeyBytes.Part.INTEGER;
  }

  /** Keys of texts in any order. */
  static SeriesKeys ofTexts(StoreIndex index) {
    SeriesKeys keys = new SeriesKeys(index, List.of(), null);
    boolean ascending = true;
    for (int s = 1; s < index.count() && ascending; s++) {
      byte[] key = index.key(s);
      ascending = index.compareKey(s - 1, key, key.length) < 0;
    }
    if (ascending) {
      return keys;
    }
    Map<SeriesKey, Integer> places = new HashMap<>(2 * index.count());
    for (int s = 0; s < index.count(); s++) {
      places.put(keys.get(s), s);
    }
    return new SeriesKeys(index, List.of(), places);
  }

  List<KeyBytes.Part> parts() {
    return parts;
  }

  @Override
  public SeriesKey get(int series) {
    if (series < 0 || series >= index.count()) {
      throw new IndexOutOfBoundsException("series " + series + " of " + index.count());
    }
    return KeyBytes.decode(index.key(series), parts);
  }

  @Override
  public int size() {
    return index.count();
  }

  OptionalInt find(SeriesKey key) {
    if (places != null) {
      Integer place = places.get(key);
      return place == null ? OptionalInt.empty() : OptionalInt.of(place);
    }
    KeyBytes bytes = new KeyBytes();
    if (!bytes.encode(key, parts)) {
      return OptionalInt.empty();
    }
    int low = 0;
    int high = index.count() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = index.compareKey(middle, bytes.array(), bytes.length());
      if (order == 0) {
        return OptionalInt.of(middle);
      }
      if (order < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return OptionalInt.empty();
  }
}
