package io.hdl.data.parquet;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.schema.MessageType;

/**
 * What a file says of itself at its end: schema, row groups and where column chunks lie. Lengths
 * and counts are checked against the file before memory is reserved for them; statistics are
 * dropped. Immutable.
 */
final class Footer {
  private static final int TAIL = 8;
  private static final int MAX_BYTES = 1 << 26;
  private static final int MAX_DEPTH = 100;
  private static final long MAX_ROWS_PER_BYTE = 1 << 20;
  private static final int OLD_SLACK = 100;
  private static final String MAGIC = "PAR1";
  private static final String ENCRYPTED = "PARE";

  private final Path file;
  private final MessageType schema;
  private final List<RowGroup> rowGroups;
  private final LegacyCalendar calendar;
  private final long end;

  private Footer(
      Path file, MessageType schema, List<RowGroup> rowGroups, LegacyCalendar calendar, long end) {
    this.file = file;
    this.calendar = calendar;
    this.schema = schema;
    this.rowGroups = rowGroups;
    this.end = end;
  }

  /**
   * Reads the footer of an open file.
   *
   * @throws CorruptPage if it is damaged
   * @throws HdlException with {@link ErrorCode#UNSUPPORTED_FEATURE} if the file is encrypted
   */
  static Footer read(FileChannel channel, Path file) throws IOException {
    long size = channel.size();
    if (size < TAIL + 4) {
      throw new CorruptPage("it has " + size + " bytes, too few for a Parquet file");
    }
    ByteBuffer tail = bytes(channel, size - TAIL, TAIL);
    String magic = StandardCharsets.ISO_8859_1.decode(tail.duplicate().position(4)).toString();
    if (magic.equals(ENCRYPTED)) {
      throw encrypted(file, "the file");
    }
    if (!magic.equals(MAGIC)) {
      throw new CorruptPage(
          "it does not end with " + MAGIC + ": it is no Parquet file, or cut short");
    }
    int length = tail.getInt(0);
    if (length <= 0 || length > size - TAIL - 4) {
      throw new CorruptPage(
          "its footer should have " + length + " bytes, but the file has " + size);
    }
    if (length > MAX_BYTES) {
      throw new CorruptPage("its footer has " + length + " bytes, which is more than is read");
    }
    long start = size - TAIL - length;
    ByteBuffer bytes = bytes(channel, start, length);
    CompactReader structure = new CompactReader();
    try {
      // The library that reads it reserves memory for whatever lengths it finds.
      structure.start(bytes, 0, length);
      structure.skipStruct();
    } catch (CompactReader.Underflow e) {
      throw new CorruptPage("its footer ends within a value", e);
    }
    FileMetaData meta;
    try {
      meta =
          Util.readFileMetaData(
              new ByteArrayInputStream(bytes.array(), bytes.arrayOffset(), length));
    } catch (IOException e) {
      throw new CorruptPage("its footer cannot be read (" + e.getMessage() + ")", e);
    }
    checkSchema(meta.getSchema());
    MessageType schema = schema(meta);
    checkRows(meta, schema, size);
    meta.getRow_groups().forEach(Footer::trim);
    LegacyCalendar calendar = LegacyCalendar.of(meta.getKey_value_metadata());
    return new Footer(file, schema, meta.getRow_groups(), calendar, start);
  }

  private static ByteBuffer bytes(FileChannel channel, long offset, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, offset + bytes.position()) < 0) {
        throw new CorruptPage("it became shorter while it was read");
      }
    }
    return bytes.flip();
  }

  /** A schema is a tree in one list; the library that builds it recurses. */
  private static void checkSchema(List<SchemaElement> elements) {
    if (elements.isEmpty()) {
      throw new CorruptPage("its schema is empty");
    }
    Deque<Integer> open = new ArrayDeque<>();
    int next = 0;
    do {
      if (next == elements.size()) {
        throw new CorruptPage("its schema lacks columns");
      }
      SchemaElement element = elements.get(next++);
      if (!open.isEmpty()) {
        open.push(open.pop() - 1);
      }
      int children = element.isSetNum_children() ? element.getNum_children() : 0;
      if (children < 0 || children > elements.size() - next) {
        throw new CorruptPage(
            "column \"" + element.getName() + "\" of its schema has " + children + " fields");
      }
      if (element.isSetType_length() && element.getType_length() < 0) {
        throw new CorruptPage(
            "column \""
                + element.getName()
                + "\" has values of "
                + element.getType_length()
                + " bytes");
      }
      if (children > 0) {
        open.push(children);
      }
      if (open.size() > MAX_DEPTH) {
        throw new CorruptPage("its schema is nested more than " + MAX_DEPTH + " deep");
      }
      while (!open.isEmpty() && open.peek() == 0) {
        open.pop();
      }
    } while (!open.isEmpty());
  }

  private static MessageType schema(FileMetaData meta) throws IOException {
    FileMetaData bare =
        new FileMetaData(meta.getVersion(), meta.getSchema(), meta.getNum_rows(), List.of());
    bare.setCreated_by(meta.getCreated_by());
    return new ParquetMetadataConverter().fromParquetMetadata(bare).getFileMetaData().getSchema();
  }

  private static void checkRows(FileMetaData meta, MessageType schema, long size) {
    long rows = 0;
    for (RowGroup group : meta.getRow_groups()) {
      if (group.getNum_rows() < 0 || group.getNum_rows() > size * MAX_ROWS_PER_BYTE) {
        throw new CorruptPage("a row group has " + group.getNum_rows() + " rows");
      }
      rows += group.getNum_rows();
      if (group.getColumnsSize() != schema.getColumns().size()) {
        throw new CorruptPage(
            "a row group has "
                + group.getColumnsSize()
                + " columns, the schema "
                + schema.getColumns().size());
      }
    }
    if (rows != meta.getNum_rows()) {
      throw new CorruptPage(
          "its row groups have " + rows + " rows, the file should have " + meta.getNum_rows());
    }
  }

  private static void trim(RowGroup group) {
    for (ColumnChunk column : group.getColumns()) {
      if (column.isSetMeta_data()) {
        column.getMeta_data().unsetStatistics();
        column.getMeta_data().unsetSize_statistics();
        column.getMeta_data().unsetKey_value_metadata();
        column.getMeta_data().unsetEncoding_stats();
      }
    }
  }

  private static HdlException encrypted(Path file, String what) {
    return new HdlException(
        ErrorCode.UNSUPPORTED_FEATURE,
        "Cannot read the data file "
            + file
            + ": "
            + what
            + " is encrypted (Parquet modular encryption), which is not read. Write the table"
            + " without encryption.");
  }

  MessageType schema() {
    return schema;
  }

  LegacyCalendar calendar() {
    return calendar;
  }

  int rowGroups() {
    return rowGroups.size();
  }

  long rows(int rowGroup) {
    return rowGroups.get(rowGroup).getNum_rows();
  }

  /** Number in the schema of a leaf. */
  int leaf(ColumnDescriptor descriptor) {
    return schema.getColumns().indexOf(descriptor);
  }

  /**
   * Checks that schema and row group name the same columns, before one that is not found among them
   * is taken for absent.
   *
   * @throws CorruptPage if they do not
   */
  void checkNames(int rowGroup) {
    List<ColumnDescriptor> leaves = schema.getColumns();
    for (int leaf = 0; leaf < leaves.size(); leaf++) {
      ColumnChunk chunk = rowGroups.get(rowGroup).getColumns().get(leaf);
      List<String> path = List.of(leaves.get(leaf).getPath());
      if (chunk.isSetMeta_data() && !path.equals(chunk.getMeta_data().getPath_in_schema())) {
        throw new CorruptPage(
            "its schema has a column "
                + String.join(".", path)
                + " where row group "
                + rowGroup
                + " has "
                + String.join(".", chunk.getMeta_data().getPath_in_schema()));
      }
    }
  }

  /** What the file says of a column chunk, unchecked. */
  ColumnMetaData metaData(int rowGroup, int leaf, String column) {
    ColumnChunk chunk = rowGroups.get(rowGroup).getColumns().get(leaf);
    if (chunk.isSetCrypto_metadata() || chunk.isSetEncrypted_column_metadata()) {
      throw encrypted(file, "column \"" + column + "\"");
    }
    if (!chunk.isSetMeta_data()) {
      throw new CorruptPage("its footer says nothing of where it lies");
    }
    if (chunk.isSetFile_path()) {
      throw new HdlException(
          ErrorCode.UNSUPPORTED_FEATURE,
          "Cannot read column \""
              + column
              + "\" of the data file "
              + file
              + ": it lies in another file, "
              + chunk.getFile_path()
              + ", which is not followed.");
    }
    return chunk.getMeta_data();
  }

  /** Where the first page of a column chunk lies. */
  static long start(ColumnMetaData meta) {
    long start = meta.getData_page_offset();
    long dictionary = meta.isSetDictionary_page_offset() ? meta.getDictionary_page_offset() : 0;
    return dictionary >= 4 && dictionary < start ? dictionary : start;
  }

  /** Checks that a column chunk lies within the file. */
  void checkExtent(long start, long size) {
    if (start < 4 || size < 0 || size > end - start) {
      throw new CorruptPage(
          "its " + size + " bytes from " + start + " on do not lie before the footer at " + end);
    }
  }

  /** Checks that a column chunk is the leaf's. */
  void checkType(ColumnDescriptor descriptor, ColumnMetaData meta) {
    String type = descriptor.getPrimitiveType().getPrimitiveTypeName().name();
    String stored = meta.getType().name().replace("BYTE_ARRAY", "BINARY");
    if (!type.replace("BYTE_ARRAY", "BINARY").equals(stored)
        || !List.of(descriptor.getPath()).equals(meta.getPath_in_schema())) {
      throw new CorruptPage(
          "its footer describes "
              + String.join(".", meta.getPath_in_schema())
              + " ("
              + meta.getType()
              + ") in its place");
    }
  }

  /**
   * A column chunk.
   *
   * @throws CorruptPage if what the footer says of it cannot be
   */
  Chunk chunk(int rowGroup, ColumnDescriptor descriptor, String column) {
    ColumnMetaData meta = metaData(rowGroup, leaf(descriptor), column);
    checkType(descriptor, meta);
    long rows = rows(rowGroup);
    if (meta.getNum_values() != rows) {
      throw new CorruptPage(
          "it should have " + meta.getNum_values() + " values in " + rows + " rows");
    }
    long start = start(meta);
    long size = meta.getTotal_compressed_size();
    checkExtent(start, size);
    return new Chunk(
        file,
        column,
        rowGroup,
        descriptor.getPrimitiveType(),
        descriptor.getMaxDefinitionLevel(),
        meta.getCodec(),
        start,
        start + size,
        Math.min(end, start + size + OLD_SLACK),
        rows);
  }
}
