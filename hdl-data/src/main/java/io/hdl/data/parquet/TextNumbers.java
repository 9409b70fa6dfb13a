package io.hdl.data.parquet;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Numbers byte strings in the order in which they first occur. Belongs to one thread. */
final class TextNumbers {
  /** Bytes of different texts that a batch can hold. */
  private static final int MAX_BYTES = 1 << 30;

  private byte[] bytes = new byte[1 << 12];
  private int[] ends = new int[1 << 8];
  private int[] hashes = new int[1 << 8];
  private int size;
  // Open addressing; a place holds a number with one added, or 0.
  private int[] places = new int[1 << 9];

  int size() {
    return size;
  }

  void clear() {
    if (size > 0) {
      size = 0;
      Arrays.fill(places, 0);
    }
  }

  String text(int number) {
    int start = start(number);
    return new String(bytes, start, ends[number] - start, StandardCharsets.UTF_8);
  }

  private int start(int number) {
    return number == 0 ? 0 : ends[number - 1];
  }

  int number(byte[] from, int offset, int length) {
    int hash = hash(from, offset, length);
    int place = hash & (places.length - 1);
    while (places[place] != 0) {
      int number = places[place] - 1;
      int start = start(number);
      if (hashes[number] == hash
          && Arrays.equals(bytes, start, ends[number], from, offset, offset + length)) {
        return number;
      }
      place = (place + 1) & (places.length - 1);
    }
    add(hash, from, offset, length);
    places[place] = size;
    if (2 * size > places.length) {
      grow();
    }
    return size - 1;
  }

  private void add(int hash, byte[] from, int offset, int length) {
    int start = start(size);
    if (length > MAX_BYTES - start) {
      throw new CorruptPage(
          "65,536 rows hold more than 1 GiB of different texts, which is more than is read");
    }
    if (bytes.length - start < length) {
      bytes =
          Arrays.copyOf(
              bytes, (int) Math.min(MAX_BYTES, Math.max(start + length, 2L * bytes.length)));
    }
    if (size == ends.length) {
      ends = Arrays.copyOf(ends, 2 * size);
      hashes = Arrays.copyOf(hashes, 2 * size);
    }
    System.arraycopy(from, offset, bytes, start, length);
    ends[size] = start + length;
    hashes[size] = hash;
    size++;
  }

  private void grow() {
    places = new int[2 * places.length];
    for (int number = 0; number < size; number++) {
      int place = hashes[number] & (places.length - 1);
      while (places[place] != 0) {
        place = (place + 1) & (places.length - 1);
      }
      places[place] = number + 1;
    }
  }

  private static int hash(byte[] bytes, int offset, int length) {
    int hash = length;
    for (int i = 0; i < length; i++) {
      hash = 31 * hash + bytes[offset + i];
    }
    // Spreads what the low bits alone would not tell apart.
    hash *= 0x9E37_79B9;
    return hash ^ hash >>> 15;
  }
}
