package io.hdl.benchmarks.peers;

import com.github.luben.zstd.Zstd;
import io.hdl.data.scan.FloatColumns;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.xerial.snappy.Snappy;

/**
 * Reads the pages of the columns and decompresses them, and does nothing with them: what no reader
 * on the same libraries can be faster than.
 */
final class Decompression {
  private static final int FOOTER_TAIL = 8;

  private Decompression() {}

  static long read(Path table, int threads, FloatColumns unused) throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.list(table)) {
      files = found.filter(file -> file.toString().endsWith(".parquet")).sorted().toList();
    }
    List<Callable<Long>> tasks = new ArrayList<>();
    long rows = 0;
    for (Path file : files) {
      FileMetaData footer = footer(file);
      rows += footer.getNum_rows();
      for (RowGroup group : footer.getRow_groups()) {
        for (ColumnChunk chunk : group.getColumns()) {
          ColumnMetaData column = chunk.getMeta_data();
          if (SalesColumns.NUMBERS.contains(column.getPath_in_schema().get(0))) {
            tasks.add(() -> decompress(file, column));
          }
        }
      }
    }
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    try {
      for (Future<Long> task : executor.invokeAll(tasks)) {
        task.get();
      }
    } catch (InterruptedException | ExecutionException e) {
      throw new IOException("Cannot decompress " + table, e);
    } finally {
      executor.shutdown();
    }
    return rows;
  }

  private static ByteBuffer read(Path file, long from, int length) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(length);
    try (FileChannel channel = FileChannel.open(file)) {
      while (bytes.hasRemaining()) {
        if (channel.read(bytes, from + bytes.position()) < 0) {
          throw new IOException(file + " is too short");
        }
      }
    }
    return bytes.flip();
  }

  private static FileMetaData footer(Path file) throws IOException {
    long size = Files.size(file);
    int length = Integer.reverseBytes(read(file, size - FOOTER_TAIL, FOOTER_TAIL).getInt(0));
    byte[] footer = new byte[length];
    read(file, size - FOOTER_TAIL - length, length).get(footer);
    return Util.readFileMetaData(new ByteArrayInputStream(footer));
  }

  private static long decompress(Path file, ColumnMetaData column) throws IOException {
    long from =
        column.isSetDictionary_page_offset() && column.getDictionary_page_offset() > 0
            ? column.getDictionary_page_offset()
            : column.getData_page_offset();
    ByteBuffer chunk = read(file, from, Math.toIntExact(column.getTotal_compressed_size()));
    ByteBuffer page = ByteBuffer.allocateDirect(1 << 16);
    long bytes = 0;
    while (chunk.hasRemaining()) {
      PageHeader header = header(chunk);
      ByteBuffer compressed = chunk.slice(chunk.position(), header.getCompressed_page_size());
      if (page.capacity() < header.getUncompressed_page_size()) {
        page = ByteBuffer.allocateDirect(2 * header.getUncompressed_page_size());
      }
      page.clear();
      bytes += decompress(column.getCodec(), compressed, page);
      chunk.position(chunk.position() + header.getCompressed_page_size());
    }
    return bytes;
  }

  private static PageHeader header(ByteBuffer chunk) {
    byte[] start = new byte[Math.min(1 << 12, chunk.remaining())];
    chunk.get(chunk.position(), start);
    ByteArrayInputStream in = new ByteArrayInputStream(start);
    try {
      PageHeader header = Util.readPageHeader(in);
      chunk.position(chunk.position() + start.length - in.available());
      return header;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long decompress(CompressionCodec codec, ByteBuffer from, ByteBuffer into)
      throws IOException {
    return switch (codec) {
      case SNAPPY -> Snappy.uncompress(from, into);
      case ZSTD ->
          Zstd.decompressDirectByteBuffer(into, 0, into.capacity(), from, 0, from.remaining());
      default -> throw new IOException("no tables of the comparison have " + codec);
    };
  }
}
