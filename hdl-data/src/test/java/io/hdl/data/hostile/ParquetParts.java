package io.hdl.data.hostile;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;

/** A Parquet file taken apart: what its bytes are, and the file put together again. */
final class ParquetParts {
  /** One page: its header, its bytes, and where they lie in the file. */
  static final class Page {
    final PageHeader header;
    byte[] body;
    final int bodyOffset;

    Page(PageHeader header, byte[] body, int bodyOffset) {
      this.header = header;
      this.body = body;
      this.bodyOffset = bodyOffset;
    }

    /** Lets the header say what the body is: a change that no checksum shows. */
    void seal() {
      CRC32 crc = new CRC32();
      crc.update(body);
      header.setCrc((int) crc.getValue());
      header.setCompressed_page_size(body.length);
    }
  }

  private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);

  final FileMetaData footer;
  final int footerOffset;

  /** The pages of each column chunk of each row group. */
  final List<List<List<Page>>> chunks = new ArrayList<>();

  private ParquetParts(FileMetaData footer, int footerOffset) {
    this.footer = footer;
    this.footerOffset = footerOffset;
  }

  static ParquetParts of(byte[] file) throws IOException {
    int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - 8);
    int offset = file.length - 8 - length;
    FileMetaData footer = Util.readFileMetaData(new ByteArrayInputStream(file, offset, length));
    ParquetParts parts = new ParquetParts(footer, offset);
    for (RowGroup group : footer.getRow_groups()) {
      List<List<Page>> columns = new ArrayList<>();
      for (ColumnChunk chunk : group.getColumns()) {
        columns.add(pages(file, chunk.getMeta_data()));
      }
      parts.chunks.add(columns);
    }
    return parts;
  }

  private static List<Page> pages(byte[] file, ColumnMetaData column) throws IOException {
    int at = (int) column.getData_page_offset();
    if (column.isSetDictionary_page_offset() && column.getDictionary_page_offset() > 0) {
      at = (int) Math.min(at, column.getDictionary_page_offset());
    }
    int end = at + (int) column.getTotal_compressed_size();
    List<Page> pages = new ArrayList<>();
    while (at < end) {
      ByteArrayInputStream in = new ByteArrayInputStream(file, at, end - at);
      PageHeader header = Util.readPageHeader(in);
      int body = end - in.available();
      byte[] bytes = new byte[header.getCompressed_page_size()];
      System.arraycopy(file, body, bytes, 0, bytes.length);
      pages.add(new Page(header, bytes, body));
      at = body + bytes.length;
    }
    return pages;
  }

  /** All pages of the file. */
  List<Page> pages() {
    return chunks.stream().flatMap(List::stream).flatMap(List::stream).toList();
  }

  /** The file as its parts are now; the offsets in the footer follow the pages. */
  byte[] assemble() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(MAGIC);
    for (int g = 0; g < chunks.size(); g++) {
      for (int c = 0; c < chunks.get(g).size(); c++) {
        ColumnChunk chunk = footer.getRow_groups().get(g).getColumns().get(c);
        chunk.unsetColumn_index_offset();
        chunk.unsetColumn_index_length();
        chunk.unsetOffset_index_offset();
        chunk.unsetOffset_index_length();
        write(chunks.get(g).get(c), chunk.getMeta_data(), out);
      }
    }
    return withFooter(out.toByteArray(), footer);
  }

  private static void write(List<Page> pages, ColumnMetaData column, ByteArrayOutputStream out)
      throws IOException {
    int start = out.size();
    boolean data = false;
    for (Page page : pages) {
      if (page.header.getType() == PageType.DICTIONARY_PAGE) {
        column.setDictionary_page_offset(out.size());
      } else if (!data) {
        column.setData_page_offset(out.size());
        data = true;
      }
      Util.writePageHeader(page.header, out);
      out.write(page.body);
    }
    column.setTotal_compressed_size(out.size() - start);
  }

  /** The file up to its footer, with another footer. */
  static byte[] withFooter(byte[] before, FileMetaData footer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(before);
    Util.writeFileMetaData(footer, out);
    int length = out.size() - before.length;
    out.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
    out.write(MAGIC);
    return out.toByteArray();
  }
}
