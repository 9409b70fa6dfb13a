package io.hdl.train.checkpoint;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.core.storage.FileFailure;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Named float32 arrays and texts in one file, in the safetensors format (Hugging Face, "Safetensors
 * file format", version 1): eight bytes of header length, a JSON header, the values, all little
 * endian. Python reads such files with {@code safetensors.numpy.load_file}.
 *
 * @param tensors the arrays by name
 * @param metadata texts by name
 */
public record Safetensors(Map<String, Tensor> tensors, Map<String, String> metadata) {
  private static final String METADATA = "__metadata__";
  private static final String DTYPE = "F32";
  private static final int CHUNK_FLOATS = 1 << 16;
  private static final long MAX_HEADER_BYTES = 100_000_000;

  /** Copies the maps and keeps their order; the arrays are not copied. */
  public Safetensors {
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
    metadata = Collections.unmodifiableMap(new LinkedHashMap<>(metadata));
  }

  /**
   * One array; its values are not copied.
   *
   * @param shape length of each axis; empty for a scalar
   * @param values the values, the last axis fastest
   */
  @SuppressWarnings("ArrayRecordComponent") // carried, never compared
  public record Tensor(List<Long> shape, float[] values) {
    /** Checks that the shape fits the values. */
    public Tensor {
      shape = List.copyOf(shape);
      long size = shape.stream().reduce(1L, Math::multiplyExact);
      if (size != values.length) {
        throw new IllegalArgumentException(
            "values: " + values.length + " (expected: " + size + " for the shape " + shape + ")");
      }
    }

    /** An array of one axis. */
    public static Tensor of(float[] values) {
      return new Tensor(List.of((long) values.length), values);
    }
  }

  /** Writes the file's content. */
  public void writeTo(OutputStream out) throws IOException {
    Map<String, Object> header = new LinkedHashMap<>();
    if (!metadata.isEmpty()) {
      header.put(METADATA, metadata);
    }
    long offset = 0;
    for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
      long end = offset + (long) entry.getValue().values().length * Float.BYTES;
      Map<String, Object> about = new LinkedHashMap<>();
      about.put("dtype", DTYPE);
      about.put("shape", entry.getValue().shape());
      about.put("data_offsets", List.of(offset, end));
      header.put(entry.getKey(), about);
      offset = end;
    }
    byte[] json = Json.write(header).getBytes(StandardCharsets.UTF_8);
    // Blanks bring the values to a multiple of eight bytes.
    byte[] padded = Arrays.copyOf(json, (json.length + 7) / 8 * 8);
    Arrays.fill(padded, json.length, padded.length, (byte) ' ');
    out.write(little(Long.BYTES).putLong(padded.length).array());
    out.write(padded);
    for (Tensor tensor : tensors.values()) {
      for (int from = 0; from < tensor.values().length; from += CHUNK_FLOATS) {
        int count = Math.min(CHUNK_FLOATS, tensor.values().length - from);
        byte[] bytes = new byte[count * Float.BYTES];
        ByteBuffer.wrap(bytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .asFloatBuffer()
            .put(tensor.values(), from, count);
        out.write(bytes);
      }
    }
  }

  /**
   * Reads a file that holds float32 arrays alone.
   *
   * @throws HdlException with {@link ErrorCode#NOT_FOUND} if there is no such file, with {@link
   *     ErrorCode#CORRUPT_DATA} if it is not such a file
   */
  public static Safetensors read(Path file) {
    try (FileChannel channel = FileChannel.open(file)) {
      long size = channel.size();
      long headerBytes = size < Long.BYTES ? -1 : bytes(channel, 0, Long.BYTES, file).getLong();
      if (headerBytes < 2 || headerBytes > Math.min(size - Long.BYTES, MAX_HEADER_BYTES)) {
        throw corrupt(file, "it does not begin with the length of a header");
      }
      ByteBuffer json = bytes(channel, Long.BYTES, (int) headerBytes, file);
      Map<String, Object> header =
          Json.readObject(StandardCharsets.UTF_8.decode(json).toString(), file.toString());
      long start = Long.BYTES + headerBytes;
      Map<String, Tensor> tensors = new LinkedHashMap<>();
      Map<String, String> metadata = new LinkedHashMap<>();
      for (Map.Entry<String, Object> entry : header.entrySet()) {
        if (entry.getKey().equals(METADATA)) {
          ((Map<?, ?>) entry.getValue()).forEach((k, v) -> metadata.put((String) k, (String) v));
        } else {
          Map<?, ?> about = (Map<?, ?>) entry.getValue();
          tensors.put(entry.getKey(), tensor(channel, start, entry.getKey(), about, file));
        }
      }
      return new Safetensors(tensors, metadata);
    } catch (ClassCastException | NullPointerException | IllegalArgumentException e) {
      throw corrupt(file, "its header does not describe float32 arrays: " + e.getMessage());
    } catch (IOException e) {
      throw FileFailure.of("read", file, e);
    }
  }

  private static Tensor tensor(
      FileChannel channel, long start, String name, Map<?, ?> about, Path file) throws IOException {
    if (!DTYPE.equals(about.get("dtype"))) {
      throw corrupt(
          file, "array " + name + " holds " + about.get("dtype") + " (expected: " + DTYPE + ")");
    }
    List<Long> shape = longs(about.get("shape"));
    List<Long> offsets = longs(about.get("data_offsets"));
    long from = offsets.get(0);
    long length = offsets.get(1) - from;
    if (from < 0 || length < 0 || start + from + length > channel.size()) {
      throw corrupt(file, "array " + name + " ends behind the end of the file");
    }
    ByteBuffer bytes = bytes(channel, start + from, Math.toIntExact(length), file);
    float[] values = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(values);
    return new Tensor(shape, values);
  }

  private static List<Long> longs(@Nullable Object list) {
    return ((List<?>) Objects.requireNonNull(list, "shape or data_offsets"))
        .stream().map(number -> ((Number) number).longValue()).toList();
  }

  private static ByteBuffer bytes(FileChannel channel, long from, int length, Path file)
      throws IOException {
    ByteBuffer bytes = little(length);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw corrupt(file, "it ends too early");
      }
    }
    return bytes.flip();
  }

  private static ByteBuffer little(int length) {
    return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static HdlException corrupt(Path file, String why) {
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot read " + file + " as safetensors: " + why + ". Restore the file.");
  }
}
