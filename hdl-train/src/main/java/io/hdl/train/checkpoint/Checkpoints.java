package io.hdl.train.checkpoint;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import io.hdl.core.storage.AtomicPublish;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps the last state of one training in a folder. The file is replaced atomically: a crash leaves
 * the state before or the state after.
 */
public final class Checkpoints {
  private static final String FILE = "last.safetensors";
  private static final String PROGRESS = "progress";

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
    tensors.put("first_moment", Safetensors.Tensor.of(state.firstMoment()));
    tensors.put("second_moment", Safetensors.Tensor.of(state.secondMoment()));
    tensors.put("best_weights", Safetensors.Tensor.of(state.bestWeights()));
    Map<String, String> metadata = Map.of(PROGRESS, Json.write(state.progress()));
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
    Safetensors content = Safetensors.read(file);
    String progress = content.metadata().get(PROGRESS);
    if (progress == null) {
      throw corrupt("the progress of the training");
    }
    return Optional.of(
        new TrainingState(
            Json.read(progress, TrainingState.Progress.class, file.toString()),
            values(content, "weights"),
            values(content, "first_moment"),
            values(content, "second_moment"),
            values(content, "best_weights")));
  }

  private float[] values(Safetensors content, String name) {
    Safetensors.Tensor tensor = content.tensors().get(name);
    if (tensor == null) {
      throw corrupt(name);
    }
    return tensor.values();
  }

  private HdlException corrupt(String missing) {
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot continue from "
            + file
            + ": it lacks "
            + missing
            + ". Remove the file to train from the start.");
  }
}
