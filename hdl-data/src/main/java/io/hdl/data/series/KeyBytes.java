package io.hdl.data.series;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Keys as bytes whose order, byte by unsigned byte, is the order of the keys: integers by value,
 * texts by their characters. An integer takes eight bytes. A text takes one to three bytes per
 * character (as UTF-8, of the character plus one, surrogates one by one, so that zero is free) and
 * a zero at its end. A buffer to write one key after the other; not thread-safe.
 */
final class KeyBytes {
  /** What a key column holds. */
  enum Part {
    INTEGER,
    TEXT
  }

  private byte[] bytes = new byte[64];
  private int length;

  KeyBytes clear() {
    length = 0;
    return this;
  }

  int length() {
    return length;
  }

  byte[] array() {
    return bytes;
  }

  byte[] copy() {
    return Arrays.copyOf(bytes, length);
  }

  KeyBytes integer(long value) {
    reserve(Long.BYTES);
    long ordered = value ^ Long.MIN_VALUE;
    for (int shift = 56; shift >= 0; shift -= 8) {
      bytes[length++] = (byte) (ordered >>> shift);
    }
    return this;
  }

  KeyBytes text(String text) {
    reserve(3 * text.length() + 1);
    for (int i = 0; i < text.length(); i++) {
      int c = text.charAt(i) + 1;
      if (c < 0x80) {
        bytes[length++] = (byte) c;
      } else if (c < 0x800) {
        bytes[length++] = (byte) (0xC0 | (c >>> 6));
        bytes[length++] = (byte) (0x80 | (c & 0x3F));
      } else if (c < 0x10000) {
        bytes[length++] = (byte) (0xE0 | (c >>> 12));
        bytes[length++] = (byte) (0x80 | ((c >>> 6) & 0x3F));
        bytes[length++] = (byte) (0x80 | (c & 0x3F));
      } else {
        bytes[length++] = (byte) 0xF0;
      }
    }
    bytes[length++] = 0;
    return this;
  }

  private void reserve(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, length + more));
    }
  }

  /**
   * The key that bytes stand for.
   *
   * @param parts what its columns hold; values beyond them are texts
   */
  static SeriesKey decode(byte[] key, List<Part> parts) {
    List<String> values = new ArrayList<>();
    int at = 0;
    while (at < key.length) {
      if (values.size() < parts.size() && parts.get(values.size()) == Part.INTEGER) {
        long ordered = 0;
        for (int i = 0; i < Long.BYTES; i++) {
          ordered = (ordered << 8) | (key[at++] & 0xFF);
        }
        values.add(Long.toString(ordered ^ Long.MIN_VALUE));
      } else {
        StringBuilder text = new StringBuilder();
        while (key[at] != 0) {
          int lead = key[at++] & 0xFF;
          int c = lead;
          if (lead == 0xF0) {
            c = 0x10000;
          } else if (lead >= 0xE0) {
            c = ((lead & 0x0F) << 12) | ((key[at++] & 0x3F) << 6) | (key[at++] & 0x3F);
          } else if (lead >= 0xC0) {
            c = ((lead & 0x1F) << 6) | (key[at++] & 0x3F);
          }
          text.append((char) (c - 1));
        }
        at++;
        values.add(text.toString());
      }
    }
    return new SeriesKey(values);
  }

  /** Writes a key; false if a column of integers cannot hold its value. */
  boolean encode(SeriesKey key, List<Part> parts) {
    clear();
    List<String> values = key.values();
    if (!parts.isEmpty() && parts.size() != values.size()) {
      return false;
    }
    for (int i = 0; i < values.size(); i++) {
      String value = values.get(i);
      if (i < parts.size() && parts.get(i) == Part.INTEGER) {
        long number;
        try {
          number = Long.parseLong(value);
        } catch (NumberFormatException e) {
          return false;
        }
        if (!Long.toString(number).equals(value)) {
          return false;
        }
        integer(number);
      } else {
        text(value);
      }
    }
    return true;
  }
}
