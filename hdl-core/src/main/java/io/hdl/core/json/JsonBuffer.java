package io.hdl.core.json;

import com.fasterxml.jackson.core.io.NumberOutput;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Writes one JSON object piece by piece, as UTF-8 in memory, where it is so large or so frequent
 * that maps and records in between would cost more than the text. Whether objects and arrays are
 * closed in the right order is up to the caller. Numbers that are not finite are written as
 * strings. Not thread-safe.
 *
 * <pre>{@code
 * ByteBuffer json =
 *     new JsonBuffer(64).beginObject().text("key", "loss").number("value", 0.5).endObject().toBuffer();
 * }</pre>
 */
public final class JsonBuffer {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** Characters below 128 that cannot stand in a string as they are. */
  private static final boolean[] ESCAPED = new boolean[128];

  static {
    Arrays.fill(ESCAPED, 0, 0x20, true);
    ESCAPED['"'] = true;
    ESCAPED['\\'] = true;
  }

  /** A double in digits has at most 24 characters, a long 20. */
  private static final int LONGEST_NUMBER = 26;

  private byte[] bytes;
  private int size;
  private boolean first = true;

  /**
   * An empty buffer, which grows.
   *
   * @param expected bytes that it has room for at once
   */
  public JsonBuffer(int expected) {
    bytes = new byte[Math.max(64, expected)];
  }

  /** Begins an object: the whole, or an element of an array. */
  public JsonBuffer beginObject() {
    room(2);
    separate();
    bytes[size++] = '{';
    first = true;
    return this;
  }

  /** Ends an object. */
  public JsonBuffer endObject() {
    return end('}');
  }

  /** Begins an array, a field of an object. */
  public JsonBuffer beginArray(String name) {
    field(name);
    room(1);
    bytes[size++] = '[';
    first = true;
    return this;
  }

  /** Ends an array. */
  public JsonBuffer endArray() {
    return end(']');
  }

  /** A field with a text; what is no Unicode in it, a half of a surrogate pair, becomes "?". */
  public JsonBuffer text(String name, String value) {
    field(name);
    quoted(value);
    return this;
  }

  /** A field with a whole number. */
  public JsonBuffer number(String name, long value) {
    field(name);
    room(LONGEST_NUMBER);
    size = NumberOutput.outputLong(value, bytes, size);
    return this;
  }

  /** A field with a number, in the fewest digits that give the same one again. */
  public JsonBuffer number(String name, double value) {
    field(name);
    if (Double.isFinite(value)) {
      ascii(NumberOutput.toString(value, true));
    } else {
      quoted(Double.toString(value));
    }
    return this;
  }

  private JsonBuffer end(char mark) {
    room(1);
    bytes[size++] = (byte) mark;
    first = false;
    return this;
  }

  private void separate() {
    if (!first) {
      bytes[size++] = ',';
    }
    first = false;
  }

  private void field(String name) {
    room(1);
    separate();
    quoted(name);
    room(1);
    bytes[size++] = ':';
  }

  private void quoted(String text) {
    int length = text.length();
    room(6 * length + 2); // whatever it holds
    bytes[size++] = '"';
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c >= 128) {
        encoded(text.substring(i).getBytes(StandardCharsets.UTF_8));
        break;
      }
      one((byte) c);
    }
    bytes[size++] = '"';
  }

  private void encoded(byte[] utf8) {
    for (byte one : utf8) {
      if (one < 0) {
        bytes[size++] = one; // part of a longer character
      } else {
        one(one);
      }
    }
  }

  private void one(byte c) {
    if (!ESCAPED[c]) {
      bytes[size++] = c;
      return;
    }
    bytes[size++] = '\\';
    if (c >= 0x20) {
      bytes[size++] = c;
      return;
    }
    bytes[size++] = 'u';
    bytes[size++] = '0';
    bytes[size++] = '0';
    bytes[size++] = HEX[c >> 4];
    bytes[size++] = HEX[c & 15];
  }

  private void ascii(String text) {
    int length = text.length();
    room(length);
    for (int i = 0; i < length; i++) {
      bytes[size + i] = (byte) text.charAt(i);
    }
    size += length;
  }

  private void room(int more) {
    if (bytes.length - size < more) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
    }
  }

  /** What was written so far; not to be read once more is written. */
  public ByteBuffer toBuffer() {
    return ByteBuffer.wrap(bytes, 0, size);
  }
}
