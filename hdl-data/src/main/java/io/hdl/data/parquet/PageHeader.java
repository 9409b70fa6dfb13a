package io.hdl.data.parquet;

import java.nio.ByteBuffer;
import org.apache.parquet.format.Encoding;
import org.jspecify.annotations.Nullable;

/**
 * The header of a page (parquet.thrift, {@code PageHeader}), read anew for each page: statistics
 * are passed over, nothing is allocated. Belongs to one thread.
 */
final class PageHeader {
  static final int DATA_V1 = 0;
  static final int INDEX = 1;
  static final int DICTIONARY = 2;
  static final int DATA_V2 = 3;

  private final CompactReader reader = new CompactReader();
  private final boolean lists;

  PageHeader() {
    this(false);
  }

  private PageHeader(boolean lists) {
    this.lists = lists;
  }

  /** One of a column within a list or map: a page has more values than rows. */
  static PageHeader ofLists() {
    return new PageHeader(true);
  }

  int length;
  int type;
  int uncompressedSize;
  int compressedSize;
  boolean hasCrc;
  int crc;
  int values;
  int encoding;
  int levelEncoding;
  int nulls;
  int rows;
  int definitionBytes;
  int repetitionBytes;
  boolean compressed;

  /**
   * Reads a header.
   *
   * @throws CompactReader.Underflow if the bytes end before it does
   */
  void read(ByteBuffer bytes, int from, int to) {
    type = -1;
    uncompressedSize = -1;
    compressedSize = -1;
    hasCrc = false;
    values = -1;
    encoding = -1;
    levelEncoding = Encoding.RLE.getValue();
    nulls = -1;
    rows = -1;
    definitionBytes = 0;
    repetitionBytes = 0;
    compressed = true;
    int inner = -1;
    reader.start(bytes, from, to);
    while (reader.nextField()) {
      switch (reader.fieldId()) {
        case 1 -> type = reader.int32();
        case 2 -> uncompressedSize = reader.int32();
        case 3 -> compressedSize = reader.int32();
        case 4 -> {
          hasCrc = true;
          crc = reader.int32();
        }
        case 5, 7, 8 -> {
          inner = reader.fieldId();
          int outer = reader.beginStruct();
          readInner(inner);
          reader.endStruct(outer);
        }
        default -> reader.skip();
      }
    }
    length = reader.position() - from;
    check(inner);
  }

  private void readInner(int kind) {
    while (reader.nextField()) {
      int id = reader.fieldId();
      if (id == 1) {
        values = reader.int32();
      } else if (kind == 8) {
        readV2(id);
      } else if (id == 2) {
        encoding = reader.int32();
      } else if (id == 3 && kind == 5) {
        levelEncoding = reader.int32();
      } else {
        reader.skip();
      }
    }
  }

  private void readV2(int id) {
    switch (id) {
      case 2 -> nulls = reader.int32();
      case 3 -> rows = reader.int32();
      case 4 -> encoding = reader.int32();
      case 5 -> definitionBytes = reader.int32();
      case 6 -> repetitionBytes = reader.int32();
      case 7 -> compressed = reader.bool();
      default -> reader.skip();
    }
  }

  private void check(int inner) {
    if (uncompressedSize < 0 || compressedSize < 0) {
      throw new CorruptPage(
          "a page header gives sizes of " + compressedSize + " and " + uncompressedSize + " bytes");
    }
    int needed =
        switch (type) {
          case DATA_V1 -> 5;
          case DICTIONARY -> 7;
          case DATA_V2 -> 8;
          default -> -1;
        };
    if (needed >= 0 && (inner != needed || values < 0)) {
      throw new CorruptPage("a page header of type " + type + " has no number of values");
    }
    if (type == DATA_V2) {
      if (lists ? rows < 0 || rows > values : rows != values) {
        throw new CorruptPage(
            "a page has "
                + rows
                + " rows, but "
                + values
                + " values of a column that is not a list");
      }
      if (definitionBytes < 0
          || repetitionBytes < 0
          || (long) definitionBytes + repetitionBytes
              > Math.min(uncompressedSize, compressedSize)) {
        throw new CorruptPage(
            "a page header gives levels of "
                + definitionBytes
                + " and "
                + repetitionBytes
                + " bytes in a page of "
                + compressedSize);
      }
    }
  }

  boolean isData() {
    return type == DATA_V1 || type == DATA_V2;
  }

  /** The encoding of the values, or null if the number stands for none. */
  @Nullable Encoding encoding() {
    return Encoding.findByValue(encoding);
  }
}
