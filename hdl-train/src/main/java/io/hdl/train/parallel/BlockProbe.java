package io.hdl.train.parallel;

import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.train.model.FlatParameters;
import io.hdl.train.model.ForecastInputs;
import io.hdl.train.model.WindowShape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks a Block for one forward pass, to see whether it fits before training begins. */
final class BlockProbe {
  private static final int WINDOWS = 2;

  private BlockProbe() {}

  /**
   * Refuses a Block whose output does not fit.
   *
   * @throws HdlException with {@link ErrorCode#INVALID_SETTINGS} that names both shapes, or the
   *     type of the values
   */
  static void require(
      ReplicaGroup.Task task, Block block, FlatParameters parameters, NDManager manager) {
    WindowShape window = task.window();
    Shape expected = new Shape(WINDOWS, window.horizon(), window.outputs());
    try (NDManager pass = manager.newSubManager()) {
      List<Shape> shapes = new ArrayList<>(Arrays.asList(ForecastInputs.shapes(window, WINDOWS)));
      if (task.model().readsLabel()) {
        shapes.add(new Shape(WINDOWS, window.horizon()));
      }
      NDList inputs = new NDList();
      shapes.forEach(shape -> inputs.add(pass.zeros(shape)));
      NDList output = forward(task, block, parameters, inputs, shapes);
      NDArray first = output.isEmpty() ? null : output.get(0);
      if (first == null || !first.getShape().equals(expected)) {
        throw refused(
            task,
            "gives "
                + (first == null ? "nothing" : first.getShape())
                + " for "
                + WINDOWS
                + " windows (expected: "
                + expected
                + ", windows by horizon by outputs of the loss "
                + task.loss().name()
                + ")",
            null);
      }
      if (first.getDataType() != DataType.FLOAT32) {
        throw refused(
            task, "gives values of type " + first.getDataType() + " (expected: float32)", null);
      }
    }
  }

  private static NDList forward(
      ReplicaGroup.Task task,
      Block block,
      FlatParameters parameters,
      NDList inputs,
      List<Shape> shapes) {
    try {
      return block.forward(parameters.reading(), inputs, false, null);
    } catch (EngineException | IllegalArgumentException | IndexOutOfBoundsException e) {
      throw refused(task, "fails on inputs of the shapes " + shapes + ": " + e.getMessage(), e);
    }
  }

  private static HdlException refused(
      ReplicaGroup.Task task, String what, @Nullable Throwable cause) {
    return new HdlException(
        ErrorCode.INVALID_SETTINGS,
        "Cannot train the model \""
            + task.model().name()
            + "\": its Block "
            + what
            + ". Give a Block that fits context, horizon and loss.",
        cause);
  }
}
