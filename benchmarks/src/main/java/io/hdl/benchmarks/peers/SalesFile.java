package io.hdl.benchmarks.peers;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.io.OutputFile;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;

/**
 * Writes sales as Spark writes them: parquet-java's writer, V1 pages of up to 1 MiB and 20,000
 * rows, dictionaries where they are worth it, every column optional.
 */
final class SalesFile {
  private static final MessageType SCHEMA =
      MessageTypeParser.parseMessageType(
          """
          message spark_schema {
            optional int32 store;
            optional int32 item;
            optional int32 date (DATE);
            optional binary category (STRING);
            optional double price;
            optional int32 units;
            optional double revenue;
            optional double margin;
            optional float temperature;
            optional float discount;
            optional float traffic;
            optional boolean promo;
            optional boolean holiday;
            optional int64 stock;
          }
          """);
  private static final int PAGE_BYTES = 1 << 20;

  private SalesFile() {}

  /**
   * Writes the series from one number to below another one; returns how many rows they have.
   *
   * @param rowGroupBytes size of a row group in the writer's memory
   */
  static long write(Path file, CompressionCodecName codec, int from, int to, long rowGroupBytes)
      throws IOException {
    long rows = 0;
    try (ParquetWriter<SalesRows> writer =
        new Builder(new LocalOutputFile(file))
            .withConf(new PlainParquetConfiguration())
            .withCompressionCodec(codec)
            .withWriterVersion(ParquetProperties.WriterVersion.PARQUET_1_0)
            .withPageSize(PAGE_BYTES)
            .withDictionaryPageSize(PAGE_BYTES)
            .withRowGroupSize(rowGroupBytes)
            .build()) {
      for (int series = from; series < to; series++) {
        SalesRows row = new SalesRows(series);
        while (row.next()) {
          writer.write(row);
          rows++;
        }
      }
    }
    return rows;
  }

  private static final class Builder extends ParquetWriter.Builder<SalesRows, Builder> {
    Builder(OutputFile file) {
      super(file);
    }

    @Override
    protected Builder self() {
      return this;
    }

    @Override
    protected WriteSupport<SalesRows> getWriteSupport(ParquetConfiguration configuration) {
      return new RowWriter();
    }

    @Override
    @SuppressWarnings("deprecation") // the only other one that a subclass must have
    protected WriteSupport<SalesRows> getWriteSupport(
        org.apache.hadoop.conf.Configuration configuration) {
      return new RowWriter();
    }
  }

  @SuppressWarnings("NullAway.Init") // prepareForWrite comes first
  private static final class RowWriter extends WriteSupport<SalesRows> {
    private RecordConsumer out;

    @Override
    public WriteContext init(ParquetConfiguration configuration) {
      return new WriteContext(SCHEMA, Map.of());
    }

    @Override
    @SuppressWarnings("deprecation") // the only other one that a subclass must have
    public WriteContext init(org.apache.hadoop.conf.Configuration configuration) {
      return new WriteContext(SCHEMA, Map.of());
    }

    @Override
    public void prepareForWrite(RecordConsumer consumer) {
      this.out = consumer;
    }

    @Override
    public void write(SalesRows row) {
      out.startMessage();
      whole("store", 0, row.store);
      whole("item", 1, row.item);
      whole("date", 2, row.date());
      out.startField("category", 3);
      out.addBinary(
          Binary.fromConstantByteArray(
              row.category.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      out.endField("category", 3);
      number("price", 4, row.price());
      whole("units", 5, row.units);
      number("revenue", 6, row.revenue);
      number("margin", 7, row.margin);
      number("temperature", 8, row.temperature);
      number("discount", 9, row.discount);
      number("traffic", 10, row.traffic);
      flag("promo", 11, row.promo);
      flag("holiday", 12, row.holiday);
      if (row.stockKnown) {
        out.startField("stock", 13);
        out.addLong(row.stock);
        out.endField("stock", 13);
      }
      out.endMessage();
    }

    private void whole(String name, int index, int value) {
      out.startField(name, index);
      out.addInteger(value);
      out.endField(name, index);
    }

    private void number(String name, int index, double value) {
      out.startField(name, index);
      out.addDouble(value);
      out.endField(name, index);
    }

    private void number(String name, int index, float value) {
      out.startField(name, index);
      out.addFloat(value);
      out.endField(name, index);
    }

    private void flag(String name, int index, boolean value) {
      out.startField(name, index);
      out.addBoolean(value);
      out.endField(name, index);
    }
  }
}
