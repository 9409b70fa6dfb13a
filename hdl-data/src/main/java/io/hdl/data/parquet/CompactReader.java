package io.hdl.data.parquet;

import java.nio.ByteBuffer;

/**
 * Reads Thrift's compact protocol (thrift.apache.org, "Thrift Compact protocol encoding") from a
 * range of bytes: every length is checked against the bytes that are there before anything is made
 * of it. Belongs to one thread.
 */
final class CompactReader {
  static final int STRUCT = 12;
  private static final int MAX_DEPTH = 32;

  /** The bytes end within a value. */
  static final class Underflow extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private Underflow() {
      super("the bytes end within a value", null, false, false);
    }
  }

  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private int position;
  private int end;
  private int fieldId;
  private int fieldType;

  void start(ByteBuffer buffer, int from, int to) {
    bytes = buffer;
    position = from;
    end = to;
    fieldId = 0;
  }

  int position() {
    return position;
  }

  int fieldId() {
    return fieldId;
  }

  int fieldType() {
    return fieldType;
  }

  /** Begins a struct within the one at hand; gives what {@link #endStruct} needs. */
  int beginStruct() {
    int outer = fieldId;
    fieldId = 0;
    return outer;
  }

  void endStruct(int outer) {
    fieldId = outer;
  }

  /** Reads the header of the next field; false where the struct ends. */
  boolean nextField() {
    int header = unsignedByte();
    if (header == 0) {
      return false;
    }
    fieldType = header & 0x0F;
    int delta = header >>> 4;
    fieldId = delta == 0 ? int32() : fieldId + delta;
    return true;
  }

  private int unsignedByte() {
    if (position >= end) {
      throw new Underflow();
    }
    return bytes.get(position++) & 0xFF;
  }

  private long varint() {
    long value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      int next = unsignedByte();
      value |= (long) (next & 0x7F) << shift;
      if (next < 0x80) {
        return value;
      }
    }
    throw new CorruptPage("a number in a header has more than 64 bits");
  }

  int int32() {
    long value = varint();
    return (int) ((value >>> 1) ^ -(value & 1));
  }

  /** The value of a field of type bool, which lies in its header. */
  boolean bool() {
    return fieldType == 1;
  }

  /** Passes over the value of the field at hand. */
  void skip() {
    skip(fieldType, 0, false);
  }

  /** Passes over a whole struct; what it holds is then known to be well-formed. */
  void skipStruct() {
    skip(STRUCT, 0, false);
  }

  private void skip(int type, int depth, boolean inList) {
    if (depth > MAX_DEPTH) {
      throw new CorruptPage("a header is nested more than " + MAX_DEPTH + " deep");
    }
    switch (type) {
      case 1, 2 -> advance(inList ? 1 : 0);
      case 3 -> advance(1);
      case 4, 5, 6 -> varint();
      case 7 -> advance(8);
      case 8 -> advance(count());
      case 9, 10 -> {
        int header = unsignedByte();
        int size = header >>> 4 == 15 ? count() : header >>> 4;
        skipAll(size, header & 0x0F, depth);
      }
      case 11 -> {
        int size = count();
        if (size > 0) {
          int types = unsignedByte();
          for (int i = 0; i < size; i++) {
            skip(types >>> 4, depth + 1, true);
            skip(types & 0x0F, depth + 1, true);
          }
        }
      }
      case STRUCT -> {
        int outer = beginStruct();
        while (nextField()) {
          skip(fieldType, depth + 1, false);
        }
        endStruct(outer);
      }
      case 13 -> advance(16);
      default -> throw new CorruptPage("a header has a field of the unknown type " + type);
    }
  }

  private void skipAll(int size, int type, int depth) {
    if (size > end - position) {
      throw new Underflow();
    }
    for (int i = 0; i < size; i++) {
      skip(type, depth + 1, true);
    }
  }

  private int count() {
    long count = varint();
    if (count < 0 || count > Integer.MAX_VALUE) {
      throw new CorruptPage("a header gives a length of " + count);
    }
    if (count > end - position) {
      throw new Underflow();
    }
    return (int) count;
  }

  private void advance(int count) {
    if (count > end - position) {
      throw new Underflow();
    }
    position += count;
  }
}
