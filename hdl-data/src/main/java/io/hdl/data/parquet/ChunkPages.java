package io.hdl.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.jspecify.annotations.Nullable;

/**
 * The pages of one column chunk, one after another: checked, decompressed, and taken apart into
 * levels and values. Holds one window of the file and one page. Belongs to one thread, which closes
 * it.
 */
final class ChunkPages implements AutoCloseable {
  /** Largest page that is read, compressed or not. */
  static final int MAX_PAGE_BYTES = 1 << 30;

  /** Largest dictionary that is read. */
  static final int MAX_DICTIONARY_BYTES = 1 << 28;

  static final int MAX_DICTIONARY_VALUES = 1 << 24;

  private static final int AHEAD = 1 << 18;

  /** Takes the values of a dictionary page. */
  interface DictionarySink {
    void accept(ByteBuffer page, int from, int to, int count);
  }

  private final Chunk chunk;
  private final ChunkInput input;
  private final Codec codec;
  private final Levels levels;
  private final DictionarySink dictionarySink;
  private final PageHeaders headers;
  private final PageHeader header;
  private final CRC32 crc = new CRC32();
  private ByteBuffer page;
  private long offset;
  private long row;
  private boolean hasDictionary;

  private ByteBuffer data;
  private int from;
  private int to;
  private int pageRows;
  private int rowsLeft;
  private boolean allPresent;
  private long present;
  private boolean closed;

  ChunkPages(Chunk chunk, FileChannel channel, DictionarySink dictionarySink) {
    this.chunk = chunk;
    this.codec = Codec.of(chunk.codec());
    this.input = new ChunkInput(channel, chunk.limit());
    this.headers = new PageHeaders(chunk, input);
    this.header = headers.header();
    this.levels = new Levels(Math.max(1, chunk.maxDefinition()));
    this.dictionarySink = dictionarySink;
    this.page = Memory.take(1);
    this.data = page;
    this.offset = chunk.start();
  }

  Chunk chunk() {
    return chunk;
  }

  /** Rows of the page at hand that were not passed yet. */
  int rowsLeft() {
    return rowsLeft;
  }

  /** Whether each of the rows left in the page is known to have a value. */
  boolean allPresent() {
    return allPresent;
  }

  /** The levels of the page, unless {@link #allPresent}. */
  Levels levels() {
    return levels;
  }

  /** The values of the page lie in this buffer. */
  ByteBuffer data() {
    return data;
  }

  int from() {
    return from;
  }

  int to() {
    return to;
  }

  /** Number of rows of the page. */
  int pageRows() {
    return pageRows;
  }

  /** Lists the data pages by their headers alone. */
  PageIndex index() throws IOException {
    return headers.index();
  }

  /** The encoding of the page's values, or null if it has none that is known. */
  @Nullable Encoding encoding() {
    return header.encoding();
  }

  /** Tells that rows of the page were read, and how many of them have a value. */
  void pass(int rows, int values) {
    rowsLeft -= rows;
    present += values;
    if (rowsLeft == 0
        && header.type == PageHeader.DATA_V2
        && header.nulls >= 0
        && present != (long) pageRows - header.nulls) {
      throw new CorruptPage(
          "a page of "
              + pageRows
              + " rows has "
              + present
              + " values, but says that it has "
              + header.nulls
              + " nulls");
    }
  }

  /** Goes to the next page that has rows. */
  void next() throws IOException {
    while (true) {
      if (offset >= chunk.limit() || (offset >= chunk.end() && row >= chunk.rows())) {
        throw new CorruptPage("its pages end at row " + row + " of " + chunk.rows());
      }
      long body = headers.read(offset, AHEAD);
      if (header.type == PageHeader.DICTIONARY) {
        readDictionary(body);
      }
      offset = body + header.compressedSize;
      if (header.isData() && header.values > 0) {
        if (header.values > chunk.rows() - row) {
          throw new CorruptPage(
              "its pages hold more than the row group's " + chunk.rows() + " rows");
        }
        row += header.values;
        readData(body);
        return;
      }
    }
  }

  /** Goes to the page that holds a row and tells how many rows of it come before that row. */
  int seek(long wanted, PageIndex index) throws IOException {
    long body = headers.read(offset, AHEAD);
    if (header.type == PageHeader.DICTIONARY) {
      readDictionary(body);
    }
    int found = index.page(wanted);
    offset = index.offset(found);
    row = index.firstRow(found);
    next();
    return (int) (wanted - index.firstRow(found));
  }

  /** Checks, after the last row was read, that no page is left that has more. */
  void finish() throws IOException {
    if (rowsLeft > 0 || row < chunk.rows()) {
      return;
    }
    while (offset < chunk.end()) {
      long body = headers.read(offset, PageHeaders.AHEAD);
      if (header.isData() && header.values > 0) {
        throw new CorruptPage("its pages hold more than the row group's " + chunk.rows() + " rows");
      }
      offset = body + header.compressedSize;
    }
  }

  /** Brings the body of a page into the window, checks it, and gives its index there. */
  private int readBody(long body) throws IOException {
    int index = input.load(body, header.compressedSize, AHEAD);
    if (header.hasCrc) {
      crc.reset();
      ByteBuffer window = input.window();
      crc.update(window.limit(index + header.compressedSize).position(index));
      window.clear();
      if ((int) crc.getValue() != header.crc) {
        throw new CorruptPage("the page at " + body + " fails its checksum");
      }
    }
    return index;
  }

  /** Decompresses what lies in the window, so that data, from and to stand for it. */
  private void decompress(int index, int compressed, int size) throws IOException {
    codec.check(compressed, size);
    page = Memory.atLeast(page, size);
    data = page;
    from = 0;
    to = size;
    if (size > 0) {
      codec.decompress(input.window(), index, index + compressed, page, size);
    }
  }

  private void asStored(int index, int size) {
    data = input.window();
    from = index;
    to = index + size;
  }

  private void readWhole(int index) throws IOException {
    if (codec.isNone()) {
      if (header.compressedSize != header.uncompressedSize) {
        throw Codec.wrongSize(header.compressedSize, header.uncompressedSize);
      }
      asStored(index, header.compressedSize);
    } else {
      decompress(index, header.compressedSize, header.uncompressedSize);
    }
  }

  private void readDictionary(long body) throws IOException {
    if (hasDictionary) {
      throw new CorruptPage("it has two dictionaries");
    }
    hasDictionary = true;
    Encoding encoding = header.encoding();
    if (encoding != Encoding.PLAIN && encoding != Encoding.PLAIN_DICTIONARY) {
      throw new CorruptPage("its dictionary is encoded as " + encoding);
    }
    if (header.uncompressedSize > MAX_DICTIONARY_BYTES || header.values > MAX_DICTIONARY_VALUES) {
      throw new CorruptPage(
          "its dictionary has "
              + header.values
              + " values in "
              + header.uncompressedSize
              + " bytes, which is more than is read ("
              + MAX_DICTIONARY_VALUES
              + " in "
              + MAX_DICTIONARY_BYTES
              + ")");
    }
    int values = header.values;
    readWhole(readBody(body));
    dictionarySink.accept(data, from, to, values);
  }

  private void readData(long body) throws IOException {
    checkPlausible();
    int index = readBody(body);
    pageRows = header.values;
    rowsLeft = pageRows;
    present = 0;
    if (header.type == PageHeader.DATA_V2) {
      int repetition = header.repetitionBytes;
      int definition = header.definitionBytes;
      int skipped = repetition + definition;
      ByteBuffer window = input.window();
      int compressed = header.compressedSize - skipped;
      int size = header.uncompressedSize - skipped;
      if (codec.isNone() || !header.compressed) {
        if (compressed != size) {
          throw Codec.wrongSize(compressed, size);
        }
        asStored(index + skipped, size);
      } else {
        decompress(index + skipped, compressed, size);
      }
      if (chunk.maxDefinition() > 0 && (definition > 0 || header.nulls != 0)) {
        levels.startRuns(window, index + repetition, index + skipped);
        allPresent = levels.allPresent(pageRows);
      } else {
        allPresent = true;
      }
    } else {
      readWhole(index);
      readLevels();
    }
  }

  /** The levels at the head of a page of version 1. */
  private void readLevels() {
    if (chunk.maxDefinition() == 0) {
      allPresent = true;
      return;
    }
    long length;
    if (header.levelEncoding == Encoding.RLE.getValue()) {
      length = to - from < Integer.BYTES ? -1 : data.getInt(from);
      from += Integer.BYTES;
      checkLevels(length);
      levels.startRuns(data, from, from + (int) length);
    } else if (header.levelEncoding == Encoding.BIT_PACKED.getValue()) {
      length = levels.packedLength(pageRows);
      checkLevels(length);
      levels.startPacked(data, from, pageRows);
    } else {
      throw new CorruptPage("definition levels have the unknown encoding " + header.levelEncoding);
    }
    from += (int) length;
    allPresent = levels.allPresent(pageRows);
  }

  private void checkLevels(long length) {
    if (length < 0 || length > to - from) {
      throw new CorruptPage(
          "definition levels of " + length + " bytes in a page of " + header.uncompressedSize);
    }
  }

  /** Values of fixed width need little more than that width each. */
  private void checkPlausible() {
    PrimitiveTypeName type = chunk.type().getPrimitiveTypeName();
    int width =
        switch (type) {
          case BINARY -> 0;
          case FIXED_LEN_BYTE_ARRAY -> chunk.type().getTypeLength();
          default -> Long.BYTES + Integer.BYTES;
        };
    if (width > 0 && header.uncompressedSize > (1L << 20) + header.values * (width + 16L)) {
      throw new CorruptPage(
          "a page of "
              + header.values
              + " values should have "
              + header.uncompressedSize
              + " bytes");
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      codec.close();
    } finally {
      input.close();
      Memory.give(page);
    }
  }
}
