package io.hdl.data.parquet;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;

/**
 * Checks a Parquet file for a reader that trusts it, as the log libraries do with checkpoints: that
 * footer, column chunks and pages agree with each other and lie within the file, that checksums
 * hold where there are any, and that dictionaries hold what they announce. Values and levels of
 * data pages are not looked at. Stateless.
 */
public final class ParquetCheck {
  private static final int HEADER = 1 << 16;

  private final FileChannel channel;
  private final Footer footer;
  private final CRC32 crc = new CRC32();

  private ParquetCheck(FileChannel channel, Footer footer) {
    this.channel = channel;
    this.footer = footer;
  }

  /**
   * Checks a file.
   *
   * @throws io.hdl.core.error.HdlException with {@code CORRUPT_DATA} if it is damaged, with {@code
   *     UNSUPPORTED_FEATURE} if its compression is not read
   */
  public static void check(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      new ParquetCheck(channel, Footer.read(channel, file)).checkAll();
    } catch (IOException | RuntimeException e) {
      throw DirectFile.failed(file, e);
    }
  }

  private void checkAll() throws IOException {
    List<ColumnDescriptor> leaves = footer.schema().getColumns();
    for (int group = 0; group < footer.rowGroups(); group++) {
      footer.checkNames(group);
      for (int leaf = 0; leaf < leaves.size(); leaf++) {
        String name = String.join(".", leaves.get(leaf).getPath());
        try {
          checkChunk(group, leaves.get(leaf), footer.metaData(group, leaf, name));
        } catch (CorruptPage e) {
          throw new CorruptPage("column \"" + name + "\": " + e.getMessage(), e);
        }
      }
    }
  }

  private void checkChunk(int group, ColumnDescriptor leaf, ColumnMetaData meta)
      throws IOException {
    footer.checkType(leaf, meta);
    boolean repeated = leaf.getMaxRepetitionLevel() > 0;
    if (!repeated && meta.getNum_values() != footer.rows(group)) {
      throw new CorruptPage(
          "it should have " + meta.getNum_values() + " values in " + footer.rows(group) + " rows");
    }
    long start = Footer.start(meta);
    long end = start + meta.getTotal_compressed_size();
    footer.checkExtent(start, meta.getTotal_compressed_size());
    PageHeader header = repeated ? PageHeader.ofLists() : new PageHeader();
    long values = 0;
    boolean dictionary = false;
    try (ChunkInput input = new ChunkInput(channel, end);
        Codec codec = Codec.of(meta.getCodec())) {
      for (long at = start; at < end; ) {
        int index = input.load(at, (int) Math.min(HEADER, end - at), HEADER);
        try {
          header.read(input.window(), index, index + input.available(index));
        } catch (CompactReader.Underflow e) {
          throw new CorruptPage("the header of the page at " + at + " does not end", e);
        }
        long body = at + header.length;
        if (header.compressedSize > end - body
            || header.uncompressedSize > ChunkPages.MAX_PAGE_BYTES) {
          throw new CorruptPage(
              "the page at " + at + " should have " + header.uncompressedSize + " bytes");
        }
        codec.check(header.compressedSize, header.uncompressedSize);
        if (header.type == PageHeader.DICTIONARY) {
          if (dictionary || values > 0) {
            throw new CorruptPage("it has two dictionaries, or one after its values");
          }
          dictionary = true;
        }
        checkBody(leaf, header, input, body, codec);
        values += header.isData() ? header.values : 0;
        at = body + header.compressedSize;
      }
    }
    if (values != meta.getNum_values()) {
      throw new CorruptPage(
          "its pages have " + values + " values, but it should have " + meta.getNum_values());
    }
  }

  private void checkBody(
      ColumnDescriptor leaf, PageHeader header, ChunkInput input, long body, Codec codec)
      throws IOException {
    boolean dictionary = header.type == PageHeader.DICTIONARY;
    if (!dictionary && !header.hasCrc) {
      return;
    }
    int index = input.load(body, header.compressedSize, HEADER);
    if (header.hasCrc) {
      crc.reset();
      crc.update(input.window().limit(index + header.compressedSize).position(index));
      input.window().clear();
      if ((int) crc.getValue() != header.crc) {
        throw new CorruptPage("the page at " + body + " fails its checksum");
      }
    }
    if (dictionary) {
      if (header.uncompressedSize > ChunkPages.MAX_DICTIONARY_BYTES
          || header.values > ChunkPages.MAX_DICTIONARY_VALUES) {
        throw new CorruptPage("its dictionary has " + header.uncompressedSize + " bytes");
      }
      ByteBuffer page = Memory.take(header.uncompressedSize);
      try {
        codec.decompress(
            input.window(), index, index + header.compressedSize, page, header.uncompressedSize);
        checkDictionary(leaf, page, header.uncompressedSize, header.values);
      } finally {
        Memory.give(page);
      }
    }
  }

  private static void checkDictionary(
      ColumnDescriptor leaf, ByteBuffer page, int size, int values) {
    PrimitiveTypeName type = leaf.getPrimitiveType().getPrimitiveTypeName();
    long needed =
        switch (type) {
          case BINARY -> plainStrings(page, size, values);
          case FIXED_LEN_BYTE_ARRAY -> (long) values * leaf.getPrimitiveType().getTypeLength();
          case INT96 -> 12L * values;
          case INT64, DOUBLE -> 8L * values;
          case INT32, FLOAT -> 4L * values;
          case BOOLEAN -> (values + 7L) / 8;
        };
    if (needed > size) {
      throw new CorruptPage(
          "its dictionary of " + size + " bytes should have " + values + " values");
    }
  }

  private static long plainStrings(ByteBuffer page, int size, int values) {
    long at = 0;
    for (int i = 0; i < values; i++) {
      if (at + Integer.BYTES > size) {
        return Long.MAX_VALUE;
      }
      int length = page.getInt((int) at);
      if (length < 0 || length > size - at - Integer.BYTES) {
        throw new CorruptPage("its dictionary has a string of " + length + " bytes");
      }
      at += Integer.BYTES + (long) length;
    }
    return at;
  }
}
