package io.hdl.train.model;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDArrays;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.WindowBatch;
import io.hdl.train.loss.OwnedArrays;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * A batch of windows as tensors on a device: the model's inputs, and the label with its weights.
 * Values are scaled on the device.
 *
 * <p>On the CPU the tensors read the batch's own memory: the batch must stay as it is until the
 * manager they belong to is closed.
 *
 * @param inputs what the model reads
 * @param label the scaled target over the horizon, {@code [batch, horizon]}; 0 where missing
 * @param labelObserved {@code [batch, horizon]}: 1 where the label is observed, else 0
 * @param location what was taken off the target, {@code [batch, 1]}
 * @param scale what it was divided by, {@code [batch, 1]}
 */
public record WindowTensors(
    ForecastInputs inputs, NDArray label, NDArray labelObserved, NDArray location, NDArray scale) {
  /**
   * Makes the tensors.
   *
   * @param batch windows of a store with the features' channels
   * @param features which covariates and constants the model sees
   * @param scaler the scaler that the batch was gathered with
   * @param manager manager of the device; owns all tensors
   */
  public static WindowTensors of(
      WindowBatch batch, WindowFeatures features, Scaler scaler, NDManager manager) {
    return of(batch, new Rows(0, batch.size()), features, scaler, manager);
  }

  /**
   * Consecutive windows of a batch.
   *
   * @param from the first
   * @param count how many
   */
  public record Rows(int from, int count) {
    ByteBuffer of(ByteBuffer memory, int batchSize) {
      int bytes = memory.remaining() / batchSize;
      return memory.slice(from * bytes, count * bytes).order(ByteOrder.nativeOrder());
    }
  }

  /**
   * Makes the tensors of some of a batch's windows, at least one.
   *
   * @param rows which windows
   */
  public static WindowTensors of(
      WindowBatch batch, Rows rows, WindowFeatures features, Scaler scaler, NDManager manager) {
    int size = rows.count();
    int context = batch.context();
    int steps = context + batch.horizon();
    int channels = features.channels().size();
    ByteBuffer values = rows.of(batch.valueBytes(), batch.size());
    NDArray raw = manager.create(values, new Shape(size, steps, channels), DataType.FLOAT32);
    Shape perChannel = new Shape(size, 1, channels);
    NDArray location =
        manager.create(rows.of(batch.locationBytes(), batch.size()), perChannel, DataType.FLOAT32);
    NDArray scale =
        manager.create(rows.of(batch.scaleBytes(), batch.size()), perChannel, DataType.FLOAT32);
    NDArray noPast = manager.zeros(new Shape(size, context, 0));
    NDList parts = Functions.LOADED.apply(new NDList(raw, location, scale, noPast));
    NDArray filled = parts.get(0);
    Covariates covariates = covariates(features, raw, filled, noPast, manager);
    return new WindowTensors(
        new ForecastInputs(
            parts.get(1),
            parts.get(2),
            covariates.past(),
            covariates.known(),
            constants(batch, rows, features, scaler, manager)),
        parts.get(3),
        parts.get(4),
        parts.get(5),
        parts.get(6));
  }

  /** Loaded once per process, for all devices. */
  private static final class Functions {
    static final TorchFunctions LOADED =
        new TorchFunctions(
            WindowTensors.class,
            "window_tensors.pt",
            Engine.getEngine("PyTorch").newBaseManager(Device.cpu()));
  }

  private record Covariates(NDArray past, NDArray known) {}

  private static Covariates covariates(
      WindowFeatures features, NDArray raw, NDArray filled, NDArray noPast, NDManager manager) {
    int size = Math.toIntExact(raw.getShape().get(0));
    int steps = Math.toIntExact(raw.getShape().get(1));
    int context = Math.toIntExact(noPast.getShape().get(1));
    NDArray past = noPast;
    if (!features.past().isEmpty()) {
      String head = ":, :" + context;
      past = join(features.past(), raw.get(head), filled.get(head), size, context, manager);
    }
    if (features.known().isEmpty()) {
      return new Covariates(past, manager.zeros(new Shape(size, steps - context, 0)));
    }
    NDArray known = join(features.known(), raw, filled, size, steps, manager);
    return new Covariates(
        concat(known.get(":, :" + context), past), known.get(":, " + context + ":"));
  }

  private static NDArray constants(
      WindowBatch batch, Rows rows, WindowFeatures features, Scaler scaler, NDManager manager) {
    int size = rows.count();
    int count = features.constants().size();
    if (count == 0) {
      return manager.zeros(new Shape(size, 0));
    }
    float[] location = new float[count];
    float[] scale = new float[count];
    for (int c = 0; c < count; c++) {
      location[c] = scaler.constantLocation(c);
      scale[c] = scaler.constantScale(c);
    }
    ByteBuffer values = rows.of(batch.constantBytes(), batch.size());
    NDArray raw = manager.create(values, new Shape(size, 1, count), DataType.FLOAT32);
    NDArray scaled = raw.sub(OwnedArrays.of(manager, location)).div(OwnedArrays.of(manager, scale));
    NDArray filled = NDArrays.where(scaled.eq(scaled), scaled, scaled.zerosLike());
    return join(features.constantFeatures(), raw, filled, size, 1, manager).squeeze(1);
  }

  /** The features side by side, {@code [batch, steps, width]}. */
  private static NDArray join(
      List<WindowFeatures.Feature> features,
      NDArray raw,
      NDArray filled,
      int size,
      int steps,
      NDManager manager) {
    NDList parts = new NDList();
    for (int i = 0; i < features.size(); ) {
      WindowFeatures.Feature feature = features.get(i);
      int from = feature.index();
      if (feature.isEmbedded()) {
        NDArray code = raw.get(":, :, " + from + ":" + (from + 1));
        NDArray unknown = code.onesLike().mul(feature.categories());
        parts.add(NDArrays.where(code.eq(code), code, unknown));
        i++;
        continue;
      }
      if (feature.categories() > 0) {
        // A missing code is NaN and equals none of the numbers.
        NDArray codes = manager.arange(feature.categories()).toType(DataType.FLOAT32, false);
        NDArray one = raw.get(":, :, " + from + ":" + (from + 1)).eq(codes);
        parts.add(one.toType(DataType.FLOAT32, false));
        i++;
        continue;
      }
      int to = from;
      while (i < features.size()
          && features.get(i).categories() == 0
          && features.get(i).index() == to) {
        to++;
        i++;
      }
      parts.add(filled.get(":, :, " + from + ":" + to));
    }
    if (parts.isEmpty()) {
      return manager.zeros(new Shape(size, steps, 0));
    }
    return parts.size() == 1 ? parts.get(0) : NDArrays.concat(parts, 2);
  }

  private static NDArray concat(NDArray first, NDArray second) {
    if (first.size() == 0) {
      return second;
    }
    return second.size() == 0 ? first : NDArrays.concat(new NDList(first, second), 2);
  }
}
