package io.hdl.data.parquet;

import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.format.CompressionCodec;
import org.xerial.snappy.Snappy;
import org.xerial.snappy.SnappyError;

/**
 * Decompresses pages from direct memory to direct memory; the result has the length that the page's
 * header gives, or there is none. Belongs to one thread, which closes it.
 */
abstract class Codec implements AutoCloseable {
  /** How many times as large as the input the output can be, at most; 0 if there is no limit. */
  private final int maxRatio;

  Codec(int maxRatio) {
    this.maxRatio = maxRatio;
  }

  /**
   * The codec of a column chunk.
   *
   * @throws HdlException with {@link ErrorCode#UNSUPPORTED_FEATURE} for one that is not read
   */
  static Codec of(CompressionCodec name) {
    return switch (name) {
      case UNCOMPRESSED -> new None();
      case SNAPPY -> new SnappyCodec();
      case GZIP -> new Gzip();
      case ZSTD -> new Zstd();
      case LZ4_RAW -> new Lz4Raw();
      case LZO, BROTLI, LZ4 -> throw Decompressors.notRead(name.name());
    };
  }

  /** Whether pages are stored as they are. */
  boolean isNone() {
    return false;
  }

  /**
   * Checks that so many bytes can become so many, before memory is reserved for them.
   *
   * @throws CorruptPage if not
   */
  final void check(int compressed, int uncompressed) {
    if (maxRatio > 0 && uncompressed > 64L + (long) maxRatio * compressed) {
      throw new CorruptPage(compressed + " compressed bytes cannot make a page of " + uncompressed);
    }
  }

  /**
   * Decompresses bytes to the start of a buffer.
   *
   * @param size number of bytes that must come out; the buffer has room for {@link Memory#SLACK}
   *     more
   */
  abstract void decompress(ByteBuffer input, int from, int to, ByteBuffer output, int size);

  @Override
  public void close() {}

  static CorruptPage wrongSize(long size, int expected) {
    return new CorruptPage("a page decompresses to " + size + " bytes instead of " + expected);
  }

  private static final class None extends Codec {
    None() {
      super(1);
    }

    @Override
    boolean isNone() {
      return true;
    }

    @Override
    void decompress(ByteBuffer input, int from, int to, ByteBuffer output, int size) {
      if (to - from != size) {
        throw wrongSize(to - from, size);
      }
      output.put(0, input, from, size);
    }
  }

  private static final class SnappyCodec extends Codec {
    SnappyCodec() {
      super(64);
    }

    @Override
    void decompress(ByteBuffer input, int from, int to, ByteBuffer output, int size) {
      try {
        input.limit(to).position(from);
        // The library writes as many bytes as the stream announces, whatever the room.
        int announced = Snappy.uncompressedLength(input);
        if (announced != size) {
          throw wrongSize(announced, size);
        }
        output.clear();
        int made = Snappy.uncompress(input, output);
        if (made != size) {
          throw wrongSize(made, size);
        }
      } catch (IOException | SnappyError e) {
        throw new CorruptPage("a page cannot be decompressed (" + e.getMessage() + ")", e);
      } finally {
        input.clear();
        output.clear();
      }
    }
  }

  private static final class Zstd extends Codec {
    private final ZstdDecompressCtx context = new ZstdDecompressCtx();

    Zstd() {
      super(0);
    }

    @Override
    void decompress(ByteBuffer input, int from, int to, ByteBuffer output, int size) {
      try {
        int made = context.decompressDirectByteBuffer(output, 0, size, input, from, to - from);
        if (made != size) {
          throw wrongSize(made, size);
        }
      } catch (ZstdException e) {
        throw new CorruptPage("a page cannot be decompressed (" + e.getMessage() + ")", e);
      }
    }

    @Override
    public void close() {
      context.close();
    }
  }

  private static final class Lz4Raw extends Codec {
    Lz4Raw() {
      super(256);
    }

    @Override
    void decompress(ByteBuffer input, int from, int to, ByteBuffer output, int size) {
      Lz4.decompress(input, from, to, output, size);
    }
  }
}
