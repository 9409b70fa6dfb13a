package io.hdl.data.series;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Numbers the keys that occur in a table, beside the heap. Numbers are given in order of arrival,
 * which threads may change from run to run; {@link #sorted} does not. Adding is thread-safe; once
 * nothing is added any more, so is all else.
 */
final class KeyDictionary {
  private static final int PAGE_BYTES = 1 << 16;
  private static final int FIRST_SLOTS = 1 << 10;

  private final PageSource source;
  private final List<KeyBytes.Part> parts;
  private final List<ByteBuffer> pages = new ArrayList<>();
  private int pageUsed = PAGE_BYTES;
  // By number: page of the key's bytes in the upper half; position and, above it, length.
  private final LongPages places;
  private final LongPages lengths;
  // Open addressing: hash in the upper half, number + 1 in the lower.
  private LongPages slots;

  /**
   * An empty dictionary.
   *
   * @param parts what the key columns hold
   */
  KeyDictionary(PageSource source, List<KeyBytes.Part> parts) {
    this.source = source;
    this.parts = List.copyOf(parts);
    this.places = new LongPages(source);
    this.lengths = new LongPages(source);
    this.slots = new LongPages(source);
    slots.grow(FIRST_SLOTS);
  }

  List<KeyBytes.Part> parts() {
    return parts;
  }

  /** The number of a key, which is a new one if the key is. */
  synchronized int number(KeyBytes key) {
    int hash = hash(key.array(), key.length());
    long slot = slot(key, hash);
    long entry = slots.get(slot);
    if (entry != 0) {
      return (int) entry - 1;
    }
    int number = size();
    store(key);
    slots.set(slot, (long) hash << 32 | number + 1);
    if (2L * size() > slots.size()) {
      rehash();
    }
    return number;
  }

  /** The number of a key, or -1. */
  int find(KeyBytes key) {
    return (int) slots.get(slot(key, hash(key.array(), key.length()))) - 1;
  }

  private long slot(KeyBytes key, int hash) {
    long mask = slots.size() - 1;
    long slot = hash & mask;
    while (true) {
      long entry = slots.get(slot);
      if (entry == 0 || ((int) (entry >>> 32) == hash && matches((int) entry - 1, key))) {
        return slot;
      }
      slot = slot + 1 & mask;
    }
  }

  private void rehash() {
    LongPages old = slots;
    LongPages larger = new LongPages(source);
    larger.grow(4 * old.size());
    long mask = larger.size() - 1;
    for (long i = 0; i < old.size(); i++) {
      long entry = old.get(i);
      if (entry != 0) {
        long slot = (int) (entry >>> 32) & mask;
        while (larger.get(slot) != 0) {
          slot = slot + 1 & mask;
        }
        larger.set(slot, entry);
      }
    }
    slots = larger;
  }

  private void store(KeyBytes key) {
    int length = key.length();
    if (pageUsed + length > PAGE_BYTES || length > PAGE_BYTES) {
      pages.add(source.page(Math.max(PAGE_BYTES, length)));
      pageUsed = 0;
    }
    pages.get(pages.size() - 1).put(pageUsed, key.array(), 0, length);
    places.add((long) (pages.size() - 1) << 32 | pageUsed);
    lengths.add(length);
    pageUsed = length > PAGE_BYTES ? PAGE_BYTES : pageUsed + length;
  }

  private boolean matches(int number, KeyBytes key) {
    if (lengths.get(number) != key.length()) {
      return false;
    }
    long place = places.get(number);
    ByteBuffer page = pages.get((int) (place >>> 32));
    byte[] bytes = key.array();
    for (int i = 0; i < key.length(); i++) {
      if (page.get((int) place + i) != bytes[i]) {
        return false;
      }
    }
    return true;
  }

  private static int hash(byte[] bytes, int length) {
    long hash = 0;
    for (int i = 0; i < length; i++) {
      hash = (hash ^ (bytes[i] & 0xFF)) * 0x100000001B3L;
    }
    return (int) (((hash ^ (hash >>> 29)) * 0x9E3779B97F4A7C15L) >>> 32);
  }

  int size() {
    return (int) places.size();
  }

  /** The bytes of a key. */
  byte[] bytes(int number) {
    long place = places.get(number);
    byte[] key = new byte[(int) lengths.get(number)];
    pages.get((int) (place >>> 32)).get((int) place, key);
    return key;
  }

  int length(int number) {
    return (int) lengths.get(number);
  }

  SeriesKey key(int number) {
    return KeyBytes.decode(bytes(number), parts);
  }

  /** All numbers in the order of their keys. */
  int[] sorted() {
    int[] order = new int[size()];
    for (int i = 0; i < order.length; i++) {
      order[i] = i;
    }
    int[] from = order;
    int[] into = new int[order.length];
    for (long width = 1; width < order.length; width *= 2) {
      for (long low = 0; low < order.length; low += 2 * width) {
        int middle = (int) Math.min(order.length, low + width);
        merge(from, (int) low, middle, (int) Math.min(order.length, low + 2 * width), into);
      }
      int[] swap = from;
      from = into;
      into = swap;
    }
    return from;
  }

  private void merge(int[] from, int low, int middle, int high, int[] into) {
    if (middle == high || compare(from[middle - 1], from[middle]) < 0) {
      System.arraycopy(from, low, into, low, high - low);
      return;
    }
    int left = low;
    int right = middle;
    for (int at = low; at < high; at++) {
      boolean fromLeft = right == high || (left < middle && compare(from[left], from[right]) < 0);
      into[at] = fromLeft ? from[left++] : from[right++];
    }
  }

  private int compare(int a, int b) {
    long placeA = places.get(a);
    long placeB = places.get(b);
    ByteBuffer pageA = pages.get((int) (placeA >>> 32));
    ByteBuffer pageB = pages.get((int) (placeB >>> 32));
    int lengthA = length(a);
    int lengthB = length(b);
    int common = Math.min(lengthA, lengthB);
    for (int i = 0; i < common; i++) {
      int difference = (pageA.get((int) placeA + i) & 0xFF) - (pageB.get((int) placeB + i) & 0xFF);
      if (difference != 0) {
        return difference;
      }
    }
    return lengthA - lengthB;
  }
}
