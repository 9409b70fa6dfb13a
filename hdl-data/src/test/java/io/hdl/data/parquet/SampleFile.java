package io.hdl.data.parquet;

import io.hdl.data.column.ColumnForm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ParquetProperties.WriterVersion;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.SimpleGroupFactory;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;
import org.jspecify.annotations.Nullable;

/** Columns of values, and a file that holds them. */
final class SampleFile {
  /**
   * One column.
   *
   * @param depth how many structs lie around it
   * @param required whether it and the structs always have a value
   * @param values as they are written and read; null where there is none
   */
  record Data(
      SampleColumn column,
      int depth,
      boolean required,
      List<SampleColumn.@Nullable Value> values) {}

  /** How the file is written. */
  record Settings(
      CompressionCodecName codec,
      WriterVersion version,
      boolean dictionary,
      boolean split,
      int pageBytes,
      int pageRows,
      long rowGroupRows,
      int dictionaryBytes) {
    static Settings plain() {
      return new Settings(
          CompressionCodecName.UNCOMPRESSED,
          WriterVersion.PARQUET_1_0,
          true,
          false,
          1 << 20,
          20_000,
          Long.MAX_VALUE,
          1 << 20);
    }

    Settings codec(CompressionCodecName other) {
      return new Settings(
          other, version, dictionary, split, pageBytes, pageRows, rowGroupRows, dictionaryBytes);
    }
  }

  private final List<Data> columns = new ArrayList<>();

  SampleFile add(Data column) {
    columns.add(column);
    return this;
  }

  /** Adds a column whose values have these numbers; null for none. */
  SampleFile add(SampleColumn column, @Nullable Long... numbers) {
    List<SampleColumn.@Nullable Value> values = new ArrayList<>();
    for (Long number : numbers) {
      values.add(number == null ? null : column.value(number));
    }
    return add(new Data(column, 0, false, values));
  }

  List<Data> columns() {
    return columns;
  }

  int rows() {
    return columns.get(0).values().size();
  }

  private static String name(int column) {
    return "c" + column;
  }

  /** What a data file is asked for to get a column. */
  FileColumn fileColumn(int column, ColumnForm form) {
    Data data = columns.get(column);
    List<String> path = new ArrayList<>();
    List<Integer> ids = new ArrayList<>();
    for (int depth = 0; depth < data.depth(); depth++) {
      path.add(name(column) + "s" + depth);
      ids.add(-1);
    }
    path.add(name(column));
    ids.add(-1);
    return new FileColumn(String.join(".", path), path, ids, data.column().type, form);
  }

  MessageType schema() {
    Types.MessageTypeBuilder builder = Types.buildMessage();
    for (int c = 0; c < columns.size(); c++) {
      Data data = columns.get(c);
      Type.Repetition repetition =
          data.required() ? Type.Repetition.REQUIRED : Type.Repetition.OPTIONAL;
      Type field = data.column().field(repetition, name(c));
      for (int depth = data.depth() - 1; depth >= 0; depth--) {
        field = Types.buildGroup(repetition).addField(field).named(name(c) + "s" + depth);
      }
      builder.addField(field);
    }
    return builder.named("sample");
  }

  /** Writes the file; a null value is missing at one of the levels that can be missing. */
  SampleFile write(Path file, Settings settings) throws IOException {
    MessageType schema = schema();
    SimpleGroupFactory groups = new SimpleGroupFactory(schema);
    ExampleParquetWriter.Builder builder =
        ExampleParquetWriter.builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withType(schema)
            .withCompressionCodec(settings.codec())
            .withWriterVersion(settings.version())
            .withDictionaryEncoding(settings.dictionary())
            .withDictionaryPageSize(settings.dictionaryBytes())
            .withByteStreamSplitEncoding(settings.split())
            .withPageSize(settings.pageBytes())
            .withPageRowCountLimit(settings.pageRows())
            .withRowGroupRowCountLimit((int) Math.min(Integer.MAX_VALUE, settings.rowGroupRows()));
    for (ColumnDescriptor leaf : schema.getColumns()) {
      switch (leaf.getPrimitiveType().getPrimitiveTypeName()) {
        case INT32, INT64, FIXED_LEN_BYTE_ARRAY ->
            builder.withByteStreamSplitEncoding(String.join(".", leaf.getPath()), settings.split());
        default -> {}
      }
    }
    try (ParquetWriter<Group> writer = builder.build()) {
      for (int row = 0; row < rows(); row++) {
        Group record = groups.newGroup();
        for (int c = 0; c < columns.size(); c++) {
          Data data = columns.get(c);
          SampleColumn.Value value = data.values().get(row);
          Group group = record;
          int present = value == null ? (row + c) % (data.depth() + 1) : data.depth();
          for (int depth = 0; depth < present; depth++) {
            group = group.addGroup(name(c) + "s" + depth);
          }
          if (value != null) {
            add(group, name(c), value.written());
          }
        }
        writer.write(record);
      }
    }
    return this;
  }

  private static void add(Group group, String name, Object value) {
    if (value instanceof Boolean bool) {
      group.add(name, (boolean) bool);
    } else if (value instanceof Integer number) {
      group.add(name, (int) number);
    } else if (value instanceof Long number) {
      group.add(name, (long) number);
    } else if (value instanceof Float number) {
      group.add(name, (float) number);
    } else if (value instanceof Double number) {
      group.add(name, (double) number);
    } else {
      group.add(name, (Binary) value);
    }
  }
}
