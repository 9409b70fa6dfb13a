package io.hdl.data.parquet;

import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Decompresses gzip (RFC 1952): one member or several after another, each with its checksum. */
final class Gzip extends Codec {
  private static final int HEADER = 10;
  private static final int TRAILER = 8;

  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();

  Gzip() {
    super(1100);
  }

  @Override
  void decompress(ByteBuffer input, int from, int to, ByteBuffer output, int size) {
    try {
      int in = from;
      int out = 0;
      do {
        in = header(input, in, to);
        inflater.reset();
        input.limit(to).position(in);
        inflater.setInput(input);
        output.limit(size).position(out);
        // A full output gives 0 without an end: the member holds more than it should.
        while (!inflater.finished()) {
          if (inflater.inflate(output) == 0 && !inflater.finished()) {
            throw new CorruptPage("a gzip member ends too early or is too long");
          }
        }
        in = input.position();
        trailer(input, in, to, output, out);
        in += TRAILER;
        out = output.position();
      } while (in < to);
      if (out != size) {
        throw wrongSize(out, size);
      }
    } catch (DataFormatException e) {
      throw new CorruptPage("a page cannot be decompressed (" + e.getMessage() + ")", e);
    } finally {
      input.clear();
      output.clear();
    }
  }

  private static int header(ByteBuffer input, int from, int to) {
    if (to - from < HEADER || input.getShort(from) != (short) 0x8B1F || input.get(from + 2) != 8) {
      throw new CorruptPage("a page does not begin like gzip");
    }
    int flags = input.get(from + 3);
    int in = from + HEADER;
    if ((flags & 4) != 0) {
      in += to - in < 2 ? 2 : 2 + Short.toUnsignedInt(input.getShort(in));
    }
    for (int text = flags & 0x18; text != 0; text &= text - 1) {
      while (in < to && input.get(in) != 0) {
        in++;
      }
      in++;
    }
    in += (flags & 2) != 0 ? 2 : 0;
    if (in > to) {
      throw new CorruptPage("a gzip member ends too early");
    }
    return in;
  }

  private void trailer(ByteBuffer input, int in, int to, ByteBuffer output, int start) {
    if (to - in < TRAILER) {
      throw new CorruptPage("a gzip member ends too early");
    }
    input.clear();
    int end = output.position();
    crc.reset();
    crc.update(output.position(start).limit(end));
    if ((int) crc.getValue() != input.getInt(in) || end - start != input.getInt(in + 4)) {
      throw new CorruptPage("a gzip member fails its checksum");
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
