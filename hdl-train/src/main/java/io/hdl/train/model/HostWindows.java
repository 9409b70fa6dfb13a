package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.WindowBatch;
import io.hdl.train.loss.LossTensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * {@link WindowTensors} of so many windows in the CPU's memory, filled again and again by plain
 * loops. The memory is the engine's own, so that a gradient may pass through what lies in it; it is
 * written between passes alone.
 */
final class HostWindows implements AutoCloseable {
  /** An array of the engine and its memory. */
  private record Slot(NDArray array, FloatBuffer memory) {
    void put(int row, float[] values, int from, int length) {
      if (length > 0) {
        memory.put(row * length, values, from, length);
      }
    }
  }

  private final int rows;
  private final int context;
  private final int steps;
  private final int channels;
  private final float lossUnit;
  private final NDManager manager;
  private final List<Slot> slots = new ArrayList<>();
  private final Slot target;
  private final Slot observed;
  private final Slot past;
  private final Slot known;
  private final Slot constants;
  private final Slot label;
  private final Slot labelObserved;
  private final Slot location;
  private final Slot scale;
  private final Slot weight;
  private final WindowTensors tensors;
  private boolean allObserved;

  // One window at a time.
  private final float[] raw;
  private final float[] scaled;
  private final float[] seen;
  private final float[] one = new float[1];
  private final float[] locationOf;
  private final float[] scaleOf;
  private final float[] weights;
  private final float[] rawConstants;
  private final float[] constantLocation;
  private final float[] constantScale;
  private final FeatureCodes pastCodes;
  private final FeatureCodes knownCodes;
  private final FeatureCodes constantCodes;

  /**
   * Arrays of zeros.
   *
   * @param like a batch with the context, horizon and channels of all that follow
   * @param rows number of windows
   * @param lossUnit what a window's scale is divided by to weigh its labels; 0 to weigh all alike
   * @param manager owns the arrays between passes
   */
  HostWindows(
      WindowBatch like,
      int rows,
      WindowFeatures features,
      Scaler scaler,
      double lossUnit,
      NDManager manager) {
    this.rows = rows;
    this.manager = manager;
    this.lossUnit = (float) lossUnit;
    context = like.context();
    int horizon = like.horizon();
    steps = context + horizon;
    channels = features.channels().size();
    WindowShape shape = features.shape(context, horizon, 1);
    target = slot(context);
    observed = slot(context);
    past = slot(context, shape.pastFeatures());
    known = slot(horizon, shape.knownFeatures());
    constants = slot(shape.constants());
    label = slot(horizon);
    labelObserved = slot(horizon);
    location = slot(1);
    scale = slot(1);
    weight = lossUnit > 0 ? slot(horizon) : labelObserved;
    tensors =
        new WindowTensors(
            new ForecastInputs(
                target.array(), observed.array(), past.array(), known.array(), constants.array()),
            label.array(),
            labelObserved.array(),
            location.array(),
            scale.array());
    raw = new float[steps * channels];
    scaled = new float[steps];
    seen = new float[steps];
    locationOf = new float[channels];
    scaleOf = new float[channels];
    weights = new float[horizon];
    int count = features.constants().size();
    rawConstants = new float[count];
    constantLocation = new float[count];
    constantScale = new float[count];
    for (int c = 0; c < count; c++) {
      constantLocation[c] = scaler.constantLocation(c);
      constantScale[c] = scaler.constantScale(c);
    }
    // The past begins with the known covariates.
    pastCodes = new FeatureCodes(List.of(features.known(), features.past()), context);
    knownCodes = new FeatureCodes(List.of(features.known()), horizon);
    constantCodes = new FeatureCodes(List.of(features.constantFeatures()), 1);
  }

  private Slot slot(int... shapeOfRow) {
    long[] shape = new long[shapeOfRow.length + 1];
    shape[0] = rows;
    for (int i = 0; i < shapeOfRow.length; i++) {
      shape[i + 1] = shapeOfRow[i];
    }
    NDArray array = manager.zeros(new Shape(shape));
    ByteBuffer bytes = array.size() == 0 ? ByteBuffer.allocate(0) : array.toByteBuffer(true);
    if (bytes.capacity() > 0 && !bytes.isDirect()) {
      throw new IllegalStateException("memory of an array: a copy (expected: the array's own)");
    }
    Slot slot = new Slot(array, bytes.order(ByteOrder.nativeOrder()).asFloatBuffer());
    slots.add(slot);
    return slot;
  }

  /** Whether all arrays are still there: a Block may have closed its inputs. */
  boolean isComplete() {
    for (Slot slot : slots) {
      if (slot.array().isReleased()) {
        return false;
      }
    }
    return true;
  }

  /** Fills the arrays with a batch's windows from one on. */
  void fill(WindowBatch batch, int from) {
    FloatBuffer values = batch.values();
    FloatBuffer locations = batch.location();
    FloatBuffer scales = batch.scale();
    FloatBuffer constantValues = batch.constants();
    allObserved = true;
    for (int row = 0; row < rows; row++) {
      int window = from + row;
      values.get(window * raw.length, raw);
      locations.get(window * channels, locationOf);
      scales.get(window * channels, scaleOf);
      target(row);
      past.put(row, pastCodes.of(raw, 0, locationOf, scaleOf), 0, pastCodes.size());
      known.put(row, knownCodes.of(raw, context, locationOf, scaleOf), 0, knownCodes.size());
      if (constantCodes.size() > 0) {
        constantValues.get(window * rawConstants.length, rawConstants);
        float[] codes = constantCodes.of(rawConstants, 0, constantLocation, constantScale);
        constants.put(row, codes, 0, constantCodes.size());
      }
    }
  }

  private void target(int row) {
    scaleTarget();
    fillGaps();
    int horizon = steps - context;
    target.put(row, scaled, 0, context);
    observed.put(row, seen, 0, context);
    label.put(row, scaled, context, horizon);
    labelObserved.put(row, seen, context, horizon);
    one[0] = locationOf[0];
    location.put(row, one, 0, 1);
    one[0] = scaleOf[0];
    scale.put(row, one, 0, 1);
    if (lossUnit > 0) {
      float factor = scaleOf[0] / lossUnit;
      for (int step = 0; step < horizon; step++) {
        weights[step] = seen[context + step] * factor;
      }
      weight.put(row, weights, 0, horizon);
    }
  }

  private void scaleTarget() {
    float off = locationOf[0];
    float by = scaleOf[0];
    if (channels == 1) {
      for (int step = 0; step < steps; step++) {
        scaled[step] = (raw[step] - off) / by;
      }
      return;
    }
    for (int step = 0; step < steps; step++) {
      scaled[step] = (raw[step * channels] - off) / by;
    }
  }

  /** A gap in the context holds the mean of what is observed there, one in the horizon 0. */
  private void fillGaps() {
    int gaps = 0;
    for (int step = 0; step < steps; step++) {
      gaps += Float.isNaN(scaled[step]) ? 1 : 0;
    }
    Arrays.fill(seen, 1);
    if (gaps == 0) {
      return;
    }
    double sum = 0;
    int count = 0;
    for (int step = 0; step < steps; step++) {
      if (Float.isNaN(scaled[step])) {
        seen[step] = 0;
        scaled[step] = 0;
        allObserved &= step < context;
      } else if (step < context) {
        sum += scaled[step];
        count++;
      }
    }
    float mean = (float) (sum / Math.max(1, count));
    for (int step = 0; step < context; step++) {
      if (seen[step] == 0) {
        scaled[step] = mean;
      }
    }
  }

  /** Hands the arrays to a pass, so that what is computed from them belongs to it. */
  WindowTensors lend(NDManager pass) {
    for (Slot slot : slots) {
      slot.array().attach(pass);
    }
    return tensors;
  }

  /** How much each label counts, {@code [batch, horizon]}. */
  NDArray weight() {
    return weight.array();
  }

  /** What is known of them. */
  LossTensors.Weights weights() {
    return allObserved && lossUnit == 0 ? LossTensors.Weights.ONES : LossTensors.Weights.ANY;
  }

  /** Takes the arrays back before the pass's manager closes them. */
  void takeBack() {
    for (Slot slot : slots) {
      if (!slot.array().isReleased()) {
        slot.array().attach(manager);
      }
    }
  }

  @Override
  public void close() {
    NDList all = new NDList();
    slots.forEach(slot -> all.add(slot.array()));
    all.close();
  }
}
