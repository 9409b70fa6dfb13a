package io.hdl.train.checkpoint;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.core.storage.AtomicPublish;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the last state of one training in a folder. The file is replaced atomically: a crash leaves
 * the state before or the state after.
 */
public final class Checkpoints {
  private static final String FILE = "last.safetensors";
  private static final String PROGRESS = "progress";
  private static final String CHECKSUM = "crc32c";
  private static final String OPTIMIZER = "optimizer.";

  private static final int CHUNK_FLOATS = 1 << 16;

  private final Path file;

  /** The checkpoints of a folder, which need not exist yet. */
  public Checkpoints(Path folder) {
    this.file = folder.resolve(FILE);
  }

  /** Where the last state lies. */
  public Path file() {
    return file;
  }

  /**
   * Replaces the last state; it is on the disk when this method returns.
   *
   * @throws HdlException if it cannot be written; the state before stays
   */
  public void write(TrainingState state) {
    Map<String, Safetensors.Tensor> tensors = new LinkedHashMap<>();
    tensors.put("weights", Safetensors.Tensor.of(state.weights()));
    state
        .optimizer()
        .forEach((name, values) -> tensors.put(OPTIMIZER + name, Safetensors.Tensor.of(values)));
    tensors.put("best_weights", Safetensors.Tensor.of(state.bestWeights()));
    String progress = Json.write(state.progress());
    Map<String, String> metadata =
        Map.of(PROGRESS, progress, CHECKSUM, checksum(progress, tensors.values()));
    AtomicPublish.file(file, new Safetensors(tensors, metadata)::writeTo);
  }

  /**
   * The last state, if there is one.
   *
   * @throws HdlException with {@link ErrorCode#CORRUPT_DATA} if the file is damaged
   */
  public Optional<TrainingState> read() {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    Safetensors content = content();
    String progress = content.metadata().get(PROGRESS);
    if (progress == null) {
      throw corrupt("it lacks the progress of the training", null);
    }
    if (!checksum(progress, content.tensors().values()).equals(content.metadata().get(CHECKSUM))) {
      throw corrupt("its checksum is not that of its content", null);
    }
    return Optional.of(
        new TrainingState(
            Json.read(progress, TrainingState.Progress.class, file.toString()),
            values(content, "weights"),
            optimizer(content),
            values(content, "best_weights")));
  }

  private static Map<String, float[]> optimizer(Safetensors content) {
    Map<String, float[]> arrays = new LinkedHashMap<>();
    content
        .tensors()
        .forEach(
            (name, tensor) -> {
              if (name.startsWith(OPTIMIZER)) {
                arrays.put(name.substring(OPTIMIZER.length()), tensor.values());
              }
            });
    return arrays;
  }

  private float[] values(Safetensors content, String name) {
    Safetensors.Tensor tensor = content.tensors().get(name);
    if (tensor == null) {
      throw corrupt("it lacks " + name, null);
    }
    return tensor.values();
  }

  private Safetensors content() {
    try {
      return Safetensors.read(file);
    } catch (HdlException e) {
      throw e.code() == ErrorCode.CORRUPT_DATA ? corrupt("it is damaged", e) : e;
    }
  }

  private static String checksum(String progress, Collection<Safetensors.Tensor> tensors) {
    CRC32C sum = new CRC32C();
    sum.update(progress.getBytes(StandardCharsets.UTF_8));
    for (Safetensors.Tensor tensor : tensors) {
      float[] values = tensor.values();
      for (int from = 0; from < values.length; from += CHUNK_FLOATS) {
        int count = Math.min(CHUNK_FLOATS, values.length - from);
        ByteBuffer bytes = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values, from, count);
        sum.update(bytes);
      }
    }
    return Long.toHexString(sum.getValue());
  }

  /** A run that fails is not continued, so that the next one is a new run. */
  private HdlException corrupt(String why, @Nullable HdlException cause) {
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot continue from the checkpoint "
            + file
            + ": "
            + why
            + ". Run the job again: it begins a new run, from the start.",
        cause);
  }
}
