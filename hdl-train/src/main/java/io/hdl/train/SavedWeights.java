package io.hdl.train;

import ai.djl.ndarray.types.Shape;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.train.checkpoint.Safetensors;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** The weights of a saved forecaster, held against those that its model has. */
final class SavedWeights {
  private SavedWeights() {}

  /** All weights of a model one after the other, in the order of its shapes. */
  static float[] flat(Path file, Safetensors content, Map<String, Shape> shapes) {
    if (!content.tensors().keySet().equals(shapes.keySet())) {
      throw corrupt(
          file, "it holds " + content.tensors().keySet() + ", the model has " + shapes.keySet());
    }
    int size = shapes.values().stream().mapToInt(shape -> Math.toIntExact(shape.size())).sum();
    float[] weights = new float[size];
    int offset = 0;
    for (Map.Entry<String, Shape> entry : shapes.entrySet()) {
      Safetensors.Tensor tensor = content.tensors().get(entry.getKey());
      List<Long> expected = Arrays.stream(entry.getValue().getShape()).boxed().toList();
      if (tensor == null || !tensor.shape().equals(expected)) {
        throw corrupt(
            file,
            entry.getKey()
                + " has the shape "
                + (tensor == null ? "none" : tensor.shape())
                + ", the model's is "
                + expected);
      }
      System.arraycopy(tensor.values(), 0, weights, offset, tensor.values().length);
      offset += tensor.values().length;
    }
    return weights;
  }

  static HdlException corrupt(Path file, String why) {
    return new HdlException(
        ErrorCode.CORRUPT_DATA,
        "Cannot load the weights of "
            + file
            + ": "
            + why
            + ". Restore the saved folder as a whole.");
  }
}
