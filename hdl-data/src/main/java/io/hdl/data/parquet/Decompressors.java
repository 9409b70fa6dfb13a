package io.hdl.data.parquet;

import com.github.luben.zstd.Zstd;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.GZIPInputStream;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.compression.CompressionCodecFactory;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.xerial.snappy.Snappy;

/**
 * Decompression without Hadoop: none, snappy, gzip, zstd and raw LZ4. Stateless.
 *
 * <p>Every result is checked against the length that the page header gives.
 */
final class Decompressors implements CompressionCodecFactory {
  /** Fills an array from compressed bytes and returns how many bytes that made. */
  private interface Codec {
    int decompress(byte[] input, byte[] output) throws IOException;
  }

  @Override
  public BytesInputCompressor getCompressor(CompressionCodecName codecName) {
    throw new UnsupportedOperationException("Files are read here, not written");
  }

  @Override
  public BytesInputDecompressor getDecompressor(CompressionCodecName name) {
    return switch (name) {
      case UNCOMPRESSED -> new Whole(name, Decompressors::copy);
      case SNAPPY -> new Whole(name, Decompressors::snappy);
      case GZIP -> new Whole(name, Decompressors::gzip);
      case ZSTD -> new Whole(name, Decompressors::zstd);
      case LZ4_RAW -> new Whole(name, Decompressors::lz4);
      case LZO, BROTLI, LZ4 -> throw notRead(name.name());
    };
  }

  static HdlException notRead(String codec) {
    return new HdlException(
        ErrorCode.UNSUPPORTED_FEATURE,
        "Cannot read a data file that is compressed with "
            + codec
            + " (read are none, snappy, gzip, zstd and lz4_raw). Write the table with one of"
            + " those.");
  }

  private static int copy(byte[] input, byte[] output) throws IOException {
    if (input.length != output.length) {
      throw new IOException(input.length + " bytes instead of " + output.length);
    }
    System.arraycopy(input, 0, output, 0, input.length);
    return input.length;
  }

  private static int snappy(byte[] input, byte[] output) throws IOException {
    int length = Snappy.uncompressedLength(input);
    return length == output.length ? Snappy.uncompress(input, 0, input.length, output, 0) : length;
  }

  private static int gzip(byte[] input, byte[] output) throws IOException {
    try (GZIPInputStream stream = new GZIPInputStream(new ByteArrayInputStream(input))) {
      int length = stream.readNBytes(output, 0, output.length);
      return stream.read() < 0 ? length : length + 1;
    }
  }

  private static int lz4(byte[] input, byte[] output) throws IOException {
    ByteBuffer from = Memory.take(input.length);
    ByteBuffer to = Memory.take(output.length);
    try {
      Lz4.decompress(from.put(0, input), 0, input.length, to, output.length);
      to.get(0, output);
      return output.length;
    } catch (CorruptPage e) {
      throw new IOException(e.getMessage(), e);
    } finally {
      Memory.give(from);
      Memory.give(to);
    }
  }

  private static int zstd(byte[] input, byte[] output) throws IOException {
    long length = Zstd.decompressByteArray(output, 0, output.length, input, 0, input.length);
    if (Zstd.isError(length)) {
      throw new IOException("zstd: " + Zstd.getErrorName(length));
    }
    return (int) length;
  }

  @Override
  public void release() {}

  private static final class Whole implements BytesInputDecompressor {
    private final CompressionCodecName name;
    private final Codec codec;

    Whole(CompressionCodecName name, Codec codec) {
      this.name = name;
      this.codec = codec;
    }

    private byte[] decompress(byte[] input, int size) throws IOException {
      byte[] output = new byte[size];
      int length = size == 0 ? 0 : codec.decompress(input, output);
      if (length != size) {
        throw new IOException(
            "A page of " + size + " bytes, compressed with " + name + ", gave " + length);
      }
      return output;
    }

    @Override
    public BytesInput decompress(BytesInput bytes, int uncompressedSize) throws IOException {
      return BytesInput.from(decompress(bytes.toByteArray(), uncompressedSize));
    }

    @Override
    public void decompress(
        ByteBuffer input, int compressedSize, ByteBuffer output, int uncompressedSize)
        throws IOException {
      byte[] bytes = new byte[compressedSize];
      input.get(bytes);
      output.put(decompress(bytes, uncompressedSize));
    }

    @Override
    public void release() {}
  }
}
