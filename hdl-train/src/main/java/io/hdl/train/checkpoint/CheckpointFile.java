package io.hdl.train.checkpoint;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.storage.AtomicPublish;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32C;

/**
 * One file of arrays and texts with a checksum over all of them: safetensors, whose metadata hold
 * the texts, so that one rename makes the whole file appear.
 */
final class CheckpointFile {
  private static final String CHECKSUM = "crc32c";
  private static final int CHUNK_FLOATS = 1 << 16;

  private CheckpointFile() {}

  /** Publishes the file and gives its checksum; it is on the disk then. */
  static String write(Path file, Map<String, float[]> arrays, Map<String, String> texts) {
    String checksum = checksum(arrays, texts);
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    arrays.forEach((name, values) -> tensors.put(name, Safetensors.Tensor.of(values)));
    Map<String, String> metadata = new LinkedHashMap<>(texts);
    metadata.put(CHECKSUM, checksum);
    AtomicPublish.file(file, new Safetensors(tensors, metadata)::writeTo);
    return checksum;
  }

  /**
   * What a file holds.
   *
   * @param checksum the checksum of the rest
   */
  record Content(Map<String, float[]> arrays, Map<String, String> texts, String checksum) {
    float[] array(String name) {
      float[] values = arrays.get(name);
      if (values == null) {
        throw corrupt("it lacks the array " + name);
      }
      return values;
    }

    String text(String name) {
      String text = texts.get(name);
      if (text == null) {
        throw corrupt("it lacks the text " + name);
      }
      return text;
    }
  }

  /**
   * Reads a file.
   *
   * @throws HdlException with {@link ErrorCode#CORRUPT_DATA} if it is damaged; the message says how
   */
  static Content read(Path file) {
    Safetensors content = content(file);
    Map<String, float[]> arrays = new LinkedHashMap<>();
    content.tensors().forEach((name, tensor) -> arrays.put(name, tensor.values()));
    Map<String, String> texts = new LinkedHashMap<>(content.metadata());
    String said = texts.remove(CHECKSUM);
    String checksum = checksum(arrays, texts);
    if (!checksum.equals(said)) {
      throw corrupt("its checksum is not that of its content");
    }
    return new Content(arrays, texts, checksum);
  }

  private static Safetensors content(Path file) {
    try {
      return Safetensors.read(file);
    } catch (HdlException e) {
      throw e.code() == ErrorCode.CORRUPT_DATA
          ? new HdlException(ErrorCode.CORRUPT_DATA, "it is damaged", e)
          : e;
    }
  }

  static HdlException corrupt(String why) {
    return new HdlException(ErrorCode.CORRUPT_DATA, why);
  }

  private static String checksum(Map<String, float[]> arrays, Map<String, String> texts) {
    CRC32C sum = new CRC32C();
    new TreeMap<>(texts).forEach((name, text) -> update(sum, name, text));
    arrays.forEach(
        (name, values) -> {
          update(sum, name, Integer.toString(values.length));
          update(sum, values);
        });
    return Long.toHexString(sum.getValue());
  }

  private static void update(CRC32C sum, String name, String text) {
    sum.update(name.getBytes(StandardCharsets.UTF_8));
    sum.update('=');
    sum.update(text.getBytes(StandardCharsets.UTF_8));
    sum.update('\n');
  }

  private static void update(CRC32C sum, float[] values) {
    int chunk = Math.min(CHUNK_FLOATS, values.length);
    ByteBuffer bytes = ByteBuffer.allocate(chunk * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int from = 0; from < values.length; from += CHUNK_FLOATS) {
      int count = Math.min(CHUNK_FLOATS, values.length - from);
      bytes.clear();
      bytes.asFloatBuffer().put(values, from, count);
      sum.update(bytes.limit(count * Float.BYTES));
    }
  }
}
