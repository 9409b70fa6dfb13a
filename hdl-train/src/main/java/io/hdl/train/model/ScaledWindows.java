package io.hdl.train.model;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.hdl.data.series.Scaler;
import io.hdl.data.series.WindowBatch;
import io.hdl.train.loss.LossTensors;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tensors of batch after batch for a training on one device. On a GPU values are scaled there,
 * as {@link WindowTensors} does. On the CPU they are scaled in Java, into arrays that are lent for
 * a pass and used again for the next one: the calls into the engine that a small model's step would
 * spend more time on than on its arithmetic are left out. Not thread-safe; belongs to the thread of
 * the replica that it feeds.
 */
public final class ScaledWindows implements AutoCloseable {
  /** More numbers of windows than a training's micro-batches come with. */
  private static final int MAX_SIZES = 8;

  private final WindowFeatures features;
  private final Scaler scaler;
  private final double lossUnit;
  private final NDManager manager;
  private final Map<Integer, HostWindows> bySize = new HashMap<>();

  /**
   * Nothing is made yet.
   *
   * @param features which covariates and constants the model sees
   * @param scaler the scaler that batches are gathered with
   * @param lossUnit if more than 0: labels weigh as much as their window's scale divided by this
   *     number; if 0: all observed labels weigh 1
   * @param parent manager of the device
   */
  public ScaledWindows(WindowFeatures features, Scaler scaler, double lossUnit, NDManager parent) {
    this.features = features;
    this.scaler = scaler;
    this.lossUnit = lossUnit;
    this.manager = parent.newSubManager();
  }

  /** Tensors for one pass; they go back when this is closed, before the pass's manager is. */
  public static final class Loan implements AutoCloseable {
    private final WindowTensors tensors;
    private final NDArray weight;
    private final LossTensors.Weights weights;
    private final @Nullable HostWindows owner;

    private Loan(
        WindowTensors tensors,
        NDArray weight,
        LossTensors.Weights weights,
        @Nullable HostWindows owner) {
      this.tensors = tensors;
      this.weight = weight;
      this.weights = weights;
      this.owner = owner;
    }

    /** The tensors; valid until this is closed. */
    public WindowTensors tensors() {
      return tensors;
    }

    /** How much each label counts, {@code [batch, horizon]}; 0 where not observed. */
    public NDArray weight() {
      return weight;
    }

    /** What is known of the weights. */
    public LossTensors.Weights weights() {
      return weights;
    }

    @Override
    public void close() {
      if (owner != null) {
        owner.takeBack();
      }
    }
  }

  /**
   * Lends the tensors of some of a batch's windows, at least one. One loan at a time.
   *
   * @param rows which windows; the batch must stay as it is until the loan is closed
   * @param pass owns the tensors meanwhile, and what is computed from them
   */
  public Loan lend(WindowBatch batch, WindowTensors.Rows rows, NDManager pass) {
    if (manager.getDevice().isGpu()) {
      WindowTensors tensors = WindowTensors.of(batch, rows, features, scaler, pass);
      NDArray observed = tensors.labelObserved();
      NDArray weight = lossUnit > 0 ? observed.mul(tensors.scale().div(lossUnit)) : observed;
      return new Loan(tensors, weight, LossTensors.Weights.ANY, null);
    }
    HostWindows windows = bySize.get(rows.count());
    if (windows == null || !windows.isComplete()) {
      if (windows != null || bySize.size() >= MAX_SIZES) {
        bySize.values().forEach(HostWindows::close);
        bySize.clear();
      }
      windows = new HostWindows(batch, rows.count(), features, scaler, lossUnit, manager);
      bySize.put(rows.count(), windows);
    }
    windows.fill(batch, rows.from());
    return new Loan(windows.lend(pass), windows.weight(), windows.weights(), windows);
  }

  @Override
  public void close() {
    manager.close();
  }
}
