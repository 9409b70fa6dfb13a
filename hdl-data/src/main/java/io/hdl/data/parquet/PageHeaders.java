package io.hdl.data.parquet;

import java.io.IOException;

/**
 * Finds the headers of a column chunk's pages, and checks what they say of sizes before anything is
 * done with it. Belongs to one thread.
 */
final class PageHeaders {
  /** Bytes that are read for a header, at first. */
  static final int AHEAD = 256;

  private static final int MAX_BYTES = 1 << 24;

  private final Chunk chunk;
  private final ChunkInput input;
  private final PageHeader header = new PageHeader();

  PageHeaders(Chunk chunk, ChunkInput input) {
    this.chunk = chunk;
    this.input = input;
  }

  /** The header that was read last. */
  PageHeader header() {
    return header;
  }

  /** Reads the header at a position and gives the position of the page's body. */
  long read(long at, int ahead) throws IOException {
    long most = Math.min(MAX_BYTES, chunk.limit() - at);
    int wanted = (int) Math.min(AHEAD, most);
    while (true) {
      int index = input.load(at, wanted, Math.max(ahead, wanted));
      try {
        header.read(input.window(), index, index + (int) Math.min(most, input.available(index)));
        break;
      } catch (CompactReader.Underflow e) {
        if (wanted >= most) {
          throw new CorruptPage("the header of the page at " + at + " does not end");
        }
        wanted = (int) Math.min(8L * wanted, most);
      }
    }
    long body = at + header.length;
    if (header.compressedSize > chunk.limit() - body) {
      throw new CorruptPage(
          "the page at "
              + at
              + " should have "
              + header.compressedSize
              + " bytes, but the column chunk ends at "
              + chunk.end());
    }
    if (header.compressedSize > ChunkPages.MAX_PAGE_BYTES
        || header.uncompressedSize > ChunkPages.MAX_PAGE_BYTES) {
      throw new CorruptPage(
          "the page at "
              + at
              + " has "
              + Math.max(header.compressedSize, header.uncompressedSize)
              + " bytes, which is more than 1 GiB");
    }
    return body;
  }

  /** Lists the data pages by their headers alone. */
  PageIndex index() throws IOException {
    PageIndex index = new PageIndex();
    long at = chunk.start();
    long rows = 0;
    while (rows < chunk.rows()) {
      if (at >= chunk.limit()) {
        throw new CorruptPage("its pages end at row " + rows + " of " + chunk.rows());
      }
      long body = read(at, AHEAD);
      if (header.isData() && header.values > 0) {
        index.add(at, rows);
        rows += header.values;
      }
      at = body + header.compressedSize;
    }
    if (rows > chunk.rows()) {
      throw new CorruptPage("its pages hold more than the row group's " + chunk.rows() + " rows");
    }
    return index;
  }
}
